import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/listSchedules';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { describeSchedule, type Schedule } from '../lib/schedule/schedule';
import listSchedulesSql from '../sql/queries/listSchedules.sql';

/** A page of schedules. The cursor is the last model_id of the page before, so it outlives its schedule. */
export const listSchedules =
  ({ db }: { db: Database }) =>
  async ({ limit, cursor }: Input<typeof route>): Promise<Output<typeof route>> => {
    const found = await db.query<Schedule>(listSchedulesSql, [cursor, limit + 1]);
    const page = found.slice(0, limit);
    const now = new Date();
    return {
      status: 200,
      body: {
        items: page.map((schedule) => describeSchedule(schedule, now)),
        next_cursor: found.length > limit ? (page.at(-1)?.model_id ?? null) : null,
      },
    };
  };

export const handler = httpHandler(route, async () => listSchedules({ db: database() }));
