import * as z from 'zod';
import { instantText } from '../runtime/instant';
import { modelId } from '../schedule/fields';
import type { Run } from './run';

const futureRows = z
  .object({ count: z.int().min(1).max(1000), first_results_id: z.int() })
  .nullable()
  .meta({
    description:
      'Sample rows that were left aside because their timestamp is in the future: how many (1000: or more), and the id of the first',
  });

/** What a run found, as it is stored in Redis and answered. */
export const resultSchema = z
  .object({
    model_id: modelId,
    status: z.enum(['ok', 'no_data', 'invalid_data', 'missed']),
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
    future_rows: futureRows,
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
  future_rows: null,
};

export const toResult = (run: Omit<Run, 'started_at' | 'trigger'>): Result => ({
  model_id: run.model_id,
  status: run.status,
  accuracy: run.accuracy,
  n_samples: run.n_samples,
  results_id: run.results_id,
  data_timestamp: run.data_timestamp?.toISOString() ?? null,
  scheduled_time: run.scheduled_time.toISOString(),
  computed_at: run.finished_at.toISOString(),
  error: run.error,
  future_rows: run.details?.future_rows ?? null,
});
