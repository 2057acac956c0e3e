import { z } from 'zod';
import { database, scheduler } from '../lib/clients';
import { type Answer, endpoint, type Input } from '../lib/endpoint';
import { cronExpression, enabled, modelId, timezone } from '../lib/fields';
import { once } from '../lib/once';
import { type Database, query, transaction } from '../lib/postgres';
import { describeSchedule, type Schedule } from '../lib/schedule';
import { putSchedule, type Scheduler } from '../lib/scheduler';
import getScheduleSql from '../sql/queries/getSchedule.sql';
import putScheduleSql from '../sql/queries/putSchedule.sql';

export const request = {
  body: z.strictObject({
    model_id: modelId,
    cron_expression: cronExpression,
    timezone: timezone.default('UTC'),
    enabled: enabled.default(true),
  }),
};

interface Deps {
  db: Database;
  scheduler: Scheduler;
}

/**
 * Makes or replaces a model's schedule, in PostgreSQL and the Scheduler or in neither. The same settings again change
 * nothing and call nobody.
 */
export const schedule =
  ({ db, scheduler }: Deps) =>
  async (settings: Input<typeof request>): Promise<Answer> => {
    const { model_id, cron_expression, timezone, enabled } = settings;
    const [stored, created] = await transaction(db, async (connection) => {
      const values = [model_id, cron_expression, timezone, enabled];
      const [changed] = await query<Schedule & { created: boolean }>(connection, putScheduleSql, values);
      if (changed) {
        await putSchedule(scheduler, changed, changed.created);
        return [changed, changed.created];
      }
      const [unchanged] = await query<Schedule>(connection, getScheduleSql, [model_id]);
      return [unchanged as Schedule, false];
    });
    return {
      status: created ? 201 : 200,
      body: describeSchedule(stored, new Date()),
      ...(created && { headers: { location: `/schedule/${model_id}` } }),
    };
  };

export const handler = endpoint(
  request,
  once(async () => schedule({ db: database(), scheduler: scheduler() })),
);
