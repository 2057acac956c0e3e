import * as z from 'zod';
import { instantText } from '../runtime/instant';
import { modelId } from '../schedule/modelId';
import type { Run } from './run';

const futureRows = z
  .object({ count: z.int().min(1).max(1000), first_results_id: z.int() })
  .nullable()
  .meta({
    description:
      'Sample rows that were left aside because their timestamp is in the future: how many (1000: or more), and the id of the first',
  });

const values = z.record(z.string(), z.number().nullable());
const intervals = z.record(z.string(), z.array(z.number()).length(2).nullable());

const segmentSchema = z.object({
  segment: z.string(),
  value: z.string().nullable().meta({ description: 'null: all but the hundred largest values' }),
  n_predictions: z.int(),
  n_samples: z.int(),
  metrics: values,
  intervals,
});

/** What a run found, as it is stored in Redis and answered. */
export const resultSchema = z
  .object({
    model_id: modelId,
    status: z.enum(['ok', 'no_data', 'invalid_data', 'insufficient_data', 'missed']),
    accuracy: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .meta({ description: 'null unless status is ok and the schedule asks for it' }),
    metrics: values.meta({ description: 'What the schedule asks for, by key; null where it is undefined' }),
    intervals: intervals.meta({ description: 'Of 95 %; null where no honest one is known' }),
    undefined: z.record(z.string(), z.string()).meta({
      description: 'Why a metric is undefined, or which classes an average counts as 0',
    }),
    baseline: values.meta({ description: 'The best that a constant prediction has' }),
    hints: z
      .array(z.string())
      .meta({ description: 'What may be wrong with the data, though it can be scored' }),
    n_samples: z.int().nullable().meta({ description: 'How many labels were compared' }),
    n_unlabelled: z
      .int()
      .nullable()
      .meta({ description: 'Samples without a true label, which were left out' }),
    n_predictions: z
      .int()
      .nullable()
      .meta({ description: 'Of a window: all predictions, whether they have a label or not' }),
    coverage: z
      .number()
      .nullable()
      .meta({ description: 'Of a window: the share of predictions that have a label' }),
    window_start: instantText.nullable().meta({ description: 'The predictions from this time on' }),
    window_end: instantText.nullable().meta({ description: 'and before this time were looked at' }),
    segments: z.array(segmentSchema).meta({
      description: 'The metrics by each value of each segment of the schedule, the largest first',
    }),
    revision: z.int().meta({
      description: 'How often the run was computed again because its predictions or labels had changed',
    }),
    results_id: z.int().nullable().meta({ description: 'The sample row that was scored' }),
    data_timestamp: instantText.nullable().meta({ description: 'When that sample row came in' }),
    scheduled_time: instantText.meta({ description: 'The due time of the run' }),
    computed_at: instantText,
    error: z
      .string()
      .nullable()
      .meta({ description: 'What is wrong with the data, if status is invalid_data or insufficient_data' }),
    future_rows: futureRows,
  })
  .meta({ id: 'Result' });

export type Result = z.output<typeof resultSchema>;

/** What a result has that is of a sample row. */
export const noWindow = {
  n_predictions: null,
  coverage: null,
  window_start: null,
  window_end: null,
  segments: [],
  revision: 0,
};

export const resultExample: Result = {
  model_id: '550e8400-e29b-41d4-a716-446655440000',
  status: 'ok',
  accuracy: 0.75,
  metrics: { accuracy: 0.75 },
  intervals: { accuracy: [0.3, 0.95] },
  undefined: {},
  baseline: { accuracy: 0.75 },
  hints: [],
  n_samples: 4,
  n_unlabelled: 0,
  ...noWindow,
  results_id: 1,
  data_timestamp: '2026-03-01T11:58:30.000Z',
  scheduled_time: '2026-03-01T12:00:00.000Z',
  computed_at: '2026-03-01T12:00:00.120Z',
  error: null,
  future_rows: null,
};

/** A result as Redis has it; one that an older version stored has an accuracy and no other metrics. */
export const parseResult = (text: string): Result => {
  const stored = JSON.parse(text);
  const metrics = stored.accuracy === null ? {} : { accuracy: stored.accuracy };
  const scored = { metrics, intervals: {}, undefined: {}, baseline: {}, hints: [], n_unlabelled: null };
  return { ...scored, ...noWindow, ...stored };
};

/** What a run had found before it was computed again. */
export const revisionSchema = z
  .object({
    revision: z.int(),
    status: z.string(),
    metrics: values,
    n_samples: z.int().nullable(),
    error: z.string().nullable(),
    computed_at: instantText,
  })
  .meta({ id: 'Revision' });

/** A row of table `run_revisions` as JSON. */
export type EarlierRevision = Pick<
  Run,
  'revision' | 'status' | 'accuracy' | 'n_samples' | 'error' | 'details'
> & {
  finished_at: string;
};

/** As the schedule of the run had them. A run of an older version has no keys. */
const inOrder =
  (keys: string[] = []) =>
  <T>(values: Record<string, T> = {}): Record<string, T> => {
    const known = keys.filter((key) => key in values);
    return { ...Object.fromEntries(known.map((key) => [key, values[key] as T])), ...values };
  };

export const toRevision = (run: EarlierRevision): z.output<typeof revisionSchema> => ({
  revision: run.revision,
  status: run.status,
  metrics: inOrder(run.details?.keys)(run.details?.metrics),
  n_samples: run.n_samples,
  error: run.error,
  computed_at: new Date(run.finished_at).toISOString(),
});

const coverageOf = ({ n_samples, details }: Pick<Run, 'n_samples' | 'details'>): number | null =>
  details?.n_predictions && n_samples !== null ? n_samples / details.n_predictions : null;

export const toResult = (run: Omit<Run, 'started_at' | 'trigger'>): Result => {
  const ordered = inOrder(run.details?.keys);
  return {
    model_id: run.model_id,
    status: run.status,
    accuracy: run.accuracy,
    metrics: ordered(run.details?.metrics ?? (run.accuracy === null ? {} : { accuracy: run.accuracy })),
    intervals: ordered(run.details?.intervals),
    undefined: ordered(run.details?.undefined),
    baseline: ordered(run.details?.baseline),
    hints: run.details?.hints ?? [],
    n_samples: run.n_samples,
    n_unlabelled: run.details?.n_unlabelled ?? null,
    n_predictions: run.details?.n_predictions ?? null,
    coverage: coverageOf(run),
    window_start: run.window_start?.toISOString() ?? null,
    window_end: run.window_end?.toISOString() ?? null,
    segments: (run.details?.segments ?? []).map((one) => ({
      ...one,
      metrics: ordered(one.metrics),
      intervals: ordered(one.intervals),
    })),
    revision: run.revision,
    results_id: run.results_id,
    data_timestamp: run.data_timestamp?.toISOString() ?? null,
    scheduled_time: run.scheduled_time.toISOString(),
    computed_at: run.finished_at.toISOString(),
    error: run.error,
    future_rows: run.details?.future_rows ?? null,
  };
};
