import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/schedule';
import type { Database, Queries } from '../lib/postgres/database';
import { database, scheduler } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import { describeSchedule } from '../lib/schedule/schedule';
import { lockSchedule, storeSchedule } from '../lib/schedule/storeSchedule';
import { putSchedule } from '../lib/scheduler/putSchedule';
import type { Scheduler } from '../lib/scheduler/scheduler';
import hasSchedulesSql from '../sql/queries/hasSchedules.sql';

interface Deps {
  db: Database;
  scheduler: Pick<Scheduler, 'put'>;
  /** How many schedules there may be. Of two that are made at the same moment, one may be too many. */
  maxSchedules?: number | undefined;
}

/** @throws Problem 429 */
const requireRoom = async (connection: Queries, maxSchedules: number): Promise<void> => {
  const full = await connection.query(hasSchedulesSql, [maxSchedules]);
  if (full.length === 0) return;
  throw new Problem(429, `there are ${maxSchedules} schedules, which is all that MAX_SCHEDULES allows`, {
    headers: { 'retry-after': '60' },
  });
};

/** Makes or replaces a model's schedule, in PostgreSQL and the Scheduler or in neither. */
export const schedule =
  ({ db, scheduler, maxSchedules }: Deps) =>
  async (settings: Input<typeof route>): Promise<Output<typeof route>> => {
    const { schedule, created } = await db.transaction(async (connection) => {
      const stored = await lockSchedule(connection, settings.model_id);
      if (!stored && maxSchedules) await requireRoom(connection, maxSchedules);
      const schedule = await storeSchedule(connection, scheduler, stored, settings);
      return { schedule, created: stored === undefined };
    });
    const body = describeSchedule(schedule, new Date());
    return created
      ? { status: 201, body, headers: { location: `/schedule/${settings.model_id}` } }
      : { status: 200, body };
  };

export const handler = httpHandler(route, async () =>
  schedule({
    db: database(),
    scheduler: { put: putSchedule(scheduler()) },
    maxSchedules: env('MAX_SCHEDULES'),
  }),
);
