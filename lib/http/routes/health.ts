import * as z from 'zod';
import { instantText } from '../../runtime/instant';
import type { Route } from '../route';

const store = z.object({
  ok: z.boolean(),
  ms: z.int().min(0).meta({ description: 'Milliseconds until it answered' }),
});

const service = z.object({
  ok: z.boolean(),
  finished_at: instantText.nullable().meta({ description: 'When it ended last; null if it never has' }),
});

const healthSchema = z
  .object({
    ok: z.boolean(),
    checked_at: instantText.meta({ description: 'An answer is kept for five seconds' }),
    postgresql: store.optional(),
    redis: store.optional(),
    watch: service.optional().meta({
      description: 'Looks for overdue runs every minute; not ok after three without it',
    }),
    reconcile: service.optional().meta({
      description:
        'Compares the Scheduler with PostgreSQL; not ok if it failed, or was left out: after 25 minutes, if it runs every five',
    }),
    prune: service.optional().meta({
      description: 'Deletes old runs every day, in a new service after a day; not ok after two without it',
    }),
    zone_data: z.string().optional().meta({ description: 'The version of the time zone data, of IANA' }),
    stale_models: z
      .int()
      .min(0)
      .nullable()
      .optional()
      .meta({ description: 'How many models have missed their newest due time; null if PostgreSQL is away' }),
    waiting_labels: z.int().min(0).nullable().optional().meta({
      description: 'How many labels wait for their prediction, 100000: or more; null if PostgreSQL is away',
    }),
  })
  .meta({ id: 'Health' });

const example = (redis: boolean) => ({
  ok: redis,
  checked_at: '2026-03-01T12:00:40.000Z',
  postgresql: { ok: true, ms: 2 },
  redis: { ok: redis, ms: redis ? 1 : 1500 },
  watch: { ok: true, finished_at: '2026-03-01T12:00:00.200Z' },
  reconcile: { ok: true, finished_at: '2026-03-01T11:58:30.000Z' },
  prune: { ok: true, finished_at: '2026-03-01T03:00:10.000Z' },
  zone_data: '2026f',
  stale_models: 0,
  waiting_labels: 0,
});

export const route = {
  name: 'health',
  method: 'get',
  path: '/health',
  summary: 'Whether the stores answer, and what runs by itself has run',
  description: 'Where tokens are needed, a caller without one learns only `ok` and `checked_at`.',
  responses: {
    200: { description: 'All is well', schema: healthSchema, examples: [example(true)] },
    503: { description: 'Something is not', schema: healthSchema, examples: [example(false)] },
  },
} satisfies Route;
