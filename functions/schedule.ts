import { endpoint } from '../lib/http/handler';
import type { Answer, Input, Route } from '../lib/http/route';
import { type Database, transaction } from '../lib/postgres/database';
import { database, scheduler } from '../lib/runtime/clients';
import { describeSchedule, scheduleSchema, settingsSchema } from '../lib/schedule/schedule';
import { storeSchedule } from '../lib/schedule/storeSchedule';
import type { Scheduler } from '../lib/scheduler/scheduler';

export const route = {
  name: 'schedule',
  method: 'post',
  path: '/schedule',
  summary: "Make or replace a model's schedule",
  description: 'The same settings again change nothing, so that a request may be repeated.',
  scope: 'write',
  body: settingsSchema,
  answers: {
    200: { description: 'Replaced, or there already', schema: scheduleSchema },
    201: {
      description: 'New',
      schema: scheduleSchema,
      headers: { location: "The schedule's path" },
    },
  },
  problems: [503],
} satisfies Route;

interface Deps {
  db: Database;
  scheduler: Scheduler;
}

/** Makes or replaces a model's schedule, in PostgreSQL and the Scheduler or in neither. */
export const schedule =
  ({ db, scheduler }: Deps) =>
  async (settings: Input<typeof route>): Promise<Answer<typeof route>> => {
    const { schedule, created } = await transaction(db, (connection) =>
      storeSchedule(connection, scheduler, settings),
    );
    const body = describeSchedule(schedule, new Date());
    return created
      ? { status: 201, body, headers: { location: `/schedule/${settings.model_id}` } }
      : { status: 200, body };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () =>
  schedule({ db: database(), scheduler: scheduler() }),
);
