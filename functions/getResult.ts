import type { Redis } from 'ioredis';
import { database, redis } from '../lib/clients';
import { parseCron, previousDue } from '../lib/cron/cron';
import { type Answer, endpoint, type Input } from '../lib/endpoint';
import { modelParams } from '../lib/fields';
import { once } from '../lib/once';
import { type Database, query } from '../lib/postgres';
import { Problem } from '../lib/problem';
import { putNewestResult, readNewestResult } from '../lib/redis';
import { type Result, type Run, toResult } from '../lib/result';
import { nextRunAt, type Schedule } from '../lib/schedule';
import getScheduleSql from '../sql/queries/getSchedule.sql';
import newestRunSql from '../sql/queries/newestRun.sql';

export const request = { params: modelParams };

interface Deps {
  db: Database;
  redis: Redis;
}

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

const graceMs = 2 * 60_000;

/** Whether a due time passed more than two minutes ago and no run of it, or of a later one, is known. */
export const isStale = (schedule: Schedule | undefined, scheduledTime: string | null, now: Date): boolean => {
  if (!schedule?.enabled) return false;
  const due = previousDue(
    parseCron(schedule.cron_expression),
    schedule.timezone,
    new Date(now.getTime() - graceMs),
  );
  return due !== null && due >= schedule.updated_at && (!scheduledTime || due > new Date(scheduledTime));
};

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
  async ({ model_id }: Input<typeof request>): Promise<Answer> => {
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
        stale: isStale(schedule, result?.scheduled_time ?? null, now),
      },
    };
  };

export const handler = endpoint(
  request,
  once(async () => getResult({ db: database(), redis: redis() })),
);
