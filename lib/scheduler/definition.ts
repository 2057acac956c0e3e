import type { CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import { parseCron } from '../schedule/cron/cron';
import { toScheduleExpression } from '../schedule/cron/scheduleExpression';
import type { Settings } from '../schedule/schedule';

/** Where schedules are kept and what they invoke. */
export interface SchedulerTarget {
  groupName: string;
  functionArn: string;
  roleArn: string;
  deadLetterArn: string;
}

/** EventBridge's whole definition of a model's schedule: UpdateSchedule resets whatever is left out. */
export const scheduleDefinition = (
  settings: Settings,
  target: SchedulerTarget,
): CreateScheduleCommandInput => {
  const { model_id, cron_expression, timezone, enabled, flexible_window_minutes } = settings;
  const { expression, exact } = toScheduleExpression(parseCron(cron_expression));
  return {
    Name: model_id,
    GroupName: target.groupName,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timezone,
    State: enabled ? 'ENABLED' : 'DISABLED',
    FlexibleTimeWindow: flexible_window_minutes
      ? { Mode: 'FLEXIBLE', MaximumWindowInMinutes: flexible_window_minutes }
      : { Mode: 'OFF' },
    Target: {
      Arn: target.functionArn,
      RoleArn: target.roleArn,
      // A widened expression fires too often; by due_by the run can tell which due times are meant.
      Input: JSON.stringify({
        model_id,
        scheduled_time: '<aws.scheduler.scheduled-time>',
        ...(!exact && { due_by: { cron_expression, timezone } }),
      }),
      DeadLetterConfig: { Arn: target.deadLetterArn },
      RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
    },
  };
};
