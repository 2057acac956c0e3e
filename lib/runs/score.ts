import { accuracy } from '../metrics/accuracy';
import { type Evaluation, evaluate } from '../metrics/evaluate';
import { metricErrors, metricSettings, planMetrics } from '../schedule/metricSettings';
import type { RunInput } from './input';
import type { Run, SegmentMetrics } from './run';
import { scoreWindow } from './scoreWindow';

/** Three columns of this size have to fit into the function's memory. */
export const maxColumnBytes = 64 * 1024 * 1024;

type Outcome = Pick<Run, 'status' | 'accuracy' | 'n_samples' | 'error' | 'details'>;

const tooLarge = (column: string): Evaluation => ({
  status: 'invalid_data',
  error: `${column} has more than ${maxColumnBytes} bytes of JSON: store fewer samples a row`,
});

const wrongSettings = (errors: ReturnType<typeof metricErrors>): Evaluation => ({
  status: 'invalid_data',
  error: `the schedule is wrong: ${errors.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
});

const opensWithRow = (text: Buffer): boolean => /^\s*\[\s*\[/.test(text.toString('latin1', 0, 100));

/** Accuracy means the same of rows of labels, whatever the task: those are right where all of a row is. */
const accuracyOfRows = (yTrue: Buffer, yPred: Buffer): Evaluation | undefined => {
  const found = accuracy(yTrue, yPred);
  if (found.status !== 'ok') return undefined;
  return {
    status: 'ok',
    n_samples: found.n_samples,
    n_unlabelled: 0,
    metrics: { accuracy: found.accuracy },
    intervals: { accuracy: null },
    undefined: {},
    baseline: { accuracy: null },
    hints: [],
  };
};

type Found = { status: 'no_data' } | (Evaluation & { n_predictions?: number; segments?: SegmentMetrics[] });

const evaluateSample = (input: RunInput): Found => {
  const { results_id, y_true, y_pred, y_score } = input;
  if (results_id === null) return { status: 'no_data' };
  if (y_true === null) return tooLarge('y_true');
  if (y_pred === null) return tooLarge('y_pred');
  if (y_score === null && input.scored) return tooLarge('y_score');
  const found = evaluate(metricSettings(input), { y_true, y_pred, y_score });
  const accuracyAlone = input.metrics.length === 1 && input.metrics[0] === 'accuracy';
  if (found.status !== 'invalid_data' || !accuracyAlone || !opensWithRow(y_true)) return found;
  return accuracyOfRows(y_true, y_pred) ?? found;
};

/** Why so few labelled samples are not worth a number, if so. */
const tooFew = (n: number, all: number, { min_samples, min_coverage }: RunInput): string | undefined => {
  if (min_samples !== null && n < min_samples) {
    return `${n} labelled samples are fewer than min_samples, ${min_samples}`;
  }
  if (min_coverage === null || n >= min_coverage * all) return undefined;
  return `${n} of ${all} samples have a label, which is less than min_coverage, ${min_coverage}`;
};

const evaluateInput = (input: RunInput): Found => {
  const errors = metricErrors(input);
  if (errors.length > 0) return wrongSettings(errors);
  const found = input.window ? scoreWindow(input, input.window) : evaluateSample(input);
  if (found.status !== 'ok') return found;
  const { n_samples, n_unlabelled, n_predictions = n_samples + n_unlabelled } = found;
  const error = tooFew(n_samples, n_predictions, input);
  if (error === undefined) return found;
  const counts = { n_samples, n_unlabelled, ...(input.window && { n_predictions }) };
  return { status: 'insufficient_data', error, ...counts };
};

/** What the newest sample row, or a window of predictions, says, in the columns of a run. */
export const scoreInput = (input: RunInput): Outcome => {
  const found = evaluateInput(input);
  const nothing = { status: found.status, accuracy: null, n_samples: null, error: null, details: null };
  if (found.status === 'no_data') return nothing;
  if (found.status === 'invalid_data') {
    const { error, n_predictions } = found;
    return { ...nothing, error, details: n_predictions === undefined ? null : { n_predictions } };
  }
  if (found.status === 'insufficient_data') {
    const { status: _, error, n_samples, ...details } = found;
    return { ...nothing, n_samples, error, details };
  }
  const { status, n_samples, report: _, ...values } = found;
  const details = { keys: Object.keys(values.metrics), ...values };
  return { status, n_samples, accuracy: details.metrics.accuracy ?? null, error: null, details };
};

/** The key and the value of a model's first metric, which lists are sorted by. */
export const firstMetric = (
  input: RunInput,
  { accuracy, details }: Pick<Run, 'accuracy' | 'details'>,
): { key: string; value: number | null } => {
  const checked = planMetrics(input);
  const key = checked.ok ? (checked.plan.asked[0]?.key ?? 'accuracy') : 'accuracy';
  return { key, value: details?.metrics?.[key] ?? (key === 'accuracy' ? accuracy : null) };
};
