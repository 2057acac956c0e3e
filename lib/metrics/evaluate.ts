import { baselineOf } from './baseline';
import { checkMetrics, type MetricSettings, type Plan } from './checkMetrics';
import { type Columns, type Counted, count } from './count';
import { InvalidData } from './decode/invalidData';
import { labelHints, widthHint } from './hints';
import { intervalsOf } from './intervals/intervalsOf';
import type { Interval } from './metric';
import { type Report, report } from './report';
import { type Valued, valuesOf } from './values';

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
  | { status: 'insufficient_data'; error: string; n_samples: number; n_unlabelled: number };

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
    return evaluateCounts(checked.plan, count(checked.plan, columns), withReport);
  } catch (error) {
    if (error instanceof InvalidData) return { status: 'invalid_data', error: error.message };
    throw error;
  }
};

/** The same from counts, wherever they were counted. */
export const evaluateCounts = (plan: Plan, counted: Counted, withReport = false): Evaluation => {
  const { n, unlabelled, counts, noScores } = counted;
  if (n === 0) {
    const error = `none of the ${unlabelled} samples has a label yet`;
    return { status: 'insufficient_data', error, n_samples: 0, n_unlabelled: unlabelled };
  }
  if (noScores && plan.asked.every(({ metric }) => metric.needs === 'scores')) {
    return { status: 'invalid_data', error: noScores };
  }
  const values = valuesOf(plan, counted);
  const intervals = intervalsOf(values, counts);
  const labels = counts.confusion ?? counts.multilabel;
  return {
    status: 'ok',
    n_samples: n,
    n_unlabelled: unlabelled,
    metrics: byKey(values, ({ value }) => finite(value)),
    intervals,
    undefined: reasonsOf(values),
    baseline: byKey(values, (one) => finite(baselineOf(one.metric, counted, one.options))),
    hints: hintsOf(values, counted, intervals),
    ...(withReport && labels && { report: report(labels) }),
  };
};

const byKey = <T>(values: Valued[], of: (one: Valued) => T): Record<string, T> =>
  Object.fromEntries(values.map((one) => [one.key, of(one)]));

const reasonsOf = (values: Valued[]): Record<string, string> =>
  Object.fromEntries(values.flatMap(({ key, reason }) => (reason === undefined ? [] : [[key, reason]])));

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const hintsOf = (values: Valued[], { n, counts }: Counted, intervals: Evaluated['intervals']): string[] => {
  const bounded = values.find(({ key, metric: { range } }) => range[1] - range[0] <= 2 && intervals[key]);
  const wide = bounded && widthHint(n, bounded.key, intervals[bounded.key] ?? null);
  const labels = counts.confusion ? labelHints(counts.confusion) : [];
  return wide ? [...labels, wide] : labels;
};
