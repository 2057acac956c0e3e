import { baselineOf, type Constants, constantClasses, constantRows } from './baseline';
import { type AskedMetric, checkMetrics, type MetricSettings, type Plan } from './checkMetrics';
import { type Confusion, type SinglePairs, toConfusion } from './counts/confusion';
import { type RowsOfPairs, toMultilabel } from './counts/multilabel';
import { readPairsOfNumbers } from './counts/numbers';
import { type LabelPairs, readPairs } from './counts/readPairs';
import { scoresOf } from './counts/scoresOf';
import { InvalidData } from './decode/invalidData';
import type { Label } from './decode/labels';
import { labelHints, widthHint } from './hints';
import { intervalsOf } from './intervals/intervalsOf';
import type { Counts, Interval, Options } from './metric';
import { type Report, report } from './report';

/** The UTF-8 texts of valid JSON lists. */
export interface Columns {
  y_true: Buffer;
  y_pred: Buffer;
  y_score?: Buffer | null | undefined;
}

export interface Evaluated {
  status: 'ok';
  /** Samples that have a label. */
  n_samples: number;
  n_unlabelled: number;
  /** By key; null where it is undefined. */
  metrics: Record<string, number | null>;
  /** Of 95 %; null where no honest one is known. */
  intervals: Record<string, Interval | null>;
  /** Why a metric is undefined, or which classes an average leaves out or counts as 0. */
  undefined: Record<string, string>;
  /** The best that a constant prediction has. */
  baseline: Record<string, number | null>;
  hints: string[];
  report?: Report;
}

export type Evaluation =
  | Evaluated
  | { status: 'invalid_data'; error: string }
  | { status: 'insufficient_data'; error: string; n_samples: 0; n_unlabelled: number };

/**
 * All that the settings ask for, from one pass over the columns. What scikit-learn refuses for all metrics is invalid data;
 * what it refuses for one is undefined for that one.
 * @throws {Error} when the settings are none that `checkMetrics` lets pass
 */
export const evaluate = (settings: MetricSettings, columns: Columns, withReport = false): Evaluation => {
  const checked = checkMetrics(settings);
  if (!checked.ok)
    throw new Error(checked.errors.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  try {
    return evaluatePlan(checked.plan, columns, withReport);
  } catch (error) {
    if (error instanceof InvalidData) return { status: 'invalid_data', error: error.message };
    throw error;
  }
};

/** Counts, as far as the task has them, and why some of them could not be made. */
interface Counted {
  n: number;
  unlabelled: number;
  counts: Partial<Counts>;
  constants: Partial<Constants>;
  noScores?: string;
}

const evaluatePlan = (plan: Plan, columns: Columns, withReport: boolean): Evaluation => {
  const counted = plan.task === 'regression' ? countNumbers(columns) : countLabels(plan, columns);
  const { n, unlabelled, counts, noScores } = counted;
  if (n === 0) {
    const error = `none of the ${unlabelled} samples has a label yet`;
    return { status: 'insufficient_data', error, n_samples: 0, n_unlabelled: unlabelled };
  }
  if (noScores && plan.asked.every(({ metric }) => metric.needs === 'scores')) {
    return { status: 'invalid_data', error: noScores };
  }
  const found = answer(plan, counted);
  const labels = counts.confusion ?? counts.multilabel;
  return {
    status: 'ok',
    n_samples: n,
    n_unlabelled: unlabelled,
    ...found,
    hints: hintsOf(plan, counted, found.intervals),
    ...(withReport && labels && { report: report(labels) }),
  };
};

const countNumbers = ({ y_true, y_pred }: Columns): Counted => {
  const { unlabelled, ...numbers } = readPairsOfNumbers(y_true, y_pred);
  return { n: numbers.n, unlabelled, counts: { numbers }, constants: {} };
};

const countLabels = (plan: Plan, { y_true, y_pred, y_score }: Columns): Counted => {
  const wantsScores = plan.asked.some(({ metric }) => metric.needs === 'scores');
  const pairs = readPairs(y_true, y_pred, true, wantsScores);
  const n = pairs.samples - pairs.unlabelled;
  if (n === 0) return { n, unlabelled: pairs.unlabelled, counts: {}, constants: {} };
  if (plan.task === 'multilabel') return countRows(plan, pairs, n);
  if (pairs.rows) {
    throw new InvalidData('rows_and_labels', 'the samples have rows of labels: that is the task multilabel');
  }
  const confusion = toConfusion(pairs);
  const constants = constantClasses(confusion, confusion.labels.indexOf(plan.posLabel ?? 1));
  const counted: Counted = {
    n,
    unlabelled: pairs.unlabelled,
    counts: { classes: confusion, confusion },
    constants: { classes: constants, confusion: constants },
  };
  return wantsScores ? withScores(counted, plan, pairs, confusion, y_score) : counted;
};

const countRows = ({ labels }: Plan, pairs: LabelPairs, n: number): Counted => {
  if (!pairs.rows) {
    const message = 'the samples have single labels, and the task multilabel wants rows of 0 and 1';
    throw new InvalidData('rows_and_labels', message);
  }
  const multilabel = toMultilabel(pairs as RowsOfPairs, labels);
  const constants = constantRows(multilabel);
  return {
    n,
    unlabelled: pairs.unlabelled,
    counts: { classes: multilabel, multilabel },
    constants: { classes: constants as never, multilabel: constants },
  };
};

const withScores = (
  counted: Counted,
  { labels }: Plan,
  pairs: SinglePairs,
  confusion: Confusion,
  yScore: Buffer | null | undefined,
): Counted => {
  if (!yScore) return { ...counted, noScores: 'the sample row has no y_score' };
  try {
    return { ...counted, counts: { ...counted.counts, scores: scoresOf(yScore, pairs, confusion, labels) } };
  } catch (error) {
    if (error instanceof InvalidData) return { ...counted, noScores: error.message };
    throw error;
  }
};

const optionsFor = (
  { posLabel, labels }: Plan,
  { metric, params }: AskedMetric,
  counts: Partial<Counts>,
): Options => {
  const known = (metric.needs === 'scores' ? counts.scores : counts.classes)?.labels;
  const place = new Map(known?.map((label, i) => [label, i]));
  const at = (label: Label) => place.get(label) ?? -1;
  const asked = counts.multilabel ? known : labels; // a label of an indicator is one even if no row has it
  const chosen = asked && Int32Array.from(asked, at);
  return { posLabel, pos: at(posLabel ?? 1), labels: asked, chosen, params };
};

const answer = (plan: Plan, { counts, constants, noScores }: Counted) => {
  const metrics: Evaluated['metrics'] = {};
  const reasons: Evaluated['undefined'] = {};
  const baseline: Evaluated['baseline'] = {};
  const asked = plan.asked.map((one) => ({
    ...one,
    options: optionsFor(plan, one, counts),
    value: Number.NaN,
  }));
  for (const one of asked) {
    const { key, metric, options } = one;
    const of = counts[metric.needs] as never;
    if (of) one.value = metric.compute(of, options);
    metrics[key] = finite(one.value);
    const reason = of ? metric.undefined?.(of, options) : noScores;
    if (reason !== undefined || metrics[key] === null) reasons[key] = reason ?? 'too large for a double';
    baseline[key] = of ? finite(baselineOf(metric, counts as Counts, constants as Constants, options)) : null;
  }
  return { metrics, intervals: intervalsOf(asked, counts), undefined: reasons, baseline };
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const hintsOf = ({ asked }: Plan, { n, counts }: Counted, intervals: Evaluated['intervals']): string[] => {
  const bounded = asked.find(({ metric: { range } }) => range[1] - range[0] <= 2);
  const wide = bounded && widthHint(n, bounded.key, intervals[bounded.key] ?? null);
  const labels = counts.confusion ? labelHints(counts.confusion) : [];
  return wide ? [...labels, wide] : labels;
};
