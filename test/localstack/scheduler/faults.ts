import type { CreateScheduleCommandInput, Target } from '@aws-sdk/client-scheduler';

/** A schedule as short as AWS allows. */
export const minimal = (Name: string, GroupName: string) => ({
  Name,
  GroupName,
  ScheduleExpression: 'rate(5 minutes)',
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  Target: {
    Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    RoleArn: 'arn:aws:iam::000000000000:role/r',
  },
});

type Fault = (good: CreateScheduleCommandInput) => object;

const member = (name: keyof CreateScheduleCommandInput, value: unknown): Fault => {
  return (good) => ({ ...good, [name]: value });
};

const ofTarget = (name: keyof Target, value: unknown): Fault => {
  return (good) => ({ ...good, Target: { ...good.Target, [name]: value } });
};

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

const start = new Date('2099-01-02T00:00:00Z');
const end = new Date('2099-01-01T00:00:00Z');

/** What AWS answers with a ValidationException, by what is wrong. */
export const faults: Record<string, Fault> = {
  'an expression in words': member('ScheduleExpression', 'every day'),
  'an empty expression': member('ScheduleExpression', ''),
  'a cron expression of four fields': member('ScheduleExpression', 'cron(0 0 * *)'),
  'a cron expression without ?': member('ScheduleExpression', 'cron(0 0 * * * *)'),
  'an hour of 25': member('ScheduleExpression', 'cron(0 25 * * ? *)'),
  'a rate of nothing': member('ScheduleExpression', 'rate(0 minutes)'),
  'a 31 February': member('ScheduleExpression', 'at(2030-02-31T00:00:00)'),
  'a missing expression': member('ScheduleExpression', undefined),
  'a missing target': member('Target', undefined),
  'a missing flexible time window': member('FlexibleTimeWindow', undefined),
  'a flexible time window of an unknown mode': member('FlexibleTimeWindow', { Mode: 'NOPE' }),
  'a flexible time window without its length': member('FlexibleTimeWindow', { Mode: 'FLEXIBLE' }),
  'a flexible time window of more than a day': member('FlexibleTimeWindow', {
    Mode: 'FLEXIBLE',
    MaximumWindowInMinutes: 1441,
  }),
  'an unknown time zone': member('ScheduleExpressionTimezone', 'Mars/Olympus'),
  'an offset for a time zone': member('ScheduleExpressionTimezone', '+02:00'),
  'a time zone of more than 50 characters': member('ScheduleExpressionTimezone', 'a'.repeat(51)),
  'an unknown state': member('State', 'PAUSED'),
  'an unknown action after completion': member('ActionAfterCompletion', 'ARCHIVE'),
  'a description of 513 characters': member('Description', 'a'.repeat(513)),
  'a key that is no ARN': member('KmsKeyArn', 'key'),
  'a start six minutes ago': (good) => ({
    ...good,
    ScheduleExpression: 'cron(0 0 * * ? *)',
    StartDate: minutesAgo(6),
  }),
  'an end before the start': (good) => ({ ...good, StartDate: start, EndDate: end }),
  'a client token with a space': member('ClientToken', 'a b'),
  'a target that is no ARN': ofTarget('Arn', 'nonsense'),
  'a target without an ARN': ofTarget('Arn', undefined),
  'a target without a role': ofTarget('RoleArn', undefined),
  'a role that is none': ofTarget('RoleArn', 'arn:aws:iam::000000000000:user/u'),
  'a service that is no target': ofTarget('Arn', 'arn:aws:backup:us-east-1:000000000000:b'),
  'a universal target of an unknown service': ofTarget('Arn', 'arn:aws:scheduler:::aws-sdk:nothing:run'),
  'a universal target that only reads': (good) => ({
    ...good,
    Target: { ...good.Target, Arn: 'arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl', Input: '{}' },
  }),
  'a universal target without an input': ofTarget('Arn', 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage'),
  'an input for Lambda that is not JSON': ofTarget('Input', '{"a":'),
  'an empty input': ofTarget('Input', ''),
  'an input of more than 256 KB': ofTarget('Input', JSON.stringify('a'.repeat(256 * 1024))),
  'a dead-letter queue that is none': ofTarget('DeadLetterConfig', {
    Arn: 'arn:aws:sns:us-east-1:000000000000:t',
  }),
  '186 retries': ofTarget('RetryPolicy', { MaximumRetryAttempts: 186 }),
  '-1 retries': ofTarget('RetryPolicy', { MaximumRetryAttempts: -1 }),
  'an event age of 59 seconds': ofTarget('RetryPolicy', { MaximumEventAgeInSeconds: 59 }),
  'an event age of more than a day': ofTarget('RetryPolicy', { MaximumEventAgeInSeconds: 86_401 }),
};

export const badNames: Record<string, string> = {
  'a name of 65 characters': 'a'.repeat(65),
  'a name with a slash': 'a/b',
  'a name with a question mark': 'a?b',
  'a name with a space': 'a b',
  'a name that is not ASCII': 'ü',
};
