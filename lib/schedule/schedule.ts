import * as z from 'zod';
import { instantText } from '../runtime/instant';
import { nextDue, parseCron, wordsOf } from './cron/cron';
import { toScheduleExpression } from './cron/scheduleExpression';
import { zoneNamed } from './cron/timezone';
import { data, dataErrors, minCoverage, minSamples, reviseFor, segments } from './dataSettings';
import {
  catchUp,
  cronExpression,
  description,
  enabled,
  flexibleWindowMinutes,
  maxDataAgeMinutes,
  name,
  tags,
  timezone,
} from './fields';
import { labels, metricErrors, metrics, posLabel, task } from './metricSettings';
import { modelId } from './modelId';

/** What a caller chooses. */
export const settingsSchema = z
  .strictObject({
    model_id: modelId,
    cron_expression: cronExpression,
    timezone: timezone.default('UTC'),
    enabled: enabled.default(true),
    flexible_window_minutes: flexibleWindowMinutes.default(0),
    catch_up: catchUp.default('last'),
    task: task.default('classification'),
    metrics: metrics.default(['accuracy']),
    pos_label: posLabel.default(null),
    labels: labels.default(null),
    name: name.default(null),
    description: description.default(null),
    tags: tags.default([]),
    max_data_age_minutes: maxDataAgeMinutes.default(null),
    data: data.default('newest_row'),
    min_samples: minSamples.default(null),
    min_coverage: minCoverage.default(null),
    segments: segments.default([]),
    revise_for: reviseFor.default('P7D'),
  })
  .superRefine((settings, context) => {
    for (const { path, message } of [...metricErrors(settings), ...dataErrors(settings)])
      context.addIssue({ code: 'custom', path, message });
  })
  .meta({
    id: 'Settings',
    examples: [{ model_id: '550e8400-e29b-41d4-a716-446655440000', cron_expression: '*/5 * * * *' }],
  });

export type Settings = z.output<typeof settingsSchema>;

/** A run that others are compared with. */
export interface Reference {
  scheduled_time: string;
  metrics: Record<string, number | null>;
  intervals: Record<string, [number, number] | null>;
}

/** A row of table `metrics_executions`. */
export interface Schedule extends Settings {
  reference: Reference | null;
  created_at: Date;
  updated_at: Date;
}

export const scheduleExpression = z.string().meta({
  description:
    'The expression in EventBridge Scheduler; where none means exactly the same, one that fires more often',
});

export const dataStale = z
  .boolean()
  .meta({ description: 'The data of the newest run is older than max_data_age_minutes' });
export const scheduleWords = z.string().nullable().meta({
  description: 'What the expression means, on the wall clock; null where words do not say exactly that',
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
  catch_up: 'last' as const,
  task: 'classification' as const,
  metrics: ['accuracy'],
  pos_label: null,
  labels: null,
  name: 'Fraud, Europe',
  description: null,
  tags: ['production'],
  max_data_age_minutes: null,
  data: 'newest_row' as const,
  min_samples: null,
  min_coverage: null,
  segments: [],
  revise_for: 'P7D',
  reference: null,
  words: 'Every 5 minutes',
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
    catch_up: catchUp,
    task,
    metrics,
    pos_label: posLabel,
    labels,
    name,
    description,
    tags,
    max_data_age_minutes: maxDataAgeMinutes,
    data,
    min_samples: minSamples,
    min_coverage: minCoverage,
    segments,
    revise_for: reviseFor,
    reference: z
      .object({ scheduled_time: instantText })
      .nullable()
      .meta({ description: 'The run that others are compared with' }),
    words: scheduleWords,
    schedule_expression: scheduleExpression.nullable(),
    next_run_at: nextRunAtSchema,
    created_at: instantText,
    updated_at: instantText,
  })
  .meta({ id: 'Schedule', examples: [scheduleExample] });

/** What an expression and its time zone say. */
export type Timing = Pick<Settings, 'cron_expression' | 'timezone'>;

/** What is wrong with a row that somebody wrote past the API; undefined for all others. */
export const unreadable = ({ cron_expression, timezone }: Timing): string | undefined => {
  try {
    parseCron(cron_expression);
    zoneNamed(timezone);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

export const wordsFor = (schedule: Timing): string | null =>
  unreadable(schedule) ? null : wordsOf(parseCron(schedule.cron_expression));

/** The next due time after `now`, ISO 8601; null while paused. */
export const nextRunAt = (schedule: Timing & Pick<Settings, 'enabled'>, now: Date): string | null =>
  schedule.enabled && !unreadable(schedule)
    ? (nextDue(parseCron(schedule.cron_expression), schedule.timezone, now)?.toISOString() ?? null)
    : null;

export const describeSchedule = (schedule: Schedule, now: Date): z.output<typeof scheduleSchema> => ({
  model_id: schedule.model_id,
  cron_expression: schedule.cron_expression,
  timezone: schedule.timezone,
  enabled: schedule.enabled,
  flexible_window_minutes: schedule.flexible_window_minutes,
  catch_up: schedule.catch_up,
  task: schedule.task,
  metrics: schedule.metrics,
  pos_label: schedule.pos_label,
  labels: schedule.labels,
  name: schedule.name,
  description: schedule.description,
  tags: schedule.tags,
  max_data_age_minutes: schedule.max_data_age_minutes,
  data: schedule.data,
  min_samples: schedule.min_samples,
  min_coverage: schedule.min_coverage,
  segments: schedule.segments,
  revise_for: schedule.revise_for,
  reference: schedule.reference && { scheduled_time: schedule.reference.scheduled_time },
  words: wordsFor(schedule),
  schedule_expression: unreadable(schedule)
    ? null
    : toScheduleExpression(parseCron(schedule.cron_expression)).expression,
  next_run_at: nextRunAt(schedule, now),
  created_at: schedule.created_at.toISOString(),
  updated_at: schedule.updated_at.toISOString(),
});
