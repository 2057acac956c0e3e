import { nextDue, parseCron } from './cron/cron';
import { toScheduleExpression } from './cron/scheduleExpression';

/** What a caller chooses. */
export interface Settings {
  model_id: string;
  cron_expression: string;
  timezone: string;
  enabled: boolean;
}

/** A row of table `metrics_executions`. Due times before `updated_at` do not belong to it. */
export interface Schedule extends Settings {
  created_at: Date;
  updated_at: Date;
}

/** The next due time after `now`, ISO 8601; null while paused. */
export const nextRunAt = (schedule: Settings, now: Date): string | null =>
  schedule.enabled
    ? (nextDue(parseCron(schedule.cron_expression), schedule.timezone, now)?.toISOString() ?? null)
    : null;

/** A schedule as it is answered. */
export const describeSchedule = (schedule: Schedule, now: Date) => ({
  model_id: schedule.model_id,
  cron_expression: schedule.cron_expression,
  timezone: schedule.timezone,
  enabled: schedule.enabled,
  schedule_expression: toScheduleExpression(parseCron(schedule.cron_expression)).expression,
  next_run_at: nextRunAt(schedule, now),
  created_at: schedule.created_at.toISOString(),
  updated_at: schedule.updated_at.toISOString(),
});
