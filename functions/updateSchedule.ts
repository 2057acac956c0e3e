import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/updateSchedule';
import type { Database } from '../lib/postgres/database';
import { database, scheduler } from '../lib/runtime/clients';
import { dataErrors } from '../lib/schedule/dataSettings';
import { metricErrors } from '../lib/schedule/metricSettings';
import { describeSchedule, type Settings, unreadable } from '../lib/schedule/schedule';
import { lockSchedule, storeSchedule } from '../lib/schedule/storeSchedule';
import { putSchedule } from '../lib/scheduler/putSchedule';
import type { Scheduler } from '../lib/scheduler/scheduler';

interface Deps {
  db: Database;
  scheduler: Pick<Scheduler, 'put'>;
}

/** Changes some settings, in PostgreSQL and the Scheduler or in neither; two changes at once both happen. */
export const updateSchedule =
  ({ db, scheduler }: Deps) =>
  async ({ model_id, ...changes }: Input<typeof route>): Promise<Output<typeof route>> => {
    const schedule = await db.transaction(async (connection) => {
      const stored = await lockSchedule(connection, model_id);
      if (!stored) throw new Problem(404, `model ${model_id} has no schedule`);
      const settings: Settings = {
        model_id,
        cron_expression: changes.cron_expression ?? stored.cron_expression,
        timezone: changes.timezone ?? stored.timezone,
        enabled: changes.enabled ?? stored.enabled,
        flexible_window_minutes: changes.flexible_window_minutes ?? stored.flexible_window_minutes,
        catch_up: changes.catch_up ?? stored.catch_up,
        task: changes.task ?? stored.task,
        metrics: changes.metrics ?? stored.metrics,
        pos_label: changes.pos_label === undefined ? stored.pos_label : changes.pos_label,
        labels: changes.labels === undefined ? stored.labels : changes.labels,
        name: changes.name === undefined ? stored.name : changes.name,
        description: changes.description === undefined ? stored.description : changes.description,
        tags: changes.tags ?? stored.tags,
        max_data_age_minutes:
          changes.max_data_age_minutes === undefined
            ? stored.max_data_age_minutes
            : changes.max_data_age_minutes,
        data: changes.data ?? stored.data,
        min_samples: changes.min_samples === undefined ? stored.min_samples : changes.min_samples,
        min_coverage: changes.min_coverage === undefined ? stored.min_coverage : changes.min_coverage,
        segments: changes.segments ?? stored.segments,
        revise_for: changes.revise_for ?? stored.revise_for,
      };
      const errors = [...metricErrors(settings), ...dataErrors(settings)].map(({ path, message }) => ({
        path: path.join('.'),
        message,
      }));
      if (errors.length > 0)
        throw new Problem(400, 'the settings do not fit together, see "errors"', { errors });
      const wrong = unreadable(settings);
      if (wrong) throw new Problem(400, `the stored schedule is wrong, send what replaces it: ${wrong}`);
      return storeSchedule(connection, scheduler, stored, settings);
    });
    return { status: 200, body: describeSchedule(schedule, new Date()) };
  };

export const handler = httpHandler(route, async () =>
  updateSchedule({ db: database(), scheduler: { put: putSchedule(scheduler()) } }),
);
