import { endpoint } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import { type Answer, type Input, type Route, revalidate } from '../lib/http/route';
import { type Database, query } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { modelParams } from '../lib/schedule/fields';
import { describeSchedule, type Schedule, scheduleSchema } from '../lib/schedule/schedule';
import getScheduleSql from '../sql/queries/getSchedule.sql';

export const route = {
  name: 'getSchedule',
  method: 'get',
  path: '/schedule/{model_id}',
  summary: "Read a model's schedule",
  scope: 'read',
  params: modelParams,
  answers: { 200: { description: 'The schedule', schema: scheduleSchema } },
  problems: [404, 503],
  cacheControl: revalidate,
} satisfies Route;

/** One model's schedule. */
export const getSchedule =
  ({ db }: { db: Database }) =>
  async ({ model_id }: Input<typeof route>): Promise<Answer<typeof route>> => {
    const [schedule] = await query<Schedule>(db, getScheduleSql, [model_id]);
    if (!schedule) throw new Problem(404, `model ${model_id} has no schedule`);
    return { status: 200, body: describeSchedule(schedule, new Date()) };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () => getSchedule({ db: database() }));
