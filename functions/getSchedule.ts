import { database } from '../lib/clients';
import { type Answer, endpoint, type Input } from '../lib/endpoint';
import { modelParams } from '../lib/fields';
import { once } from '../lib/once';
import { type Database, query } from '../lib/postgres';
import { Problem } from '../lib/problem';
import { describeSchedule, type Schedule } from '../lib/schedule';
import getScheduleSql from '../sql/queries/getSchedule.sql';

export const request = { params: modelParams };

/** One model's schedule. */
export const getSchedule =
  ({ db }: { db: Database }) =>
  async ({ model_id }: Input<typeof request>): Promise<Answer> => {
    const [schedule] = await query<Schedule>(db, getScheduleSql, [model_id]);
    if (!schedule) throw new Problem(404, `model ${model_id} has no schedule`);
    return { status: 200, body: describeSchedule(schedule, new Date()) };
  };

export const handler = endpoint(
  request,
  once(async () => getSchedule({ db: database() })),
);
