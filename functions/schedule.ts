import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/schedule';
import type { Database } from '../lib/postgres/database';
import { database, scheduler } from '../lib/runtime/clients';
import { describeSchedule } from '../lib/schedule/schedule';
import { lockSchedule, storeSchedule } from '../lib/schedule/storeSchedule';
import { putSchedule } from '../lib/scheduler/putSchedule';
import type { Scheduler } from '../lib/scheduler/scheduler';

interface Deps {
  db: Database;
  scheduler: Pick<Scheduler, 'put'>;
}

/** Makes or replaces a model's schedule, in PostgreSQL and the Scheduler or in neither. */
export const schedule =
  ({ db, scheduler }: Deps) =>
  async (settings: Input<typeof route>): Promise<Output<typeof route>> => {
    const { schedule, created } = await db.transaction(async (connection) => {
      const stored = await lockSchedule(connection, settings.model_id);
      const schedule = await storeSchedule(connection, scheduler, stored, settings);
      return { schedule, created: stored === undefined };
    });
    const body = describeSchedule(schedule, new Date());
    return created
      ? { status: 201, body, headers: { location: `/schedule/${settings.model_id}` } }
      : { status: 200, body };
  };

export const handler = httpHandler(route, async () =>
  schedule({ db: database(), scheduler: { put: putSchedule(scheduler()) } }),
);
