import * as z from 'zod';
import { instantText, modelId } from './fields';
import type { Score } from './metrics/accuracy';

export const trigger = z.enum(['schedule', 'manual']);
export type Trigger = z.output<typeof trigger>;

/** A row of table `runs`. */
export interface Run {
  model_id: string;
  scheduled_time: Date;
  trigger: Trigger;
  status: Score['status'] | 'no_data';
  accuracy: number | null;
  n_samples: number | null;
  results_id: number | null;
  data_timestamp: Date | null;
  error: string | null;
  started_at: Date;
  finished_at: Date;
}

/** What a run found, as it is stored in Redis and answered. */
export const resultSchema = z
  .object({
    model_id: modelId,
    status: z.enum(['ok', 'no_data', 'invalid_data']),
    accuracy: z.number().min(0).max(1).nullable().meta({ description: 'null unless status is ok' }),
    n_samples: z.int().nullable().meta({ description: 'How many labels were compared' }),
    results_id: z.int().nullable().meta({ description: 'The sample row that was scored' }),
    data_timestamp: instantText.nullable().meta({ description: 'When that sample row came in' }),
    scheduled_time: instantText.meta({ description: 'The due time of the run' }),
    computed_at: instantText,
    error: z
      .string()
      .nullable()
      .meta({ description: 'What is wrong with the data, if status is invalid_data' }),
  })
  .meta({ id: 'Result' });

export type Result = z.output<typeof resultSchema>;

export const resultExample: Result = {
  model_id: '550e8400-e29b-41d4-a716-446655440000',
  status: 'ok',
  accuracy: 0.75,
  n_samples: 4,
  results_id: 1,
  data_timestamp: '2026-03-01T11:58:30.000Z',
  scheduled_time: '2026-03-01T12:00:00.000Z',
  computed_at: '2026-03-01T12:00:00.120Z',
  error: null,
};

export const toResult = (run: Omit<Run, 'started_at'>): Result => ({
  model_id: run.model_id,
  status: run.status,
  accuracy: run.accuracy,
  n_samples: run.n_samples,
  results_id: run.results_id,
  data_timestamp: run.data_timestamp?.toISOString() ?? null,
  scheduled_time: run.scheduled_time.toISOString(),
  computed_at: run.finished_at.toISOString(),
  error: run.error,
});
