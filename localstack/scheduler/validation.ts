import * as z from 'zod';
import { isTimezone } from '../../lib/schedule/cron/timezone';
import { ExpressionError, parseScheduleExpression } from '../clock/expression';
import { invalid } from './errors';
import { checkTarget } from './targets';

// Lengths, patterns and ranges are those of the service's own API model (version 2021-06-30).

const endOfYear9999 = 253_402_300_799;
const earliestStartMs = 5 * 60_000;
const longestInputBytes = 256 * 1024;

const integer = (min: number, max: number) => z.int().min(min).max(max);
const name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[0-9a-zA-Z-_.]+$/);
const clientToken = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-zA-Z0-9-_]+$/)
  .optional();
const epochSeconds = z.number().min(0).max(endOfYear9999);
const parameters = z.record(z.string(), z.unknown()).optional();

const scheduleExpression = z
  .string()
  .min(1)
  .max(256)
  .superRefine((expression, context) => {
    try {
      parseScheduleExpression(expression);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const message = `Invalid Schedule Expression ${expression}.`;
      context.addIssue({ code: 'custom', message, params: { whole: true } });
    }
  });

const flexibleTimeWindow = z
  .object({ Mode: z.enum(['OFF', 'FLEXIBLE']), MaximumWindowInMinutes: integer(1, 1440).optional() })
  .refine(({ Mode, MaximumWindowInMinutes }) => Mode === 'OFF' || MaximumWindowInMinutes !== undefined, {
    path: ['MaximumWindowInMinutes'],
    message: 'Member must not be null when Mode is FLEXIBLE',
  });

const target = z
  .object({
    Arn: z
      .string()
      .max(1600)
      .regex(
        /^arn:aws(-[a-z]+)*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:\S+$/,
        'Provided Arn is not in correct format.',
      ),
    RoleArn: z
      .string()
      .max(1600)
      .regex(/^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+$/),
    Input: z
      .string()
      .min(1)
      .refine((text) => Buffer.byteLength(text) <= longestInputBytes, 'Member must not be longer than 256 KB')
      .optional(),
    DeadLetterConfig: z
      .object({
        Arn: z
          .string()
          .max(1600)
          .regex(/^arn:aws(-[a-z]+)*:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9\-_]+$/)
          .optional(),
      })
      .optional(),
    RetryPolicy: z
      .object({
        MaximumEventAgeInSeconds: integer(60, 86_400).default(86_400),
        MaximumRetryAttempts: integer(0, 185).default(185),
      })
      .prefault({}),
    EcsParameters: parameters,
    EventBridgeParameters: parameters,
    EventBridgePutEventsV2Parameters: parameters,
    EventBridgePutRawEventsParameters: parameters,
    KinesisParameters: parameters,
    SageMakerPipelineParameters: parameters,
    SqsParameters: parameters,
  })
  .superRefine(checkTarget);

/** What CreateSchedule and UpdateSchedule take. What is omitted gets its default in both. Dates are epoch seconds. */
export const scheduleRequest = z.object({
  Name: name,
  GroupName: name.default('default'),
  ScheduleExpression: scheduleExpression,
  ScheduleExpressionTimezone: z
    .string()
    .min(1)
    .max(50)
    .refine(isTimezone, 'Member must be a time zone of the IANA database')
    .default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: flexibleTimeWindow,
  Target: target,
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  Description: z.string().max(512).optional(),
  StartDate: epochSeconds.optional(),
  EndDate: epochSeconds.optional(),
  KmsKeyArn: z
    .string()
    .max(2048)
    .regex(/^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[0-9a-zA-Z-_]*$/)
    .optional(),
  ClientToken: clientToken,
});

export type Definition = Omit<z.infer<typeof scheduleRequest>, 'ClientToken'>;

/** Which schedule GetSchedule and DeleteSchedule mean. */
export const scheduleKey = z.object({
  Name: name,
  groupName: name.default('default'),
  clientToken,
});

const page = {
  NamePrefix: name.optional(),
  NextToken: z.string().min(1).max(2048).optional(),
  MaxResults: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(integer(1, 100))
    .default(100),
};

export const schedulesPage = z.object({
  ...page,
  ScheduleGroup: name.optional(),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
});

export const groupsPage = z.object(page);

const tags = z
  .array(z.object({ Key: z.string().min(1).max(128), Value: z.string().min(1).max(256) }))
  .max(200);

export type Tag = z.infer<typeof tags>[number];

export const groupRequest = z.object({ Name: name, ClientToken: clientToken, Tags: tags.default([]) });

export const groupKey = z.object({ Name: name, clientToken });

/** The ARN of a schedule group, in the path; schedules have no tags. */
const taggable = z
  .string()
  .min(1)
  .max(1011)
  .regex(/^arn:aws(-[a-z]+)*:scheduler:[a-z0-9-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+$/);

export const tagsRequest = z.object({ Name: taggable });
export const tagRequest = z.object({ Name: taggable, Tags: tags });
export const untagRequest = z.object({
  Name: taggable,
  TagKeys: z.preprocess((keys) => [keys].flat(), z.array(z.string().min(1).max(128)).max(50)),
});

/** @throws SchedulerError ValidationException, with all that is wrong */
export const validate = <T>(schema: z.ZodType<T>, input: unknown): T => {
  const { success, data, error } = schema.safeParse(input, {
    error: (issue) => (issue.input === undefined ? 'Member must not be null' : undefined),
  });
  if (success) return data;
  // What AWS says in a sentence of its own, it says alone.
  const whole = error.issues.find((issue) => issue.code === 'custom' && issue.params?.whole);
  if (whole && error.issues.length === 1) throw invalid(whole.message);
  const faults = error.issues.map(
    ({ path, message }) => `Value at '${path.join('.')}' failed to satisfy constraint: ${message}`,
  );
  throw invalid(
    `${faults.length} validation error${faults.length > 1 ? 's' : ''} detected: ${faults.join('; ')}`,
  );
};

/** A one-time schedule's dates are ignored, says its API reference. @throws SchedulerError ValidationException */
export const validateDates = ({ ScheduleExpression, StartDate, EndDate }: Definition, nowMs: number) => {
  if (StartDate === undefined || ScheduleExpression.startsWith('at(')) return;
  if (StartDate * 1000 < nowMs - earliestStartMs) {
    throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
  }
  if (EndDate !== undefined && EndDate < StartDate) {
    throw invalid('The EndDate you specify cannot be earlier than the StartDate.');
  }
};
