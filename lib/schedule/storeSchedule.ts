import getScheduleSql from '../../sql/queries/getSchedule.sql';
import putScheduleSql from '../../sql/queries/putSchedule.sql';
import { type Connection, query } from '../postgres/database';
import { putSchedule, type Scheduler } from '../scheduler/scheduler';
import type { Schedule, Settings } from './schedule';

/**
 * Makes or replaces a model's schedule, within a transaction: its row, whose lock makes requests for one model take
 * turns, and then the Scheduler's. Settings that are there already change nothing and call nobody.
 * @throws Unavailable
 */
export const storeSchedule = async (
  connection: Connection,
  scheduler: Scheduler,
  { model_id, cron_expression, timezone, enabled, flexible_window_minutes }: Settings,
): Promise<{ schedule: Schedule; created: boolean }> => {
  const values = [model_id, cron_expression, timezone, enabled, flexible_window_minutes];
  const [changed] = await query<Schedule & { created: boolean }>(connection, putScheduleSql, values);
  if (changed) {
    await putSchedule(scheduler, changed, changed.created);
    return { schedule: changed, created: changed.created };
  }
  const [unchanged] = await query<Schedule>(connection, getScheduleSql, [model_id]);
  return { schedule: unchanged as Schedule, created: false };
};
