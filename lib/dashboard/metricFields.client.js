import { h } from './dom.client.js';
import { choiceField, field } from './field.client.js';

const tasks = { classification: 'Classification', multilabel: 'Multilabel', regression: 'Regression' };

/** `fbeta(beta=2)` as the API has it. @param {string} text */
const metricOf = (text) => {
  const [, name, given] = /^([^(]*)\((.*)\)$/.exec(text) ?? [];
  if (name === undefined || given === undefined) return text;
  const params = given.split(/[;,]/).map((pair) => {
    const [param = '', value = ''] = pair.split('=').map((part) => part.trim());
    return [param, value === '' ? null : Number(value)];
  });
  return { name: name.trim(), ...Object.fromEntries(params) };
};

/** @param {string} text names with parameters in brackets, and commas between them */
export const metricsOf = (text) =>
  (text.match(/(?:[^,(]|\([^)]*\)?)+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(metricOf);

/** @param {string | {name: string}} metric */
const metricText = (metric) => {
  if (typeof metric === 'string') return metric;
  const { name, ...params } = metric;
  const given = Object.entries(params).map(([param, value]) => `${param}=${value}`);
  return given.length === 0 ? name : `${name}(${given.join(', ')})`;
};

/** A number, true or false as such, all else a text; quotes make one of anything. @param {string} text */
export const labelOf = (text) => {
  if (text === '') return null;
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' ? text : value;
  } catch {
    return text;
  }
};

/** @param {string | number | boolean | null | undefined} label */
const labelText = (label) => {
  if (label === null || label === undefined) return '';
  const text = String(label);
  return labelOf(text) === label ? text : JSON.stringify(label);
};

/** What is computed: the task, its metrics, and the positive class. @param {any} start a schedule, if there is one */
export const metricFields = (start) => {
  const task = choiceField({ name: 'task', value: start.task ?? 'classification' }, 'Task', tasks);
  const metrics = field(
    {
      name: 'metrics',
      rows: 3,
      required: true,
      maxlength: 2000,
    },
    'Metrics',
    'Names of scikit-learn, such as accuracy, f1_macro, fbeta(beta=2)',
    ': ',
  );
  metrics.input.value = (start.metrics ?? ['accuracy']).map(metricText).join(', ');
  const positive = field(
    { name: 'pos_label', maxlength: 200, value: labelText(start.pos_label) },
    'Positive class',
    'For precision, recall, f1 and scores of two classes; empty: 1',
  );
  return {
    element: h('div', { class: 'metric-fields' }, task.element, metrics.element, positive.element),
    fields: { task, metrics, pos_label: positive },
    values: () => ({
      task: task.input.value,
      metrics: metricsOf(metrics.input.value),
      pos_label: labelOf(positive.input.value.trim()),
    }),
  };
};
