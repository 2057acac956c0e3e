import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/setReference';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { describeSchedule, type Schedule } from '../lib/schedule/schedule';
import setReferenceSql from '../sql/queries/setReference.sql';

/** Makes a run the one that later runs of its model are compared with. */
export const setReference =
  ({ db }: { db: Database }) =>
  async ({ model_id, scheduled_time }: Input<typeof route>): Promise<Output<typeof route>> => {
    const [schedule] = await db.query<Schedule>(setReferenceSql, [model_id, scheduled_time]);
    if (!schedule) throw new Problem(404, `model ${model_id} has no schedule, or no such run with a number`);
    return { status: 200, body: describeSchedule(schedule, new Date()) };
  };

export const handler = httpHandler(route, async () => setReference({ db: database() }));
