import * as z from 'zod';
import { endpoint } from '../lib/http/handler';
import { type Answer, type Input, type Route, revalidate } from '../lib/http/route';
import { type Database, query } from '../lib/postgres/database';
import { resultExample, resultSchema } from '../lib/runs/result';
import { database } from '../lib/runtime/clients';
import {
  count,
  cronExpression,
  enabled,
  instantText,
  modelId,
  pageLimit,
  timezone,
} from '../lib/schedule/fields';
import { type ModelState, modelStates, order, type Sort, sorts, statuses } from '../lib/schedule/modelState';
import { nextRunAt, nextRunAtSchema } from '../lib/schedule/schedule';
import listModelStatesSql from '../sql/queries/listModelStates.sql';
import listRecentRunsSql from '../sql/queries/listRecentRuns.sql';

const modelStatus = z.enum(statuses).meta({
  description:
    'paused or stale, if it is that; else what the newest run found; pending while there is none. In a list sorted by status the first of these comes first',
});

const modelSchema = z
  .object({
    model_id: modelId,
    status: modelStatus,
    accuracy: resultSchema.shape.accuracy,
    change: z.number().nullable().meta({ description: 'Against the accuracy of the run before' }),
    n_samples: resultSchema.shape.n_samples,
    data_timestamp: resultSchema.shape.data_timestamp,
    scheduled_time: instantText.nullable().meta({ description: 'The due time of the newest run' }),
    computed_at: instantText.nullable(),
    error: resultSchema.shape.error,
    cron_expression: cronExpression,
    timezone,
    enabled,
    next_run_at: nextRunAtSchema,
    recent: z.array(z.number().min(0).max(1).nullable()).max(30).meta({
      description: 'Accuracies of the last 30 runs, oldest first, rounded to four digits',
    }),
  })
  .meta({ id: 'Model' });

const example: z.output<typeof modelSchema> = {
  model_id: resultExample.model_id,
  status: 'ok',
  accuracy: 0.75,
  change: -0.25,
  n_samples: 4,
  data_timestamp: resultExample.data_timestamp,
  scheduled_time: resultExample.scheduled_time,
  computed_at: resultExample.computed_at,
  error: null,
  cron_expression: '*/5 * * * *',
  timezone: 'UTC',
  enabled: true,
  next_run_at: '2026-03-01T12:05:00.000Z',
  recent: [null, 1, 0.75],
};

const howMany = z.int().min(0);

export const route = {
  name: 'overview',
  method: 'get',
  path: '/overview',
  summary: 'See all scheduled models, a page at a time',
  description: 'Sorted and filtered over all of them. What is null comes last, whichever way it is sorted.',
  scope: 'read',
  query: z.strictObject({
    limit: pageLimit,
    offset: count(0, 999_999_999, 0).meta({ description: 'How many to leave out before the first' }),
    sort: z.enum(sorts).default('status'),
    order: z.enum(['asc', 'desc']).default('asc'),
    status: z.enum(statuses).optional(),
    q: z
      .string()
      .regex(/^[0-9a-fA-F-]{0,36}$/, 'must be part of a UUID')
      .toLowerCase()
      .optional()
      .meta({ description: 'Part of the model_id', examples: ['550e'] }),
  }),
  answers: {
    200: {
      description: 'A page of models, and how many there are',
      schema: z.object({
        items: z.array(modelSchema),
        total: howMany.meta({ description: 'Of the status asked for' }),
        counts: z
          .object(Object.fromEntries(statuses.map((status) => [status, howMany])) as Counts)
          .meta({ description: 'By status, of all that have q in their model_id' }),
      }),
      examples: [
        {
          items: [example],
          total: 1,
          counts: { invalid_data: 0, stale: 0, no_data: 0, pending: 0, ok: 1, paused: 0 },
        },
      ],
    },
  },
  problems: [503],
  cacheControl: revalidate,
} satisfies Route;

type Counts = Record<(typeof statuses)[number], typeof howMany>;

interface Recent {
  model_id: string;
  n_samples: number | null;
  data_timestamp: Date | null;
  error: string | null;
  finished_at: Date;
  accuracies: (number | null)[];
}

const recentRuns = 30;

const describeModel = (
  state: ModelState,
  recent: Recent | undefined,
  now: Date,
): z.output<typeof modelSchema> => ({
  model_id: state.model_id,
  status: state.status,
  accuracy: state.accuracy,
  change: state.change,
  n_samples: recent?.n_samples ?? null,
  data_timestamp: recent?.data_timestamp?.toISOString() ?? null,
  scheduled_time: state.newest_run?.toISOString() ?? null,
  computed_at: recent?.finished_at.toISOString() ?? null,
  error: recent?.error ?? null,
  cron_expression: state.cron_expression,
  timezone: state.timezone,
  enabled: state.enabled,
  next_run_at: nextRunAt(state, now),
  recent: recent?.accuracies ?? [],
});

const countByStatus = (states: ModelState[]) => {
  const counts = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<
    ModelState['status'],
    number
  >;
  for (const { status } of states) counts[status]++;
  return counts;
};

/**
 * A page of all models. Whether a model is stale only its cron expression tells, which PostgreSQL cannot read: so all
 * are looked at here, each with a few columns, and what is bulky is fetched for the page alone.
 */
export const overview = ({ db }: { db: Database }) => {
  const withStatus = modelStates();
  return async ({ limit, offset, sort, order: direction, status, q }: Input<typeof route>) => {
    const now = new Date();
    const all = withStatus(await query(db, listModelStatesSql, [q || null]), now);
    const wanted = status ? all.filter((state) => state.status === status) : all;
    const page = order(wanted, sort as Sort, direction, now).slice(offset, offset + limit);
    const ran = page.filter(({ newest_run }) => newest_run);
    const recent = await query<Recent>(db, listRecentRunsSql, [
      ran.map(({ model_id }) => model_id),
      ran.map(({ newest_run }) => newest_run),
      recentRuns,
    ]);
    const byModel = new Map(recent.map((row) => [row.model_id, row]));
    return {
      status: 200,
      body: {
        items: page.map((state) => describeModel(state, byModel.get(state.model_id), now)),
        total: wanted.length,
        counts: countByStatus(all),
      },
    } satisfies Answer<typeof route>;
  };
};

export const handler = /* @__PURE__ */ endpoint(route, async () => overview({ db: database() }));
