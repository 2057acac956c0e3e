import endBackfillSql from '../../sql/queries/endBackfill.sql';
import takeBackfillSql from '../../sql/queries/takeBackfill.sql';
import type { Database } from '../postgres/database';
import type { Invoker } from '../runtime/invoker';
import type { RunKey } from './run';

/** Few, so that scheduled runs find room. */
const runsAtATime = 2;
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
  let done = 0;
  const work = async () => {
    while (new Date() < until) {
      const [due] = await deps.db.query<Taken>(takeBackfillSql);
      if (!due) return;
      if (await runOne(deps, due)) done++;
    }
  };
  await Promise.all(Array.from({ length: runsAtATime }, work));
  return done;
};
