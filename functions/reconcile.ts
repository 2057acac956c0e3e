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
import putDefinitionsSql from '../sql/queries/putDefinitions.sql';
import readDefinitionsSql from '../sql/queries/readDefinitions.sql';

interface Deps {
  db: Database;
  scheduler: Scheduler;
}

/** A row of `scheduler_definitions`. */
interface Definition {
  model_id: string;
  digest: string;
  modified_at: Date;
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

/** A date so young might stay the same when the schedule changes again. */
const sameDateMs = 2000;

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

type Outcome = keyof Reconciled;

/** Puts a schedule that is not right into the Scheduler, and says in which way it was wrong. */
const mend = async (deps: Deps, model_id: string, isThere: boolean): Promise<Outcome> => {
  try {
    await put(deps, model_id, !isThere);
    return isThere ? 'different' : 'missing';
  } catch (error) {
    if (!(error instanceof Refused || error instanceof QuotaExceeded)) throw error;
    log.error('schedule refused', { model_id, problem: error.message });
    return 'refused';
  }
};

type Listed = Awaited<ReturnType<Scheduler['list']>>;

/** What a page of schedules is settled with. */
interface Page {
  listed: Listed;
  known: Map<string, Definition>;
  /** Takes what was found right, and was not known to be. */
  note: (definition: Definition) => void;
}

/** Makes one schedule right. */
const settle = async (deps: Deps, { listed, known, note }: Page, schedule: Schedule): Promise<Outcome> => {
  const { model_id } = schedule;
  const problem = unreadable(schedule);
  if (problem) {
    log.error('schedule cannot be read', { model_id, problem });
    return 'unreadable';
  }
  if (!listed.has(model_id)) return mend(deps, model_id, false);
  const modified_at = listed.get(model_id);
  const digest = deps.scheduler.digest(schedule);
  const before = known.get(model_id);
  if (before?.digest === digest && before.modified_at.getTime() === modified_at?.getTime()) return 'equal';
  if (!(await deps.scheduler.has(schedule))) return mend(deps, model_id, true);
  if (modified_at) note({ model_id, digest, modified_at });
  return 'equal';
};

/** Settles a page of schedules, and takes them off the list. What is found right need not be read again. */
const settlePage = async (
  deps: Deps,
  schedules: Schedule[],
  listed: Listed,
  lastSure: Date,
  counts: Reconciled,
) => {
  const ids = schedules.map(({ model_id }) => model_id);
  const rows = await deps.db.query<Definition>(readDefinitionsSql, [ids]);
  const known = new Map(rows.map((row) => [row.model_id, row]));
  const right: Definition[] = [];
  const note = (definition: Definition) => {
    if (definition.modified_at < lastSure) right.push(definition);
  };
  await pLimit(width).map(schedules, async (schedule) => {
    counts[await settle(deps, { listed, known, note }, schedule)]++;
  });
  for (const id of ids) listed.delete(id);
  if (right.length === 0) return;
  const column = (key: keyof Definition) => right.map((row) => row[key]);
  await deps.db.query(putDefinitionsSql, [column('model_id'), column('digest'), column('modified_at')]);
};

/**
 * Makes the Scheduler equal to table `metrics_executions`, in one pass; what is right is not touched. One that is cut short has
 * noted what it found right, and the next goes on from there.
 */
export const reconcile = (deps: Deps) => async (): Promise<Reconciled> => {
  const counts = { equal: 0, missing: 0, different: 0, orphaned: 0, foreign: 0, unreadable: 0, refused: 0 };
  const lastSure = new Date(Date.now() - sameDateMs);
  const listed = await deps.scheduler.list(); // all of it before any is deleted: a page may begin at one that goes
  for await (const page of storedSchedules(deps.db)) await settlePage(deps, page, listed, lastSure, counts);
  await pLimit(width).map([...listed.keys()], async (name) => {
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
