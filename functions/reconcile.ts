import pLimit from 'p-limit';
import type { Database } from '../lib/postgres/database';
import { database, scheduler } from '../lib/runtime/clients';
import { QuotaExceeded, Refused } from '../lib/runtime/failures';
import { lazy } from '../lib/runtime/lazy';
import { log } from '../lib/runtime/log';
import { putServiceState } from '../lib/runtime/serviceState';
import { modelId } from '../lib/schedule/modelId';
import { type Schedule, unreadable } from '../lib/schedule/schedule';
import { lockSchedule } from '../lib/schedule/storeSchedule';
import { openScheduler, type Scheduler } from '../lib/scheduler/scheduler';
import listSchedulesSql from '../sql/queries/listSchedules.sql';

interface Deps {
  db: Database;
  scheduler: Scheduler;
}

/**
 * What was found, and put right. Left alone are `foreign` names, which are no model_id, `unreadable` rows, which somebody
 * wrote past the API, and schedules that the Scheduler `refused`.
 */
export interface Reconciled {
  equal: number;
  missing: number;
  different: number;
  orphaned: number;
  foreign: number;
  unreadable: number;
  refused: number;
}

const pageSize = 1000;

/** Requests to the Scheduler at a time. */
const width = 16;

/** Attempts of one request: 16 at a time soon exceed AWS's quota, which is 250 a second in smaller regions. */
export const attempts = 10;

async function* storedSchedules(db: Database): AsyncGenerator<Schedule[]> {
  let after: string | null = null;
  for (;;) {
    const page: Schedule[] = await db.query<Schedule>(listSchedulesSql, [after, pageSize]);
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.model_id ?? null;
  }
}

/** Reads the row again under its lock: a request may have changed it in the meantime. */
const put = ({ db, scheduler }: Deps, modelId: string, isNew: boolean) =>
  db.transaction(async (connection) => {
    const schedule = await lockSchedule(connection, modelId);
    if (schedule) await scheduler.put(schedule, isNew);
  });

/** Locks the model first: a schedule whose row is just being inserted is not an orphan. */
const removeOrphan = ({ db, scheduler }: Deps, modelId: string) =>
  db.transaction(async (connection) => {
    if (await lockSchedule(connection, modelId)) return false;
    await scheduler.delete(modelId);
    return true;
  });

/** Puts one schedule right, and says in which way it was wrong. */
const settle = async (deps: Deps, schedule: Schedule, found: boolean): Promise<keyof Reconciled> => {
  const { model_id } = schedule;
  const problem = unreadable(schedule);
  if (problem) {
    log.error('schedule cannot be read', { model_id, problem });
    return 'unreadable';
  }
  if (found && (await deps.scheduler.has(schedule))) return 'equal';
  try {
    await put(deps, model_id, !found);
    return found ? 'different' : 'missing';
  } catch (error) {
    if (!(error instanceof Refused || error instanceof QuotaExceeded)) throw error;
    log.error('schedule refused', { model_id, problem: error.message });
    return 'refused';
  }
};

/** Makes the Scheduler equal to table `metrics_executions`, in one pass; what is right is not touched. */
export const reconcile = (deps: Deps) => async (): Promise<Reconciled> => {
  const counts = { equal: 0, missing: 0, different: 0, orphaned: 0, foreign: 0, unreadable: 0, refused: 0 };
  const limit = pLimit(width);
  const names = await deps.scheduler.names(); // all of them before any is deleted: a page may begin at one that goes
  for await (const page of storedSchedules(deps.db)) {
    await limit.map(page, async (schedule) => {
      const found = names.delete(schedule.model_id);
      counts[await settle(deps, schedule, found)]++;
    });
  }
  await limit.map([...names], async (name) => {
    if (modelId.safeParse(name).data !== name) counts.foreign++;
    else if (await removeOrphan(deps, name)) counts.orphaned++;
  });
  return counts;
};

const open = lazy(async () => {
  const { client, target } = scheduler(attempts);
  return { db: database(), scheduler: openScheduler(client, target) };
});

export const handler = async (): Promise<Reconciled> => {
  const deps = await open();
  try {
    const counts = await reconcile(deps)();
    log.info('reconciled', { ...counts });
    await putServiceState(deps.db, 'reconcile', counts);
    return counts;
  } catch (error) {
    await putServiceState(deps.db, 'reconcile', { error: (error as Error).message }).catch(() => {});
    throw error;
  }
};
