import type { Severity } from '../lib/alerts/rule';
import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { pending, route, unknown } from '../lib/http/routes/getResult';
import type { Database } from '../lib/postgres/database';
import type { ResultCache } from '../lib/redis/resultCache';
import { compare } from '../lib/runs/comparison';
import { type Result, toResult } from '../lib/runs/result';
import type { Run } from '../lib/runs/run';
import { database, results } from '../lib/runtime/clients';
import { Unavailable } from '../lib/runtime/failures';
import { nextRunAt, type Schedule } from '../lib/schedule/schedule';
import readResultSql from '../sql/queries/readResult.sql';

interface Deps {
  db: Database;
  results: ResultCache;
}

/** A row of readResult.sql. */
type Found = Pick<Schedule, 'name' | 'cron_expression' | 'timezone' | 'enabled' | 'reference'> & {
  scheduled: boolean;
  stale: boolean;
  data_stale: boolean;
  data_deleted: boolean;
  same_data_since: Date | null;
  alerts: { rule: string; severity: Severity; since: string }[];
} & (Run | { scheduled_time: null });

/** Redis may be away, or behind what was recorded while it was; then PostgreSQL's answer is the newest. */
const newest = (cached: Result | undefined, recorded: Result | undefined): Result | undefined =>
  cached && cached.scheduled_time > (recorded?.scheduled_time ?? '') ? cached : recorded;

/** What Redis alone can tell. */
const withoutSchedule = (cached: Result): Output<typeof route> => ({
  status: 200,
  body: { ...cached, ...unknown },
});

/** The newest result of a model, when its next is due, and whether one is overdue. */
export const getResult =
  ({ db, results }: Deps) =>
  async ({ model_id }: Input<typeof route>): Promise<Output<typeof route>> => {
    const [cached, answer] = await Promise.all([
      results.read(model_id).catch(() => undefined),
      (db.query<Found>(readResultSql, [model_id]) as Promise<[Found]>).catch((error: Error) => error),
    ]);
    if (answer instanceof Error) {
      if (cached && answer instanceof Unavailable) return withoutSchedule(cached);
      throw answer;
    }
    const [found] = answer;
    const recorded = found.scheduled_time === null ? undefined : toResult(found);
    const result = newest(cached, recorded);
    if (!result && !found.scheduled)
      throw new Problem(404, `model ${model_id} has no schedule and no result`);
    return {
      status: 200,
      body: {
        ...(result ?? pending(model_id)),
        reference: result && found.reference ? compare(result, found.reference) : null,
        name: found.name,
        data_stale: found.data_stale,
        data_deleted: found.data_deleted,
        same_data_since: found.same_data_since?.toISOString() ?? null,
        alerts: found.alerts.map(({ since, ...alert }) => ({
          ...alert,
          since: new Date(since).toISOString(),
        })),
        scheduled: found.scheduled,
        next_run_at: found.scheduled ? nextRunAt(found, new Date()) : null,
        stale: found.stale,
      },
    };
  };

export const handler = httpHandler(route, async () =>
  getResult({ db: database(), results: await results() }),
);
