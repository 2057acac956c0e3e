import type { MetricSettings } from '../metrics/checkMetrics';
import type { Columns } from '../metrics/count';
import { type Evaluation, evaluate } from '../metrics/evaluate';
import { metricSettings } from '../schedule/metricSettings';
import type { RunInput } from './input';
import type { SegmentMetrics } from './run';
import { maxWindowBytes, type Window, type WindowRows } from './window';

/** What a window says: as a whole, and by each value of its segments. */
export type WindowEvaluation =
  | { status: 'no_data' }
  | (Evaluation & { n_predictions: number; segments?: SegmentMetrics[] });

/** A window's samples have no numbers that a caller would know. */
const withoutSample = (message: string): string => message.replace(/ \(sample \d+, counted from 0\)/, '');

export const columnsOf = (rows: WindowRows): Columns => ({
  y_true: Buffer.from(rows.y_true),
  y_pred: Buffer.from(rows.y_pred),
  y_score: rows.y_score ? Buffer.from(rows.y_score) : null,
  counts: rows.counts ? JSON.parse(rows.counts) : undefined,
});

const evaluateRows = (settings: MetricSettings, rows: WindowRows): Evaluation => {
  const found = evaluate(settings, columnsOf(rows));
  if (found.status === 'invalid_data') return { ...found, error: withoutSample(found.error) };
  return found.status === 'ok' ? { ...found, n_unlabelled: rows.n_predictions - rows.n_labelled } : found;
};

const evaluateSegment = (settings: MetricSettings, rows: WindowRows, minSamples: number): SegmentMetrics => {
  const { segment, value, n_predictions, n_labelled: n_samples } = rows;
  const nothing = { segment: segment as string, value, n_predictions, n_samples, metrics: {}, intervals: {} };
  if (n_samples < minSamples) return nothing;
  const found = evaluateRows(settings, rows);
  return found.status === 'ok' ? { ...nothing, metrics: found.metrics, intervals: found.intervals } : nothing;
};

export const scoreWindow = (input: RunInput, { rows }: Window): WindowEvaluation => {
  const whole = rows.find(({ segment }) => segment === null);
  if (!whole) return { status: 'no_data' };
  const { n_predictions, n_labelled } = whole;
  if (n_labelled === 0) {
    const error = `none of the ${n_predictions} predictions has a label yet`;
    return { status: 'insufficient_data', error, n_samples: 0, n_unlabelled: n_predictions, n_predictions };
  }
  if (!whole.fits) {
    const error = `the window has more than ${maxWindowBytes} bytes of labels: choose a shorter one, or fewer segments`;
    return { status: 'invalid_data', error, n_predictions };
  }
  const settings = metricSettings(input);
  const found = evaluateRows(settings, whole);
  if (found.status !== 'ok' || input.segments.length === 0) return { ...found, n_predictions };
  const segments = rows
    .filter(({ segment }) => segment !== null)
    .sort((a, b) => b.n_predictions - a.n_predictions)
    .map((one) => evaluateSegment(settings, one, input.min_samples ?? 1));
  return { ...found, n_predictions, segments };
};
