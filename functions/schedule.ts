import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/schedule';
import { database, scheduler } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import { type MakeDeps, makeSchedule } from '../lib/schedule/makeSchedule';
import { describeSchedule } from '../lib/schedule/schedule';
import { putSchedule } from '../lib/scheduler/putSchedule';

/** Makes or replaces a model's schedule, in PostgreSQL and the Scheduler or in neither. */
export const schedule =
  (deps: MakeDeps) =>
  async (settings: Input<typeof route>): Promise<Output<typeof route>> => {
    const { schedule, created } = await makeSchedule(deps, settings);
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
