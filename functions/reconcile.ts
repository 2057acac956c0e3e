import { isDeepStrictEqual } from 'node:util';
import { GetScheduleCommand, paginateListSchedules } from '@aws-sdk/client-scheduler';
import type { Redis } from 'ioredis';
import { type Database, query, transaction } from '../lib/postgres/database';
import { putOverdue } from '../lib/redis/redis';
import { database, redis, scheduler } from '../lib/runtime/clients';
import { once } from '../lib/runtime/lazy';
import { limit } from '../lib/runtime/limit';
import { log } from '../lib/runtime/log';
import { measureOverdue } from '../lib/runtime/telemetry';
import { modelId } from '../lib/schedule/fields';
import { isStale, type Schedule, unreadable } from '../lib/schedule/schedule';
import { deleteSchedule, putSchedule, type Scheduler, scheduleDefinition } from '../lib/scheduler/scheduler';
import claimModelSql from '../sql/queries/claimModel.sql';
import deleteScheduleSql from '../sql/queries/deleteSchedule.sql';
import listScheduleStatesSql from '../sql/queries/listScheduleStates.sql';
import lockScheduleSql from '../sql/queries/lockSchedule.sql';

interface Deps {
  db: Database;
  redis: Redis;
  scheduler: Scheduler;
}

/**
 * What was found, and put right. Left alone are `foreign` names, which are no model_id, and `unreadable` rows, which
 * somebody wrote past the API. `overdue` models are stale.
 */
export interface Reconciled {
  equal: number;
  missing: number;
  different: number;
  orphaned: number;
  foreign: number;
  unreadable: number;
  overdue: number;
}

const pageSize = 1000;

/** Requests to the Scheduler at a time. */
const width = 16;

/** Of one request: so many at a time are soon more than AWS's quota, which is 250 a second in smaller regions. */
export const attempts = 10;

interface State extends Schedule {
  newest_run: Date | null;
}

async function* storedSchedules(db: Database): AsyncGenerator<State[]> {
  let after: string | null = null;
  for (;;) {
    const page: State[] = await query<State>(db, listScheduleStatesSql, [after, pageSize]);
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.model_id ?? null;
  }
}

/** All pages before anything is deleted: a page token can point to the schedule that goes. */
const scheduledNames = async ({ client, target }: Scheduler): Promise<Set<string>> => {
  const names = new Set<string>();
  const pages = paginateListSchedules({ client, pageSize: 100 }, { GroupName: target.groupName });
  for await (const page of pages) for (const { Name } of page.Schedules ?? []) names.add(Name as string);
  return names;
};

const isEqual = async ({ client, target }: Scheduler, schedule: Schedule): Promise<boolean> => {
  const wanted = scheduleDefinition(schedule, target);
  const found = await client
    .send(new GetScheduleCommand({ Name: wanted.Name, GroupName: wanted.GroupName }))
    .catch((error) => (error.name === 'ResourceNotFoundException' ? undefined : Promise.reject(error)));
  const keys = Object.keys(wanted) as (keyof typeof wanted)[];
  return keys.every((key) => isDeepStrictEqual(found?.[key as keyof typeof found], wanted[key]));
};

/** In the model's turn, from its row as it is then: a request may have changed it since it was read. */
const put = ({ db, scheduler }: Deps, modelId: string, isNew: boolean) =>
  transaction(db, async (connection) => {
    const [schedule] = await query<Schedule>(connection, lockScheduleSql, [modelId]);
    if (schedule) await putSchedule(scheduler, schedule, isNew);
  });

/** In the model's turn: a schedule whose row is being inserted is no orphan. */
const removeOrphan = ({ db, scheduler }: Deps, modelId: string) =>
  transaction(db, async (connection) => {
    const [claimed] = await query(connection, claimModelSql, [modelId]);
    if (!claimed) return false;
    await deleteSchedule(scheduler, modelId);
    await query(connection, deleteScheduleSql, [modelId]);
    return true;
  });

/** Makes the Scheduler equal to table `metrics_executions`, in one pass; what is right is not touched. */
export const reconcile = (deps: Deps) => async (): Promise<Reconciled> => {
  const counts = { equal: 0, missing: 0, different: 0, orphaned: 0, foreign: 0, unreadable: 0, overdue: 0 };
  const turn = limit(width);
  const names = await scheduledNames(deps.scheduler);
  const settle = async ({ newest_run, ...schedule }: State) => {
    if (isStale(schedule, newest_run, new Date())) counts.overdue++;
    const found = names.delete(schedule.model_id);
    const problem = unreadable(schedule);
    if (problem) {
      counts.unreadable++;
      log.error('schedule cannot be read', { model_id: schedule.model_id, problem });
      return;
    }
    if (found && (await isEqual(deps.scheduler, schedule))) {
      counts.equal++;
      return;
    }
    await put(deps, schedule.model_id, !found);
    counts[found ? 'different' : 'missing']++;
  };
  for await (const page of storedSchedules(deps.db)) {
    await Promise.all(page.map((schedule) => turn(() => settle(schedule))));
  }
  const remove = async (name: string) => {
    if (!modelId.safeParse(name).success) counts.foreign++;
    else if (await removeOrphan(deps, name)) counts.orphaned++;
  };
  await Promise.all([...names].map((name) => turn(() => remove(name))));
  await putOverdue(deps.redis, counts.overdue).catch((error) =>
    log.warn('overdue not told', { error: error.cause }),
  );
  return counts;
};

const run = once(async () => reconcile({ db: database(), redis: redis(), scheduler: scheduler(attempts) }));

export const handler = async (): Promise<Reconciled> => {
  const counts = await (await run())();
  log.info('reconciled', { ...counts });
  measureOverdue(counts.overdue);
  return counts;
};
