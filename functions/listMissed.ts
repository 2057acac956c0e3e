import * as z from 'zod';
import { endpoint } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import { type Answer, type Input, type Route, revalidate } from '../lib/http/route';
import { type Database, query } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { parseCron, previousDue } from '../lib/schedule/cron/cron';
import { count, instant, instantText, modelParams } from '../lib/schedule/fields';
import { graceMs, type Schedule, unreadable } from '../lib/schedule/schedule';
import getScheduleSql from '../sql/queries/getSchedule.sql';
import listRunTimesSql from '../sql/queries/listRunTimes.sql';

/** So many due times are looked at; one takes some 20 microseconds. */
const maxDueTimes = 5000;

export const route = {
  name: 'listMissed',
  method: 'get',
  path: '/results/{model_id}/missed',
  summary: 'List the due times that have no run, newest first',
  description: `Of the schedule as it is now, since it was last changed, and of its last ${maxDueTimes} due times. A due time counts as missed two minutes after its window.`,
  scope: 'read',
  params: modelParams,
  query: z.strictObject({
    after: instant.optional().meta({ description: 'Only due times later than this' }),
    limit: count(1, 1000, 100).meta({ description: 'How many to answer at most' }),
  }),
  answers: {
    200: {
      description: 'Due times without a run',
      schema: z.object({ items: z.array(instantText) }),
      examples: [{ items: ['2026-03-01T12:05:00.000Z'] }],
    },
  },
  problems: [404, 503],
  cacheControl: revalidate,
} satisfies Route;

/** Newest first. */
function* dueTimes({ cron_expression, timezone }: Schedule, notBefore: number, before: number) {
  const cron = parseCron(cron_expression);
  let due = previousDue(cron, timezone, before, notBefore);
  for (let n = 0; due && n < maxDueTimes; n++) {
    yield due;
    due = previousDue(cron, timezone, due.getTime() - 1, notBefore);
  }
}

/** The due times that passed without a run. A paused schedule has none: due times before a change do not belong to it. */
export const listMissed =
  ({ db }: { db: Database }) =>
  async ({ model_id, after, limit }: Input<typeof route>): Promise<Answer<typeof route>> => {
    const [schedule] = await query<Schedule>(db, getScheduleSql, [model_id]);
    if (!schedule) throw new Problem(404, `model ${model_id} has no schedule`);
    if (!schedule.enabled || unreadable(schedule)) return { status: 200, body: { items: [] } };
    const notBefore = Math.max(schedule.updated_at.getTime(), after ? after.getTime() + 1 : 0);
    const rows = await query<{ scheduled_time: Date }>(db, listRunTimesSql, [
      model_id,
      new Date(notBefore),
      maxDueTimes,
    ]);
    const ran = new Set(rows.map(({ scheduled_time }) => scheduled_time.getTime()));
    const missed: string[] = [];
    for (const due of dueTimes(schedule, notBefore, Date.now() - graceMs(schedule))) {
      if (missed.length === limit) break;
      if (!ran.has(due.getTime())) missed.push(due.toISOString());
    }
    return { status: 200, body: { items: missed } };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () => listMissed({ db: database() }));
