import pLimit from 'p-limit';
import { httpHandler } from '../lib/http/handler';
import { problemOf } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/applySchedules';
import type { Database } from '../lib/postgres/database';
import { database, scheduler } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import { changedFields } from '../lib/schedule/changedFields';
import { type MakeDeps, makeSchedule } from '../lib/schedule/makeSchedule';
import { type RemoveDeps, removeSchedule } from '../lib/schedule/removeSchedule';
import type { Schedule, Settings } from '../lib/schedule/schedule';
import { deleteSchedule } from '../lib/scheduler/deleteSchedule';
import { putSchedule } from '../lib/scheduler/putSchedule';
import listSchedulesSql from '../sql/queries/listSchedules.sql';

type Deps = MakeDeps & RemoveDeps;

const pageSize = 1000;

/** Models at a time. */
const width = 8;

const storedSchedules = async (db: Database): Promise<Map<string, Schedule>> => {
  const stored = new Map<string, Schedule>();
  for (let after: string | null = null; ; ) {
    const page: Schedule[] = await db.query<Schedule>(listSchedulesSql, [after, pageSize]);
    for (const schedule of page) stored.set(schedule.model_id, schedule);
    if (page.length < pageSize) return stored;
    after = page.at(-1)?.model_id ?? null;
  }
};

/** What makes the stored schedules those of the set. */
const planOf = (stored: Map<string, Schedule>, wanted: Settings[], remove: boolean) => {
  const known = wanted.flatMap((settings) => {
    const before = stored.get(settings.model_id);
    return before ? [{ settings, fields: changedFields(before, settings) }] : [];
  });
  const kept = new Set(wanted.map(({ model_id }) => model_id));
  return {
    fresh: wanted.filter(({ model_id }) => !stored.has(model_id)),
    changed: known.filter(({ fields }) => fields.length > 0),
    unchanged: known.filter(({ fields }) => fields.length === 0).length,
    // Once schedules have tags, a set is of a tag, and what it removes has that tag.
    removed: remove ? [...stored.keys()].filter((model_id) => !kept.has(model_id)) : [],
  };
};

/** Makes the schedules those of a set: each model by itself, in PostgreSQL and the Scheduler or in neither. */
export const applySchedules =
  (deps: Deps) =>
  async ({ schedules, dry_run, remove }: Input<typeof route>): Promise<Output<typeof route>> => {
    const { fresh, changed, removed, unchanged } = planOf(await storedSchedules(deps.db), schedules, remove);
    const failed: { model_id: string; message: string }[] = [];
    const limit = pLimit(width);
    const tryEach = (model_id: string, work: () => Promise<unknown>) =>
      work().catch((error) => failed.push({ model_id, message: problemOf(error).message }));
    if (!dry_run) {
      // First those that go: there may be room for so many only.
      await limit.map(removed, (model_id) => tryEach(model_id, () => removeSchedule(deps, model_id)));
      const puts = [...fresh, ...changed.map(({ settings }) => settings)];
      await limit.map(puts, (settings) => tryEach(settings.model_id, () => makeSchedule(deps, settings)));
    }
    const body = {
      dry_run,
      new: fresh.map(({ model_id }) => model_id),
      changed: changed.map(({ settings: { model_id }, fields }) => ({ model_id, fields })),
      removed,
      unchanged,
      failed,
    };
    return { status: 200, body };
  };

export const handler = httpHandler(route, async () => {
  const connection = scheduler();
  return applySchedules({
    db: database(),
    scheduler: { put: putSchedule(connection), delete: deleteSchedule(connection) },
    maxSchedules: env('MAX_SCHEDULES'),
  });
});
