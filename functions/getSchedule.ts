import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/getSchedule';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { describeSchedule, type Schedule } from '../lib/schedule/schedule';
import getScheduleSql from '../sql/queries/getSchedule.sql';

/** One model's schedule. */
export const getSchedule =
  ({ db }: { db: Database }) =>
  async ({ model_id }: Input<typeof route>): Promise<Output<typeof route>> => {
    const [schedule] = await db.query<Schedule>(getScheduleSql, [model_id]);
    if (!schedule) throw new Problem(404, `model ${model_id} has no schedule`);
    return { status: 200, body: describeSchedule(schedule, new Date()) };
  };

export const handler = httpHandler(route, async () => getSchedule({ db: database() }));
