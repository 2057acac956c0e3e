import { findMetric, metricsOf } from './catalogue';
import { compareLabels } from './counts/confusion';
import type { Label } from './decode/labels';
import { labelText, listLabels } from './labelText';
import type { AnyMetric, Param, Task } from './metric';

export type LabelSetting = string | number | boolean;

/** A metric by its name, or with parameters: `{"name": "fbeta", "beta": 2}`. */
export type MetricSetting = string | { name: string; [param: string]: unknown };

/** What a schedule says about its metrics. */
export interface MetricSettings {
  task: Task;
  metrics: readonly MetricSetting[];
  /** What `precision` and the like, and single scores, are about. Without it: what scikit-learn takes. */
  pos_label?: LabelSetting | undefined;
  /** All classes, whether a batch has them or not; of a multilabel task the names of the columns. */
  labels?: readonly LabelSetting[] | undefined;
}

export interface AskedMetric {
  /** The name, then each parameter that is not as usual: `fbeta_2`, `top_k_accuracy_5`. */
  key: string;
  metric: AnyMetric;
  params: Record<string, number>;
}

/** Settings that fit together. */
export interface Plan {
  task: Task;
  asked: AskedMetric[];
  posLabel: Label | undefined;
  /** Sorted. */
  labels: readonly Label[] | undefined;
}

export interface SettingsError {
  /** Where in the settings, as in a zod issue. */
  path: (string | number)[];
  message: string;
}

export type Checked = { ok: true; plan: Plan } | { ok: false; errors: SettingsError[] };

/** Says of metrics, task, positive label and labels whether they fit together, and what would. */
export const checkMetrics = ({ task, metrics, pos_label, labels }: MetricSettings): Checked => {
  const errors: SettingsError[] = [];
  const asked = metrics.flatMap((setting, i) => askedFor(task, setting, ['metrics', i], errors));
  if (metrics.length === 0) errors.push({ path: ['metrics'], message: `none; ${thereAre(task)}` });
  for (const [i, { key }] of asked.entries()) {
    if (asked.findIndex((other) => other.key === key) < i) {
      errors.push({ path: ['metrics', i], message: `${key} is there twice` });
    }
  }
  const posLabel = toLabel(pos_label);
  const all = labels?.map((label) => toLabel(label) as Label);
  checkLabels(task, all, errors);
  checkPosLabel(task, posLabel, all, errors);
  for (const { metric } of asked) checkBinary(metric, posLabel, all, errors);
  if (errors.length > 0) return { ok: false, errors };
  const sorted = task === 'multilabel' ? all : all?.sort(compareLabels);
  return { ok: true, plan: { task, asked, posLabel, labels: sorted } };
};

/** scikit-learn takes true for 1. */
const toLabel = (label: LabelSetting | undefined): Label | undefined =>
  typeof label === 'boolean' ? Number(label) : label;

const thereAre = (task: Task): string =>
  `for ${task} there are ${metricsOf(task)
    .map(({ name }) => name)
    .join(', ')}`;

const askedFor = (
  task: Task,
  setting: MetricSetting,
  path: (string | number)[],
  errors: SettingsError[],
): AskedMetric[] => {
  const { name, ...given } = typeof setting === 'string' ? { name: setting } : setting;
  const metric = findMetric(task, name);
  if (!metric) {
    errors.push({ path, message: `${unknownName(task, name)}${thereAre(task)}` });
    return [];
  }
  const known = metric.params ?? {};
  for (const param of Object.keys(given)) {
    if (Object.hasOwn(known, param)) continue;
    const right = Object.keys(known).join(', ') || 'none';
    errors.push({ path: [...path, param], message: `${name} has no parameter ${param}; it has ${right}` });
  }
  const params: Record<string, number> = {};
  let key = name;
  for (const [param, spec] of Object.entries(known)) {
    const value = given[param] ?? spec.default;
    if (typeof value !== 'number' || !fits(value, spec)) {
      errors.push({ path: [...path, param], message: `${name} wants ${param}, ${wanted(spec)}` });
      return [];
    }
    params[param] = value;
    if (value !== spec.default) key += `_${value}`;
  }
  return [{ key, metric, params }];
};

const unknownName = (task: Task, name: string): string => {
  const short = name.replace(/_(score|loss)$/, '');
  const meant = [short, `${short}_score`, `${short}_loss`].find((other) => findMetric(task, other));
  if (meant) return `no metric ${name}, but ${meant}; `;
  const other = (['classification', 'multilabel', 'regression'] as const).find((one) =>
    findMetric(one, name),
  );
  return other ? `${name} is for ${other}; ` : `no metric ${name}; `;
};

const fits = (value: number, { min, above, max = Number.POSITIVE_INFINITY, integer }: Param): boolean =>
  Number.isFinite(value) &&
  (above ? value > min : value >= min) &&
  value <= max &&
  (!integer || Number.isInteger(value));

const wanted = ({ min, above, max, integer }: Param): string => {
  const from = above ? `above ${min}` : `${min} or more`;
  const what = integer ? 'a whole number' : 'a number';
  return `${what}, ${max === undefined ? from : `from ${min} to ${max}`}`;
};

const checkLabels = (task: Task, labels: Label[] | undefined, errors: SettingsError[]): void => {
  if (!labels) return;
  const error = (message: string) => errors.push({ path: ['labels'], message });
  if (task === 'regression') error('a regression has no labels');
  else if (labels.length < 2) error('two or more, all that there are');
  else if (new Set(labels.map((label) => typeof label)).size > 1) error('all strings or all numbers');
  else if (new Set(labels).size < labels.length) error('each label once');
  else if (labels.some(noClass)) error(`strings or ${wholeNumbers}`);
};

const wholeNumbers = 'whole numbers within 9007199254740991 (2^53 - 1) of 0';

/** Larger integers are not what they were once JSON.parse has read them. */
const noClass = (label: Label): boolean => typeof label === 'number' && !Number.isSafeInteger(label);

const checkPosLabel = (
  task: Task,
  posLabel: Label | undefined,
  labels: Label[] | undefined,
  errors: SettingsError[],
): void => {
  if (posLabel === undefined) return;
  const error = (message: string) => errors.push({ path: ['pos_label'], message });
  if (task !== 'classification') error(`for classification only, not for ${task}`);
  else if (noClass(posLabel)) error(`a string, or one of the ${wholeNumbers}`);
  else if (labels && !labels.includes(posLabel)) {
    error(`${labelText(posLabel)} is none of the labels ${listLabels(labels)}`);
  }
};

const checkBinary = (
  { name, binary }: AnyMetric,
  posLabel: Label | undefined,
  labels: Label[] | undefined,
  errors: SettingsError[],
): void => {
  if (!binary || !labels) return;
  if (labels.length > 2 && !(name === 'roc_auc' && posLabel !== undefined)) {
    const right = metricsOf('classification')
      .map((other) => other.name)
      .filter((other) => other.startsWith(`${name}_`));
    const message = `${name} is for two classes and there are ${labels.length}: take ${right.join(', ')}`;
    errors.push({ path: ['metrics'], message });
  } else if (name !== 'roc_auc' && posLabel === undefined && !labels.includes(1)) {
    errors.push({ path: ['pos_label'], message: `${name} wants one of ${listLabels(labels)}` });
  }
};
