import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  GetScheduleCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { openStack, type Stack } from './stack';

// The facts that the emulation rests on, asked of AWS itself (npm run test:aws). It makes a stack of its own and removes
// it: two roles, three queues, a function, a schedule group. A run takes about eight minutes and costs less than a cent:
// some fifty API calls, ten invocations of the Scheduler (1 USD a million) and eight of Lambda, within any free tier.
// Without an account it runs against the emulation: emulation.ts says how.

let stack: Stack;
let scheduler: SchedulerClient;
let lambda: LambdaClient;
let sqs: SQSClient;

beforeAll(async () => {
  stack = await openStack();
  const { region } = stack;
  scheduler = new SchedulerClient({ region, maxAttempts: 3 });
  lambda = new LambdaClient({ region });
  sqs = new SQSClient({ region, useQueueUrlAsEndpoint: !process.env.AWS_ENDPOINT_URL_SQS });
  await sleep(process.env.AWS_TEST_STACK ? 0 : 15_000); // IAM's new roles take a moment to be known everywhere
});
afterAll(() => stack?.remove());

const definition = (
  Name: string,
  ScheduleExpression: string,
  { Target, ...more }: Partial<CreateScheduleCommandInput> = {},
): CreateScheduleCommandInput => ({
  Name,
  GroupName: stack.group,
  ScheduleExpression,
  FlexibleTimeWindow: { Mode: 'OFF' },
  ...more,
  Target: { Arn: stack.functionArn, RoleArn: stack.roleArn, ...Target },
});

const target = (more: object) => ({
  Target: { Arn: stack.functionArn, RoleArn: stack.roleArn, ...more },
});

const create = (...args: Parameters<typeof definition>) =>
  scheduler.send(new CreateScheduleCommand(definition(...args)));

/** As at() wants it, some seconds from now. */
const inSeconds = (seconds: number) => new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000);
const at = (moment: Date) => `at(${moment.toISOString().slice(0, 19)})`;

interface Received {
  body: string;
  attributes: Record<string, string | undefined>;
}

const seen: Record<string, Received[]> = {};

/** Waits for a message whose body has the text in it. */
const receive = async (queueArn: string, text: string, seconds = 300): Promise<Received | undefined> => {
  const queue = queueArn.split(':').at(-1) as string;
  const QueueUrl = `${process.env.AWS_ENDPOINT_URL_SQS ?? `https://sqs.${stack.region}.amazonaws.com`}/${stack.account}/${queue}`;
  const kept = seen[queue] ?? [];
  seen[queue] = kept;
  for (const end = Date.now() + seconds * 1000; ; ) {
    const found = kept.find(({ body }) => body.includes(text));
    if (found || Date.now() > end) return found;
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 }),
    );
    for (const { Body = '', MessageAttributes = {} } of Messages) {
      const attributes = Object.entries(MessageAttributes).map(([name, value]) => [name, value.StringValue]);
      kept.push({ body: Body, attributes: Object.fromEntries(attributes) });
    }
    if (Messages.length === 0) await sleep(500);
  }
};

describe('what the Scheduler says', () => {
  test.each([
    ['cron(INVALID)', 'Invalid Schedule Expression cron(INVALID).'],
    ['rate(0 minutes)', 'Invalid Schedule Expression rate(0 minutes).'],
  ])('to the expression %s', async (expression, message) => {
    await expect(create('bad', expression)).rejects.toMatchObject({ name: 'ValidationException', message });
    await expect(
      scheduler.send(new UpdateScheduleCommand(definition('bad', expression))),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test.each([
    ['arn:aws:backup:us-east-1:000000000000:b', /backup is not a supported service for a target/],
    ['arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl', /getQueueUrl API is not supported/],
  ])('to the target %s', async (Arn, message) => {
    const creation = create('bad', 'rate(1 days)', target({ Arn, Input: '{}' }));
    await expect(creation).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });

  test('to a name that is taken, and to a group that is not there', async () => {
    await create('taken', 'rate(1 days)', { State: 'DISABLED' });
    await expect(create('taken', 'rate(1 days)')).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
    });
    await expect(create('lost', 'rate(1 days)', { GroupName: 'no-such-group' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('to an input for Lambda that is no JSON', async () => {
    const creation = create('bad', 'rate(1 days)', target({ Input: '{"a":' }));
    await expect(creation).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

test.each([
  'rate(1 hours)',
  'rate(1 days)',
  'rate(2 minute)',
  'cron(0 12 * * ?)',
  'cron(0 12 ? * MON-FRI *)',
])('the Scheduler takes %s', async (expression) => {
  const name = expression.replace(/\W+/g, '-');
  await create(name, expression, { State: 'DISABLED' });
  const found = await scheduler.send(new GetScheduleCommand({ Name: name, GroupName: stack.group }));
  expect(found.ScheduleExpression).toBe(expression);
});

test('a group has tags', async () => {
  const ResourceArn = `arn:aws:scheduler:${stack.region}:${stack.account}:schedule-group/${stack.group}`;
  await scheduler.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] }));
  const { Tags } = await scheduler.send(new ListTagsForResourceCommand({ ResourceArn }));
  expect(Tags).toContainEqual({ Key: 'a', Value: 'b' });
});

test('at() is invoked in its minute and not before its second, whatever its EndDate, told its second, and then deleted', async () => {
  const due = inSeconds(90);
  const time = `${due.toISOString().slice(0, 19)}Z`;
  const Input = JSON.stringify({ is: 'once', time: '<aws.scheduler.scheduled-time>' });
  await create('once', at(due), {
    ...target({ Arn: stack.messages, Input }),
    EndDate: new Date(),
    ActionAfterCompletion: 'DELETE',
  });
  const message = await receive(stack.messages, '"once"');
  expect(Date.now()).toBeGreaterThanOrEqual(due.getTime());
  expect(JSON.parse(message?.body as string)).toEqual({ is: 'once', time });
  const key = { Name: 'once', GroupName: stack.group };
  const isThere = () =>
    scheduler.send(new GetScheduleCommand(key)).then(
      () => true,
      () => false,
    );
  for (let tries = 0; (await isThere()) && tries < 120; tries++) await sleep(1000);
  expect(await isThere()).toBe(false);
});

test('a function that throws is run three times, then its failure destination has the record; no dead letter', async () => {
  await create('throws', at(inSeconds(65)), target({ DeadLetterConfig: { Arn: stack.deadLetters } }));
  const record = JSON.parse((await receive(stack.failures, '/throws', 480))?.body as string);
  expect(record).toMatchObject({
    version: '1.0',
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: {
      version: '0',
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: stack.account,
      region: stack.region,
      detail: '{}',
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'asked to fail' },
  });
  expect(await receive(stack.deadLetters, '/throws', 10)).toBeUndefined();
});

test('a function that does not exist is one attempt, and a letter without an exhausted condition', async () => {
  const Arn = `${stack.functionArn}-none`;
  const Input = '{"is":"nowhere"}';
  const due = inSeconds(65);
  await create('nowhere', at(due), target({ Arn, Input, DeadLetterConfig: { Arn: stack.deadLetters } }));
  const letter = await receive(stack.deadLetters, '"nowhere"');
  expect(letter?.attributes).toMatchObject({
    RETRY_ATTEMPTS: '0',
    SCHEDULED_TIME: `${due.toISOString().slice(0, 19)}Z`,
    TARGET_ARN: Arn,
    IS_PAYLOAD_TRUNCATED: 'false',
  });
  expect(letter?.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
});

describe('Invoke', () => {
  const invoke = (more: object) =>
    lambda.send(new InvokeCommand({ FunctionName: stack.functionArn, Payload: '{"answer":1}', ...more }));

  test('answers the last of the log, and gives the function the client context', async () => {
    const context = { custom: { a: 1 } };
    const ClientContext = Buffer.from(JSON.stringify(context)).toString('base64');
    const { LogResult = '', Payload, $metadata } = await invoke({ LogType: 'Tail', ClientContext });
    const { answer, clientContext } = JSON.parse(Buffer.from(Payload ?? []).toString());
    expect([answer, clientContext.custom]).toEqual([1, context.custom]);
    const log = Buffer.from(LogResult, 'base64').toString();
    expect(log).toContain(`START RequestId: ${$metadata.requestId}`);
    expect(log).toContain(`asked ${$metadata.requestId}`);
  });

  test('refuses what is not there, or not here', async () => {
    const elsewhere = stack.functionArn.replace(
      stack.region,
      stack.region === 'eu-west-1' ? 'us-east-1' : 'eu-west-1',
    );
    for (const more of [{ Qualifier: 'live' }, { Qualifier: '7' }, { FunctionName: elsewhere }]) {
      await expect(invoke(more)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }
  });

  test('answers 202 to an Event, and refuses one of more than 1 MB', async () => {
    expect((await invoke({ InvocationType: 'Event' })).StatusCode).toBe(202);
    const Payload = JSON.stringify({ answer: 'x'.repeat(1024 * 1024) });
    await expect(invoke({ InvocationType: 'Event', Payload })).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
  });
});
