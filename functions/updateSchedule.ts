import * as z from 'zod';
import { endpoint } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Answer, Input, Route } from '../lib/http/route';
import { type Database, query, transaction } from '../lib/postgres/database';
import { database, scheduler } from '../lib/runtime/clients';
import {
  cronExpression,
  enabled,
  flexibleWindowMinutes,
  modelParams,
  timezone,
} from '../lib/schedule/fields';
import { describeSchedule, type Schedule, scheduleSchema, unreadable } from '../lib/schedule/schedule';
import { storeSchedule } from '../lib/schedule/storeSchedule';
import type { Scheduler } from '../lib/scheduler/scheduler';
import lockScheduleSql from '../sql/queries/lockSchedule.sql';

export const route = {
  name: 'updateSchedule',
  method: 'patch',
  path: '/schedule/{model_id}',
  summary: "Change some of a schedule's settings",
  description: 'Settings that are left out stay. `{"enabled": false}` pauses, `{"enabled": true}` resumes.',
  scope: 'write',
  params: modelParams,
  body: z
    .strictObject({
      cron_expression: cronExpression.optional(),
      timezone: timezone.optional(),
      enabled: enabled.optional(),
      flexible_window_minutes: flexibleWindowMinutes.optional(),
    })
    .meta({ id: 'Changes', examples: [{ enabled: false }] }),
  answers: { 200: { description: 'The schedule as it is now', schema: scheduleSchema } },
  problems: [404, 503],
} satisfies Route;

interface Deps {
  db: Database;
  scheduler: Scheduler;
}

/** Changes some settings, in PostgreSQL and the Scheduler or in neither; two changes at once both happen. */
export const updateSchedule =
  ({ db, scheduler }: Deps) =>
  async ({ model_id, ...changes }: Input<typeof route>): Promise<Answer<typeof route>> => {
    const { schedule } = await transaction(db, async (connection) => {
      const [stored] = await query<Schedule>(connection, lockScheduleSql, [model_id]);
      if (!stored) throw new Problem(404, `model ${model_id} has no schedule`);
      const settings = {
        model_id,
        cron_expression: changes.cron_expression ?? stored.cron_expression,
        timezone: changes.timezone ?? stored.timezone,
        enabled: changes.enabled ?? stored.enabled,
        flexible_window_minutes: changes.flexible_window_minutes ?? stored.flexible_window_minutes,
      };
      const wrong = unreadable(settings);
      if (wrong) throw new Problem(400, `the stored schedule is wrong, send what replaces it: ${wrong}`);
      return storeSchedule(connection, scheduler, settings);
    });
    return { status: 200, body: describeSchedule(schedule, new Date()) };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () =>
  updateSchedule({ db: database(), scheduler: scheduler() }),
);
