import * as z from 'zod';
import { instantText } from '../runtime/instant';
import { modelId } from './modelId';

/** Due times of one backfill. */
export const maxDues = 10_000;

const howMany = z.int().min(0);

export const backfillSchema = z
  .object({
    model_id: modelId,
    from: instantText,
    to: instantText,
    state: z.enum(['running', 'done', 'cancelled']),
    total: howMany.meta({ description: 'Due times from one to the other' }),
    done: howMany.meta({ description: 'Those that have a run, whoever made it' }),
    failed: howMany.meta({ description: 'Those that were tried five times' }),
    error: z.string().nullable().meta({ description: 'Why, of one of them' }),
    started_at: instantText,
  })
  .meta({ id: 'Backfill' });

type Backfill = z.output<typeof backfillSchema>;

export const backfillExample: Backfill = {
  model_id: '550e8400-e29b-41d4-a716-446655440000',
  from: '2026-02-01T00:00:00.000Z',
  to: '2026-03-01T00:00:00.000Z',
  state: 'running',
  total: 673,
  done: 120,
  failed: 0,
  error: null,
  started_at: '2026-03-01T12:00:00.000Z',
};

/** A row of readBackfill.sql. */
export interface FoundBackfill {
  model_id: string;
  from_time: Date;
  to_time: Date;
  started_at: Date;
  total: number;
  cancelled: number | null;
  waiting: number;
  failed: number;
  error: string | null;
}

export const describeBackfill = (found: FoundBackfill): Backfill => ({
  model_id: found.model_id,
  from: found.from_time.toISOString(),
  to: found.to_time.toISOString(),
  state: found.cancelled !== null ? 'cancelled' : found.waiting > 0 ? 'running' : 'done',
  total: found.total,
  done: found.total - found.waiting - found.failed - (found.cancelled ?? 0),
  failed: found.failed,
  error: found.error,
  started_at: found.started_at.toISOString(),
});
