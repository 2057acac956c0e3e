import pLimit from 'p-limit';
import { tell } from '../lib/alerts/tell';
import { beat } from '../lib/channels/heartbeat';
import type { Database, Queries } from '../lib/postgres/database';
import type { RunKey } from '../lib/runs/run';
import { database, notifier, runs } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import type { Invoker } from '../lib/runtime/invoker';
import { lazy } from '../lib/runtime/lazy';
import { log } from '../lib/runtime/log';
import { putServiceState } from '../lib/runtime/serviceState';
import { measureWatch } from '../lib/runtime/telemetry';
import { expectRuns } from '../lib/schedule/expectRuns';
import { countStatuses } from '../lib/schedule/modelList';
import { lookAfter, type Overdue } from '../lib/schedule/overdue';
import moveStatesSql from '../sql/queries/moveStates.sql';
import queueRevisionsSql from '../sql/queries/queueRevisions.sql';
import retryCatchUpsSql from '../sql/queries/retryCatchUps.sql';
import sumStatusCountsSql from '../sql/queries/sumStatusCounts.sql';
import takeCatchUpsSql from '../sql/queries/takeCatchUps.sql';
import takeOverdueSql from '../sql/queries/takeOverdue.sql';
import takeRevisionsSql from '../sql/queries/takeRevisions.sql';
import tellStaleSql from '../sql/queries/tellStale.sql';

interface Deps {
  db: Database;
  runs: Invoker;
}

export interface Watched {
  /** Due times that were found to be missed. */
  missed: number;
  /** Runs that were invoked to catch up. */
  invoked: number;
  /** Runs that were invoked again, since their predictions or labels had changed. */
  revised: number;
}

/** Models in one transaction. */
const batch = 500;

/** Late runs that one look invokes: more would hold up those of the next minute. */
const maxInvoked = 20_000;
const takenAtOnce = 1000;
const invokedAtATime = 32;

/** Records what a batch of overdue models has missed, and moves their states on. */
const recordMissed = async (connection: Queries): Promise<{ models: number; missed: number }> => {
  const overdue = await connection.query<Overdue>(takeOverdueSql, [batch]);
  if (overdue.length === 0) return { models: 0, missed: 0 };
  const looks = overdue.map((model) => ({ model_id: model.model_id, ...lookAfter(model, new Date()) }));
  const missed = await expectRuns(
    connection,
    looks.flatMap(({ expected }) => expected),
  );
  const newest = new Map<string, Date>();
  for (const { model_id, scheduled_time } of missed) {
    if (scheduled_time > (newest.get(model_id) ?? 0)) newest.set(model_id, scheduled_time);
  }
  await connection.query(moveStatesSql, [
    looks.map(({ model_id }) => model_id),
    looks.map(({ next_due }) => next_due),
    looks.map(({ expected_by }) => expected_by),
    looks.map(({ model_id, unreadable_since }) => newest.get(model_id) ?? unreadable_since),
  ]);
  return { models: overdue.length, missed: missed.length };
};

/** Invokes runs late. @throws Unavailable when Lambda does not take them: the next look tries again */
const catchUp = async ({ db, runs }: Deps): Promise<number> => {
  const limit = pLimit(invokedAtATime);
  let invoked = 0;
  for (let full = true; full && invoked < maxInvoked; ) {
    const taken = await db.query<RunKey & { wanted: boolean }>(takeCatchUpsSql, [takenAtOnce]);
    const due = taken.filter(({ wanted }) => wanted);
    const refused: { run: RunKey; error: unknown }[] = [];
    await limit.map(due, ({ model_id, scheduled_time }) =>
      runs
        .invokeLater({ model_id, scheduled_time: scheduled_time.toISOString() })
        .catch((error) => refused.push({ run: { model_id, scheduled_time }, error })),
    );
    if (refused.length > 0) {
      const keys = refused.map(({ run }) => run);
      await db.query(retryCatchUpsSql, [
        keys.map(({ model_id }) => model_id),
        keys.map(({ scheduled_time }) => scheduled_time),
      ]);
      throw refused[0]?.error;
    }
    invoked += due.length;
    full = taken.length === takenAtOnce;
  }
  return invoked;
};

/** Notes of changes in one statement, and runs that one look computes again: the next one goes on. */
const notesAtOnce = 10_000;
const maxRevised = 1000;

/** Has runs computed again whose labels have changed. Lambda may refuse some: they are taken again later. */
const revise = async ({ db, runs }: Deps): Promise<number> => {
  while ((await db.query(queueRevisionsSql, [notesAtOnce])).length === notesAtOnce);
  const due = await db.query<RunKey>(takeRevisionsSql, [maxRevised]);
  await pLimit(invokedAtATime).map(due, ({ model_id, scheduled_time }) =>
    runs.invokeLater({ model_id, scheduled_time: scheduled_time.toISOString(), revise: true }),
  );
  return due.length;
};

/**
 * Looks for due times whose run did not come in time: records them, and runs them late as their schedules say. `onMissed` is
 * told how many were found, before Lambda can refuse anything.
 */
export const watch =
  (deps: Deps, onMissed?: (missed: number) => Promise<void>) => async (): Promise<Watched> => {
    let missed = 0;
    for (let full = true; full; ) {
      const found = await deps.db.transaction(recordMissed);
      missed += found.missed;
      full = found.models === batch;
    }
    for (let full = true; full; ) full = (await deps.db.query(tellStaleSql, [batch])).length === batch;
    await deps.db.query(sumStatusCountsSql);
    await onMissed?.(missed);
    const invoked = await catchUp(deps);
    return { missed, invoked, revised: await revise(deps) };
  };

const open = lazy(async () => ({ db: database(20_000), runs: runs(), notifier: notifier() }));

/** Without a heartbeat somebody elsewhere notices that nobody watches. Whether it arrives is no failure of watch. */
const sendHeartbeat = async (): Promise<void> => {
  const url = env('HEARTBEAT_URL');
  if (!url) return;
  await beat(url, env('WEBHOOK_ALLOW')).catch((error) =>
    log.warn('heartbeat not sent', { error: error.message }),
  );
};

export const handler = async (): Promise<Watched> => {
  const deps = await open();
  const measure = async (missed: number) => measureWatch((await countStatuses(deps.db)).stale, missed);
  const watched = await watch(deps, measure)().finally(() => tell(deps.db, deps.notifier));
  log.info('watched', { ...watched });
  await putServiceState(deps.db, 'watch', watched);
  await sendHeartbeat();
  return watched;
};
