import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { Unavailable } from '../http/problem';
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

export interface Scheduler {
  client: SchedulerClient;
  target: SchedulerTarget;
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
      // A widened expression fires too often; with due_by the run can tell before it reads any data.
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

const named = (error: unknown, name: string) => error instanceof Error && error.name === name;

const away = (error: unknown): never => {
  throw new Unavailable('Scheduler', error);
};

/**
 * Makes or replaces the schedule in one call; the other call follows only if the Scheduler knew better.
 * @param isNew whether there is probably none yet
 * @throws Unavailable
 */
export const putSchedule = async ({ client, target }: Scheduler, settings: Settings, isNew: boolean) => {
  const definition = scheduleDefinition(settings, target);
  const create = () => client.send(new CreateScheduleCommand(definition));
  const update = () => client.send(new UpdateScheduleCommand(definition));
  const [first, second, mistaken] = isNew
    ? [create, update, 'ConflictException']
    : [update, create, 'ResourceNotFoundException'];
  await first()
    .catch((error) => (named(error, mistaken) ? second() : Promise.reject(error)))
    .catch(away);
};

/** Deletes the schedule, or does nothing if there is none. @throws Unavailable */
export const deleteSchedule = async ({ client, target }: Scheduler, modelId: string) => {
  await client
    .send(new DeleteScheduleCommand({ Name: modelId, GroupName: target.groupName }))
    .catch((error) => named(error, 'ResourceNotFoundException') || away(error));
};
