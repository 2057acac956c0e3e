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
const planOf = (stored: Map<string, Schedule>, wanted: Settings[], tag: string | undefined) => {
  const known = wanted.flatMap((settings) => {
    const before = stored.get(settings.model_id);
    return before ? [{ settings, fields: changedFields(before, settings) }] : [];
  });
  const kept = new Set(wanted.map(({ model_id }) => model_id));
  const ofSet = tag ? [...stored.values()].filter(({ tags }) => tags.includes(tag)) : [];
  return {
    fresh: wanted.filter(({ model_id }) => !stored.has(model_id)),
    changed: known.filter(({ fields }) => fields.length > 0),
    unchanged: known.filter(({ fields }) => fields.length === 0).length,
    removed: ofSet.map(({ model_id }) => model_id).filter((model_id) => !kept.has(model_id)),
  };
};

/** @returns the models that it did not do, and why */
const carryOut = async (deps: Deps, { fresh, changed, removed }: ReturnType<typeof planOf>) => {
  const failed: { model_id: string; message: string }[] = [];
  const limit = pLimit(width);
  const tryEach = (model_id: string, work: () => Promise<unknown>) =>
    work().catch((error) => failed.push({ model_id, message: problemOf(error).message }));
  // First those that go: their names, and their room, may be for others.
  await limit.map(removed, (model_id) => tryEach(model_id, () => removeSchedule(deps, model_id)));
  const puts = [...fresh, ...changed.map(({ settings }) => settings)];
  await limit.map(puts, (settings) => tryEach(settings.model_id, () => makeSchedule(deps, settings)));
  return failed;
};

/** Makes the schedules those of a set: each model by itself, in PostgreSQL and the Scheduler or in neither. */
export const applySchedules =
  (deps: Deps) =>
  async ({ tag, schedules, dry_run }: Input<typeof route>): Promise<Output<typeof route>> => {
    const wanted = schedules.map((settings) =>
      tag && !settings.tags.includes(tag) ? { ...settings, tags: [...settings.tags, tag] } : settings,
    );
    const plan = planOf(await storedSchedules(deps.db), wanted, tag);
    const body = {
      dry_run,
      new: plan.fresh.map(({ model_id }) => model_id),
      changed: plan.changed.map(({ settings: { model_id }, fields }) => ({ model_id, fields })),
      removed: plan.removed,
      unchanged: plan.unchanged,
      failed: dry_run ? [] : await carryOut(deps, plan),
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
