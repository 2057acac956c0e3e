import { setTimeout as realSleep } from 'node:timers/promises';
import { notFound } from '../../../localstack/lambda/invokeError';
import { until } from './manualTime';
import { functionArn, openWorld, queueArn, throttled, type World } from './world';

// What EventBridge Scheduler does, by the pages of its user guide that the titles name.

let w: World;

beforeEach(async () => {
  w = await openWorld();
});
afterEach(() => w.close());

const role = 'arn:aws:iam::000000000000:role/local';
const withTarget = (more: object) => ({ Target: { Arn: functionArn, RoleArn: role, ...more } });
const withLetters = withTarget({ DeadLetterConfig: { Arn: queueArn } });

/** Lets retries come to their turn. */
const passMinutes = async (from: number, to: number) => {
  for (let minute = from; minute <= to; minute++) {
    await w.t.to(`2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`);
    await realSleep(5);
  }
};

test('Schedule types: at() is invoked in its second, not before, and once', async () => {
  await w.create('once', 'at(2026-03-01T10:02:30)');
  await w.run();
  await w.t.to('2026-03-01T10:02:29.900Z');
  expect(w.of('once')).toEqual([]);
  await w.until('10:02:31', 'once', 1);
  expect(w.of('once')).toMatchObject([{ time: '2026-03-01T10:02:30Z', at: '2026-03-01T10:02:30.000Z' }]);
  await w.t.to('2026-03-01T10:04:10Z');
  expect(w.of('once')).toHaveLength(1);
});

test('Schedule types: an at() made for a later second of the same minute is invoked', async () => {
  await w.run();
  await w.t.to('2026-03-01T10:01:10Z');
  await w.create('soon', 'at(2026-03-01T10:01:40)');
  await w.until('10:02:10', 'soon', 1);
  expect(w.of('soon')[0]?.time).toBe('2026-03-01T10:01:40Z');
});

test('CreateSchedule, StartDate and EndDate: both are ignored for at()', async () => {
  const [early, late] = [new Date('2026-03-01T10:00:40Z'), new Date('2026-03-02T10:00:00Z')];
  await w.create('ended', 'at(2026-03-01T10:05:00)', { EndDate: early });
  await w.create('not-begun', 'at(2026-03-01T10:05:00)', { StartDate: late });
  await w.run();
  await w.until('10:05:10', 'ended', 1);
  await w.until('10:05:10', 'not-begun', 1);
});

test('CreateSchedule, StartDate and EndDate: a recurring schedule is invoked between them, both included', async () => {
  const StartDate = new Date('2026-03-01T10:02:00Z');
  const EndDate = new Date('2026-03-01T10:04:00Z');
  await w.create('between', '* * * * ? *', { StartDate, EndDate });
  await w.create('rate', 'rate(1 minutes)', { StartDate, EndDate });
  await w.run();
  await w.until('10:06:10', 'between', 3);
  expect(w.timesOf('between')).toEqual(['10:02', '10:03', '10:04']);
  expect(w.timesOf('rate')).toEqual(['10:02', '10:03', '10:04']);
});

test('Schedule types: cron without year, and rate in every spelling', async () => {
  await w.create('no-year', 'cron(* * * * ?)');
  await w.create('one-minutes', 'rate(1 minutes)');
  await w.create('two-minute', 'rate(2 minute)');
  await w.run();
  await w.until('10:04:10', 'no-year', 4);
  expect(w.timesOf('one-minutes')).toEqual(['10:01', '10:02', '10:03', '10:04']);
  expect(w.timesOf('two-minute')).toEqual(['10:01', '10:03']);
});

test('Deleting a schedule: with ActionAfterCompletion DELETE an at() is gone after it was invoked', async () => {
  await w.create('once', 'at(2026-03-01T10:02:00)', { ActionAfterCompletion: 'DELETE' });
  await w.create('kept', 'at(2026-03-01T10:02:00)');
  await w.run();
  await w.until('10:02:10', 'once', 1);
  await until(async () => !(await w.has('once')));
  expect(await w.has('kept')).toBe(true);
});

test('Deleting a schedule: a recurring one with an EndDate is gone after its last invocation', async () => {
  const ending = { ActionAfterCompletion: 'DELETE' as const, EndDate: new Date('2026-03-01T10:02:30Z') };
  await w.create('ending', '* * * * ? *', ending);
  await w.create('endless', '* * * * ? *', { ActionAfterCompletion: 'DELETE' });
  await w.run();
  await w.until('10:01:10', 'ending', 1);
  expect(await w.has('ending')).toBe(true);
  await w.until('10:02:10', 'ending', 2);
  await until(async () => !(await w.has('ending')));
  expect(await w.has('endless')).toBe(true);
});

test('Managing flexible time windows: schedules are spread over it, and each is told its due time', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `spread-${n}`);
  const FlexibleTimeWindow = { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 10 };
  for (const name of names) await w.create(name, '1 10 * * ? *', { FlexibleTimeWindow });
  await w.run();
  await w.t.to('2026-03-01T10:06:00Z');
  expect(w.invoked.length).toBeGreaterThan(0);
  expect(w.invoked.length).toBeLessThan(20);
  await w.t.to('2026-03-01T10:11:00Z');
  await until(() => new Set(w.invoked.map(({ name }) => name)).size === 20);
  expect(w.invoked).toHaveLength(20);
  expect(new Set(w.invoked.map(({ time }) => time))).toEqual(new Set(['2026-03-01T10:01:00Z']));
});

test('Adding context attributes: an execution-id for each attempt, and the attempt-number counts', async () => {
  const Input = JSON.stringify({
    name: 'context',
    time: '<aws.scheduler.scheduled-time>',
    arn: '<aws.scheduler.schedule-arn>',
    id: '<aws.scheduler.execution-id>',
    attempt: '<aws.scheduler.attempt-number>',
  });
  w.refusal = (_, attempt) => (attempt < 3 ? throttled() : undefined);
  await w.create('context', '1 10 * * ? *', withTarget({ Input }));
  await w.run();
  await passMinutes(1, 3);
  const told = w.of('context').map(({ payload }) => JSON.parse(payload));
  expect(told.map(({ attempt }) => attempt)).toEqual(['1', '2', '3']);
  expect(new Set(told.map(({ id }) => id)).size).toBe(3);
  expect(told[0]).toMatchObject({
    time: '2026-03-01T10:01:00Z',
    arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/clock-test/context',
  });
});

test('Templated targets: without Input a function gets the notification event', async () => {
  await w.create('silent', '1 10 * * ? *', withTarget({ Input: undefined }));
  await w.run();
  await w.t.to('2026-03-01T10:01:10Z');
  await until(() => w.invoked.length === 1);
  expect(JSON.parse(w.invoked[0]?.payload as string)).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: '000000000000',
    time: '2026-03-01T10:01:00Z',
    region: 'us-east-1',
    resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/clock-test/silent'],
    detail: '{}',
  });
});

test('Configuring a dead-letter queue: after all retries a letter with the input and what went wrong', async () => {
  w.refusal = throttled;
  await w.create('broken', '1 10 * * ? *', {
    Target: { ...withLetters.Target, RetryPolicy: { MaximumRetryAttempts: 2 } },
  });
  await w.run();
  await passMinutes(1, 5);
  expect(w.of('broken')).toHaveLength(3);
  expect(w.letters).toEqual([
    {
      queueArn,
      body: JSON.stringify({ name: 'broken', time: '2026-03-01T10:01:00Z' }),
      attributes: {
        ERROR_CODE: 'TooManyRequestsException',
        ERROR_MESSAGE: 'Rate Exceeded.',
        EXECUTION_ID: expect.stringMatching(/^[0-9a-f-]{36}$/),
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        IS_PAYLOAD_TRUNCATED: 'false',
        RETRY_ATTEMPTS: '2',
        SCHEDULED_TIME: '2026-03-01T10:01:00Z',
        SCHEDULE_ARN: 'arn:aws:scheduler:us-east-1:000000000000:schedule/clock-test/broken',
        TARGET_ARN: functionArn,
      },
    },
  ]);
});

test('Configuring a dead-letter queue: an event too old for another retry has that as its condition', async () => {
  w.refusal = throttled;
  await w.create('old', '1 10 * * ? *', {
    Target: { ...withLetters.Target, RetryPolicy: { MaximumEventAgeInSeconds: 60 } },
  });
  await w.run();
  await passMinutes(1, 5);
  expect(w.of('old').length).toBeGreaterThan(3);
  expect(w.letters[0]?.attributes.EXHAUSTED_RETRY_CONDITION).toBe('MaximumEventAgeInSeconds');
});

test('Troubleshooting: a function that does not exist is invoked once, and its letter has no exhausted condition', async () => {
  w.refusal = () => notFound(`Function not found: ${functionArn}`);
  await w.create('nowhere', '1 10 * * ? *', withLetters);
  await w.run();
  await passMinutes(1, 5);
  expect(w.of('nowhere')).toHaveLength(1);
  expect(w.letters).toHaveLength(1);
  expect(w.letters[0]?.attributes).toMatchObject({
    ERROR_CODE: 'ResourceNotFoundException',
    RETRY_ATTEMPTS: '0',
  });
  expect(w.letters[0]?.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
});

test('Configuring a dead-letter queue: without a DeadLetterConfig there is no letter', async () => {
  w.refusal = () => notFound('Function not found');
  await w.create('nowhere', '1 10 * * ? *');
  await w.run();
  await passMinutes(1, 2);
  expect(w.of('nowhere')).toHaveLength(1);
  expect(w.letters).toEqual([]);
});

test('Templated targets: a queue gets the Input as its message, a topic too', async () => {
  const sent: unknown[] = [];
  w.targets = {
    sqs: async (queue, message) => void sent.push([queue, message]),
    sns: async (topic, message) => void sent.push([topic, message]),
  };
  const topicArn = 'arn:aws:sns:us-east-1:000000000000:topic';
  const fifoArn = `${queueArn}.fifo`;
  await w.create('queue', '1 10 * * ? *', withTarget({ Arn: queueArn, Input: 'plain text' }));
  await w.create('topic', '1 10 * * ? *', withTarget({ Arn: topicArn, Input: 'more text' }));
  const SqsParameters = { MessageGroupId: 'g' };
  await w.create('fifo', '1 10 * * ? *', withTarget({ Arn: fifoArn, Input: 'ordered', SqsParameters }));
  await w.run();
  await w.t.to('2026-03-01T10:01:10Z');
  await until(() => sent.length === 3);
  expect(sent).toEqual(
    expect.arrayContaining([
      [queueArn, { MessageBody: 'plain text' }],
      [topicArn, { Message: 'more text' }],
      [fifoArn, { MessageBody: 'ordered', MessageGroupId: 'g' }],
    ]),
  );
});

test('Universal targets: sqs:sendMessage, sns:publish and lambda:invoke are called with the parameters of Input', async () => {
  const sent: unknown[] = [];
  w.targets = {
    sqs: async (queue, message) => void sent.push([queue, message]),
    sns: async (topic, message) => void sent.push([topic, message]),
  };
  const call = (operation: string, input: object) =>
    withTarget({ Arn: `arn:aws:scheduler:::aws-sdk:${operation}`, Input: JSON.stringify(input) });
  const QueueUrl = 'http://localhost:4566/000000000000/q';
  await w.create(
    'a',
    '1 10 * * ? *',
    call('sqs:sendMessage', { QueueUrl, MessageBody: 'm', DelaySeconds: 1 }),
  );
  await w.create('b', '1 10 * * ? *', call('sns:publish', { TopicArn: 'arn', Message: 'm', Subject: 's' }));
  const Payload = JSON.stringify({ name: 'c', time: '<aws.scheduler.scheduled-time>' });
  await w.create('c', '1 10 * * ? *', call('lambda:invoke', { FunctionName: 'computeAccuracy', Payload }));
  await w.run();
  await w.until('10:01:10', 'c', 1);
  expect(w.of('c')).toMatchObject([{ functionName: 'computeAccuracy', time: '2026-03-01T10:01:00Z' }]);
  expect(sent).toEqual([
    [QueueUrl, { QueueUrl, MessageBody: 'm', DelaySeconds: 1 }],
    ['arn', { TopicArn: 'arn', Message: 'm', Subject: 's' }],
  ]);
});

test('a target that is not there on this machine is refused for good, in the words of the Scheduler', async () => {
  await w.create('topic', '1 10 * * ? *', {
    Target: { ...withLetters.Target, Arn: 'arn:aws:sns:us-east-1:000000000000:topic' },
  });
  await w.run();
  await passMinutes(1, 2);
  expect(w.letters[0]?.attributes).toMatchObject({
    ERROR_CODE: 'ValidationException',
    ERROR_MESSAGE: 'sns is not a supported service for a target.',
  });
});
