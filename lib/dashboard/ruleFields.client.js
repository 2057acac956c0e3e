import { h, newId } from './dom.client.js';
import { checkField, choiceField, field } from './field.client.js';
import { isShare } from './metrics.client.js';

const sides = { below: 'Falls below', above: 'Rises above' };
const bases = {
  number: 'a number',
  baseline: 'the baseline, by',
  reference: 'the reference, by',
  mean: 'the mean of the runs before, by',
};
const whenNothing = { keep: 'Changes nothing', ok: 'Counts as within it', firing: 'Counts as beyond it' };
const severities = { warning: 'Warning', critical: 'Critical' };

/** What is no number is sent as it is, for the API to say so. @param {{value: string}} input */
const numberIn = ({ value }) => {
  const text = value.trim();
  if (text === '') return undefined;
  return Number.isNaN(Number(text)) ? text : Number(text);
};

/** @param {string} name @param {unknown} value @param {string} label @param {string} hint */
const numberField = (name, value, label, hint) =>
  field({ name, inputmode: 'decimal', maxlength: 30, value: value ?? '' }, label, hint);

/** @param {Record<string, string>} known @param {string | undefined} value one that is in force, known or not */
const including = (known, value) =>
  value === undefined || value in known ? known : { ...known, [value]: value };

/** In how many runs. @param {any} rule */
const runFields = ({ for: runs }) => {
  const atLeast = numberField('at_least', runs?.at_least ?? 1, 'In at least', 'So many runs');
  const of = numberField('of', runs?.of ?? 1, 'Of the last', 'So many runs');
  return {
    element: h('div', { class: 'pair' }, atLeast.element, of.element),
    fields: { for: of, 'for.of': of, 'for.at_least': atLeast },
    values: () => ({ for: { of: numberIn(of.input), at_least: numberIn(atLeast.input) } }),
  };
};

/** Whose samples. @param {any} rule @param {string[]} names @param {any[]} parts of the newest run */
const segmentFields = ({ segment }, names, parts) => {
  const [[name, value] = ['', '']] = Object.entries(segment ?? {});
  const list = newId();
  const known = {
    '': 'All samples',
    ...Object.fromEntries(names.map((one) => [one, `Those of one ${one}`])),
  };
  const which = choiceField({ name: 'segment', value: name }, 'Samples', including(known, name || undefined));
  const valued = field(
    { name: 'segment_value', maxlength: 1000, value: value ?? '', list },
    'Which one',
    'A value of the segment; empty: all but the hundred largest',
  );
  const values = h('datalist', { id: list });
  const follow = () => {
    valued.element.hidden = which.input.value === '';
    values.replaceChildren(
      ...parts.flatMap((part) =>
        part.segment === which.input.value && part.value !== null ? h('option', { value: part.value }) : [],
      ),
    );
  };
  which.input.addEventListener('change', follow);
  follow();
  return {
    element: h('div', { class: 'pair' }, which.element, valued.element, values),
    fields: { segment: which },
    values: () => which.input.value && { segment: { [which.input.value]: valued.input.value || null } },
  };
};

/** What is beyond what. @param {any} rule @param {string[]} keys of metrics */
const boundFields = (rule, keys) => {
  const against = rule.below ?? rule.above;
  const base = typeof against === 'string' ? against : 'number';
  const metrics = Object.fromEntries(keys.map((key) => [key, key]));
  const metric = choiceField(
    { name: 'metric', value: rule.metric },
    'Metric',
    including(metrics, rule.metric),
  );
  const side = choiceField(
    { name: 'side', value: rule.above === undefined ? 'below' : 'above' },
    'Fires when it',
    sides,
  );
  const from = choiceField({ name: 'against', value: base }, 'Against', bases);
  const number = numberField('threshold', base === 'number' ? against : '', 'Threshold', '');
  const by = numberField('by', rule.by, 'By', 'How far beyond it');
  const last = numberField('last', rule.last, 'Runs', 'How many the mean is of, up to 100');
  const hint = number.element.querySelector('.hint');
  const follow = () => {
    const chosen = from.input.value;
    number.element.hidden = chosen !== 'number';
    by.element.hidden = chosen === 'number';
    last.element.hidden = chosen !== 'mean';
    if (hint) hint.textContent = isShare(metric.input.value) ? '0.8 is 80 %' : 'A number';
  };
  for (const { input } of [from, metric]) input.addEventListener('change', follow);
  follow();
  return {
    element: [
      metric.element,
      h('div', { class: 'pair' }, side.element, from.element),
      h('div', { class: 'pair' }, number.element, by.element, last.element),
    ],
    fields: { metric, below: number, above: number, by, last },
    /** Whether there is anything to try. */
    given: () => (number.element.hidden ? by : number).input.value.trim() !== '',
    values: () => {
      const chosen = from.input.value;
      const bound = chosen === 'number' ? (numberIn(number.input) ?? null) : chosen;
      return {
        metric: metric.input.value,
        [side.input.value]: bound,
        ...(chosen !== 'number' && { by: numberIn(by.input) }),
        ...(chosen === 'mean' && { last: numberIn(last.input) }),
      };
    },
  };
};

/** What a rule about a metric has besides. @param {any} rule @param {any} about */
const finerFields = (rule, { segments, parts }) => {
  const runs = runFields(rule);
  const segment = segmentFields(rule, segments, parts);
  const clear = numberField('clear', rule.clear, 'Over at', 'Back beyond this; empty: where it fires');
  const least = numberField('min_samples', rule.min_samples, 'Fewest samples', 'A run of fewer has no data');
  const nothing = choiceField(
    { name: 'no_data', value: rule.no_data ?? 'keep' },
    'A run without it',
    whenNothing,
  );
  const sure = checkField(
    { name: 'sure', checked: rule.sure },
    'Only if the whole 95 % interval is beyond it',
  );
  return {
    element: [
      runs.element,
      h('div', { class: 'pair' }, clear.element, least.element),
      segment.element,
      nothing.element,
      sure.element,
    ],
    fields: { ...runs.fields, ...segment.fields, clear, min_samples: least, no_data: nothing },
    values: () => ({
      ...runs.values(),
      ...segment.values(),
      clear: numberIn(clear.input),
      min_samples: numberIn(least.input),
      no_data: nothing.input.value,
      sure: sure.input.checked,
    }),
  };
};

const nothing = { element: [], fields: {}, values: () => ({}), given: () => true };

/**
 * The fields of a rule. One that every model has knows by itself what it is about.
 * @param {any} rule its definition
 * @param {'metric' | 'runs' | 'state'} kind what it is about
 * @param {{keys: string[], segments: string[], parts: any[]}} about the model
 */
export const ruleFields = (rule, kind, about) => {
  const severity = choiceField(
    { name: 'severity', value: rule.severity ?? 'warning' },
    'Severity',
    severities,
  );
  const enabled = checkField({ name: 'enabled', checked: rule.enabled ?? true }, 'Switched on');
  const bound = kind === 'metric' ? boundFields(rule, about.keys) : nothing;
  const finer = kind === 'metric' ? finerFields(rule, about) : kind === 'runs' ? runFields(rule) : nothing;
  return {
    simple: [bound.element, severity.element, enabled.element].flat(),
    more: [finer.element].flat(),
    fields: { ...bound.fields, ...finer.fields, severity },
    given: bound.given,
    values: () => ({
      ...bound.values(),
      ...finer.values(),
      severity: severity.input.value,
      enabled: enabled.input.checked,
    }),
  };
};
