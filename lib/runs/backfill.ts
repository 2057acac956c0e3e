import pLimit from 'p-limit';
import endBackfillSql from '../../sql/queries/endBackfill.sql';
import takeBackfillsSql from '../../sql/queries/takeBackfills.sql';
import type { Database } from '../postgres/database';
import type { Invoker } from '../runtime/invoker';
import type { RunKey } from './run';

/** Few, so that scheduled runs find room. */
const runsAtATime = 2;
const batch = 20;

const maxAttempts = 5;
const retrySeconds = 60;

type Taken = RunKey & { attempts: number };

interface Deps {
  db: Database;
  runs: Pick<Invoker, 'invoke'>;
}

/** @returns whether it was run. A failure is noted beside the due time. */
const runOne = async (
  { db, runs }: Deps,
  { model_id, scheduled_time, attempts }: Taken,
): Promise<boolean> => {
  const event = { model_id, scheduled_time: scheduled_time.toISOString(), trigger: 'backfill' };
  const error = await runs.invoke(event).then(
    () => null,
    (failure: Error) => ((failure.cause as Error | undefined) ?? failure).message,
  );
  const again = attempts < maxAttempts ? retrySeconds : null;
  await db.query(endBackfillSql, [model_id, scheduled_time, error, again]);
  return error === null;
};

/** Runs due times of backfills until none is left, or the time is over. @returns how many were run */
export const runBackfills = async (deps: Deps, until: Date): Promise<number> => {
  const limit = pLimit(runsAtATime);
  let done = 0;
  while (new Date() < until) {
    const taken = await deps.db.query<Taken>(takeBackfillsSql, [batch]);
    const ran = await limit.map(taken, (due) => runOne(deps, due));
    done += ran.filter(Boolean).length;
    if (taken.length < batch) break;
  }
  return done;
};
