import type { Redis } from 'ioredis';
import * as z from 'zod';
import { endpoint } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import { type Answer, type Input, type Route, revalidate } from '../lib/http/route';
import { type Database, query } from '../lib/postgres/database';
import { putNewestResult, readNewestResult } from '../lib/redis/redis';
import { type Result, type Run, resultExample, resultSchema, toResult } from '../lib/runs/result';
import { database, redis } from '../lib/runtime/clients';
import { instantText, modelParams } from '../lib/schedule/fields';
import { isStale, nextRunAt, nextRunAtSchema, type Schedule } from '../lib/schedule/schedule';
import getScheduleSql from '../sql/queries/getSchedule.sql';
import newestRunSql from '../sql/queries/newestRun.sql';

const pending = (modelId: string) => ({
  model_id: modelId,
  status: 'pending' as const,
  accuracy: null,
  n_samples: null,
  results_id: null,
  data_timestamp: null,
  scheduled_time: null,
  computed_at: null,
  error: null,
});

const expected = { next_run_at: '2026-03-01T12:05:00.000Z', stale: false };

export const route = {
  name: 'getResult',
  method: 'get',
  path: '/results/{model_id}',
  summary: "Read a model's newest result",
  scope: 'read',
  params: modelParams,
  answers: {
    200: {
      description: 'The newest result, when the next is due, and whether one is overdue',
      schema: resultSchema
        .extend({
          status: z.enum([...resultSchema.shape.status.options, 'pending']).meta({
            description: 'pending: scheduled, but no run has ended yet',
          }),
          scheduled_time: instantText.nullable(),
          computed_at: instantText.nullable(),
          next_run_at: nextRunAtSchema,
          stale: z.boolean().meta({
            description:
              'A due time and its window passed more than two minutes ago, and no run of it is known',
          }),
        })
        .meta({
          id: 'NewestResult',
          examples: [
            { ...resultExample, ...expected },
            { ...pending(resultExample.model_id), ...expected },
          ],
        }),
    },
  },
  problems: [404, 503],
  cacheControl: revalidate,
} satisfies Route;

interface Deps {
  db: Database;
  redis: Redis;
}

/** The newest result from Redis, or else from PostgreSQL, which also stands in while Redis is away. */
const newestResult = async ({ db, redis }: Deps, modelId: string): Promise<Result | undefined> => {
  const cached = await readNewestResult(redis, modelId).catch(() => undefined);
  if (cached) return cached;
  const [run] = await query<Run>(db, newestRunSql, [modelId]);
  if (!run) return undefined;
  const result = toResult(run);
  await putNewestResult(redis, result).catch(() => {});
  return result;
};

/** The newest result of a model, when its next is due, and whether one is overdue. */
export const getResult =
  (deps: Deps) =>
  async ({ model_id }: Input<typeof route>): Promise<Answer<typeof route>> => {
    const [result, [schedule]] = await Promise.all([
      newestResult(deps, model_id),
      query<Schedule>(deps.db, getScheduleSql, [model_id]),
    ]);
    if (!result && !schedule) throw new Problem(404, `model ${model_id} has no schedule and no result`);
    const now = new Date();
    return {
      status: 200,
      body: {
        ...(result ?? pending(model_id)),
        next_run_at: schedule ? nextRunAt(schedule, now) : null,
        stale: isStale(schedule, result ? new Date(result.scheduled_time) : null, now),
      },
    };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () =>
  getResult({ db: database(), redis: redis() }),
);
