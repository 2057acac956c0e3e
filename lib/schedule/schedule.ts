import * as z from 'zod';
import { nextDue, parseCron, previousDue } from './cron/cron';
import { toScheduleExpression } from './cron/scheduleExpression';
import { zoneNamed } from './cron/timezone';
import { cronExpression, enabled, flexibleWindowMinutes, instantText, modelId, timezone } from './fields';

/** What a caller chooses. */
export const settingsSchema = z
  .strictObject({
    model_id: modelId,
    cron_expression: cronExpression,
    timezone: timezone.default('UTC'),
    enabled: enabled.default(true),
    flexible_window_minutes: flexibleWindowMinutes.default(0),
  })
  .meta({
    id: 'Settings',
    examples: [{ model_id: '550e8400-e29b-41d4-a716-446655440000', cron_expression: '*/5 * * * *' }],
  });

export type Settings = z.output<typeof settingsSchema>;

/** A row of table `metrics_executions`. Due times before `updated_at` do not belong to it. */
export interface Schedule extends Settings {
  created_at: Date;
  updated_at: Date;
}

export const scheduleExpression = z.string().meta({
  description:
    'What EventBridge Scheduler is told; where no expression of its says the same, one that fires more',
});

export const nextRunAtSchema = instantText
  .nullable()
  .meta({ description: 'The next due time; null while there is none, or none to come' });

export const scheduleExample = {
  model_id: '550e8400-e29b-41d4-a716-446655440000',
  cron_expression: '*/5 * * * *',
  timezone: 'UTC',
  enabled: true,
  flexible_window_minutes: 0,
  schedule_expression: 'cron(*/5 * * * ? *)',
  next_run_at: '2026-03-01T12:05:00.000Z',
  created_at: '2026-03-01T12:00:30.000Z',
  updated_at: '2026-03-01T12:00:30.000Z',
};

/** A schedule as it is answered. */
export const scheduleSchema = z
  .object({
    model_id: modelId,
    cron_expression: cronExpression,
    timezone,
    enabled,
    flexible_window_minutes: flexibleWindowMinutes,
    schedule_expression: scheduleExpression.nullable(),
    next_run_at: nextRunAtSchema,
    created_at: instantText,
    updated_at: instantText,
  })
  .meta({ id: 'Schedule', examples: [scheduleExample] });

/** What is wrong with a row that somebody wrote past the API; undefined for all others. */
export const unreadable = ({ cron_expression, timezone }: Settings): string | undefined => {
  try {
    parseCron(cron_expression);
    zoneNamed(timezone);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** The next due time after `now`, ISO 8601; null while paused. */
export const nextRunAt = (schedule: Settings, now: Date): string | null =>
  schedule.enabled && !unreadable(schedule)
    ? (nextDue(parseCron(schedule.cron_expression), schedule.timezone, now)?.toISOString() ?? null)
    : null;

/** How long after its due time a run may become known, before it counts as missing: two minutes after its window. */
export const graceMs = ({ flexible_window_minutes }: Settings): number =>
  (flexible_window_minutes + 2) * 60_000;

/** Whether a due time passed longer ago than its grace and no run of it, or of a later one, is known; an unreadable schedule is. */
export const isStale = (schedule: Schedule | undefined, newestRun: Date | null, now: Date): boolean => {
  if (!schedule?.enabled) return false;
  if (unreadable(schedule)) return true;
  const { cron_expression, timezone, updated_at } = schedule;
  const due = previousDue(
    parseCron(cron_expression),
    timezone,
    now.getTime() - graceMs(schedule),
    updated_at,
  );
  return due !== null && (newestRun === null || due > newestRun);
};

export const describeSchedule = (schedule: Schedule, now: Date): z.output<typeof scheduleSchema> => ({
  model_id: schedule.model_id,
  cron_expression: schedule.cron_expression,
  timezone: schedule.timezone,
  enabled: schedule.enabled,
  flexible_window_minutes: schedule.flexible_window_minutes,
  schedule_expression: unreadable(schedule)
    ? null
    : toScheduleExpression(parseCron(schedule.cron_expression)).expression,
  next_run_at: nextRunAt(schedule, now),
  created_at: schedule.created_at.toISOString(),
  updated_at: schedule.updated_at.toISOString(),
});
