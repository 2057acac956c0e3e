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
    intervals: z
      .record(z.string(), z.array(z.number()).length(2).nullable())
      .meta({ description: 'Of 95 %; null where no honest one is known' }),
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
  return { metrics, intervals: {}, undefined: {}, baseline: {}, hints: [], n_unlabelled: null, ...stored };
};

export const toResult = (run: Omit<Run, 'started_at' | 'trigger'>): Result => ({
  model_id: run.model_id,
  status: run.status,
  accuracy: run.accuracy,
  metrics: run.details?.metrics ?? (run.accuracy === null ? {} : { accuracy: run.accuracy }),
  intervals: run.details?.intervals ?? {},
  undefined: run.details?.undefined ?? {},
  baseline: run.details?.baseline ?? {},
  hints: run.details?.hints ?? [],
  n_samples: run.n_samples,
  n_unlabelled: run.details?.n_unlabelled ?? null,
  results_id: run.results_id,
  data_timestamp: run.data_timestamp?.toISOString() ?? null,
  scheduled_time: run.scheduled_time.toISOString(),
  computed_at: run.finished_at.toISOString(),
  error: run.error,
  future_rows: run.details?.future_rows ?? null,
});
