import { writeFileSync } from 'node:fs';
import { InvokeCommand, InvokeWithResponseStreamCommand } from '@aws-sdk/client-lambda';
import { lines, newFile, startLambda, stopAll, until, untilState } from './lambda';

type Lambda = Awaited<ReturnType<typeof startLambda>>;
let lambda: Lambda;

beforeAll(async () => {
  lambda = await startLambda({
    echo: { handler: 'echo.handler', max: 1 },
    behave: { handler: 'behave.handler', max: 1 },
  });
});
afterAll(stopAll);

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:echo';

test.each([
  ['a name', 'echo', arn],
  ['a name with a qualifier', 'echo:$LATEST', `${arn}:$LATEST`],
  ['a partial ARN', '000000000000:function:echo', arn],
  ['a partial ARN without account', 'function:echo', arn],
  ['an ARN', arn, arn],
  ['an ARN with a qualifier', `${arn}:$LATEST`, `${arn}:$LATEST`],
])('a function is found by %s', async (_, name, invoked) => {
  const { payload } = await lambda.invoke(name, {});
  expect(payload.context.invokedFunctionArn).toBe(invoked);
});

test('an alias or version that does not exist is a ResourceNotFoundException, wherever it is given', async () => {
  for (const [name, Qualifier] of [
    ['echo', 'live'],
    ['echo', '7'],
    ['echo:live', undefined],
    [`${arn}:7`, undefined],
  ] as const) {
    const command = new InvokeCommand({ FunctionName: name, ...(Qualifier && { Qualifier }) });
    await expect(lambda.client.send(command)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringMatching(/^Function not found: arn:.*:echo:(live|7)$/),
    });
  }
  const command = new InvokeCommand({ FunctionName: 'echo', Qualifier: '$LATEST' });
  expect((await lambda.client.send(command)).ExecutedVersion).toBe('$LATEST');
});

test('an ARN of another region or account is refused', async () => {
  for (const type of ['RequestResponse', 'Event', 'DryRun'] as const) {
    await expect(lambda.invoke(arn.replace('us-east-1', 'eu-west-1'), {}, type)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
      $metadata: { httpStatusCode: 404 },
    });
    await expect(lambda.invoke(arn.replace('000000000000', '111111111111'), {}, type)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
  }
});

const logOf = async (event: object, FunctionName = 'echo') => {
  const Payload = JSON.stringify(event);
  const { LogResult, $metadata } = await lambda.client.send(
    new InvokeCommand({ FunctionName, Payload, LogType: 'Tail' }),
  );
  return { text: Buffer.from(LogResult ?? '', 'base64').toString(), id: $metadata.requestId };
};

test("LogType Tail answers what the function wrote, between Lambda's own lines", async () => {
  const { text, id } = await logOf({});
  const lines = text.split('\n');
  expect(lines[0]).toBe(`START RequestId: ${id} Version: $LATEST`);
  expect(lines.slice(1, 3).sort()).toEqual(['and warned', `asked ${id}`]);
  expect(lines[3]).toBe(`END RequestId: ${id}`);
  expect(lines[4]).toContain(`REPORT RequestId: ${id}\tDuration: `);
});

test('LogType Tail answers the last 4 KB of it', async () => {
  const { text } = await logOf({ do: 'write', lines: 1000 }, 'behave');
  expect(Buffer.byteLength(text)).toBe(4096);
  expect(text).toContain('line 999');
});

test('without LogType there is no log', async () => {
  const { LogResult } = await lambda.client.send(new InvokeCommand({ FunctionName: 'echo' }));
  expect(LogResult).toBeUndefined();
});

test('a client context that is no JSON, or too long, is refused', async () => {
  for (const text of ['{', JSON.stringify('a'.repeat(3000))]) {
    const ClientContext = Buffer.from(text).toString('base64');
    const command = new InvokeCommand({ FunctionName: 'echo', ClientContext });
    await expect(lambda.client.send(command)).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
  }
});

test('InvokeWithResponseStream is refused plainly', async () => {
  const command = new InvokeWithResponseStreamCommand({ FunctionName: 'echo' });
  await expect(lambda.client.send(command)).rejects.toMatchObject({
    name: 'NotImplementedException',
    message: 'InvokeWithResponseStream is not emulated: use Invoke',
    $metadata: { httpStatusCode: 501 },
  });
});

test('an unknown function is a ResourceNotFoundException, 404, for every type of invocation', async () => {
  for (const type of ['RequestResponse', 'Event', 'DryRun'] as const) {
    await expect(lambda.invoke('nobody', {}, type)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody',
      $metadata: { httpStatusCode: 404, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  }
});

test('a body that is not JSON is an InvalidRequestContentException, 400', async () => {
  for (const type of ['RequestResponse', 'Event'] as const) {
    await expect(lambda.invoke('echo', '{"model_id": ', type)).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      message: expect.stringContaining('Could not parse request body into json'),
      $metadata: { httpStatusCode: 400 },
    });
  }
});

test('a body that is not UTF-8 is an InvalidRequestContentException', async () => {
  const command = new InvokeCommand({ FunctionName: 'echo', Payload: new Uint8Array([34, 255, 34]) });
  await expect(lambda.client.send(command)).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
});

test('an invocation type that does not exist is an InvalidParameterValueException, 400', async () => {
  await expect(lambda.invoke('echo', {}, 'Later' as 'Event')).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    $metadata: { httpStatusCode: 400 },
  });
});

test.each([
  ['RequestResponse', 6 * 1024 * 1024],
  ['Event', 1024 * 1024],
] as const)('%s takes a payload of %d bytes, and not one byte more', async (type, limit) => {
  const fits = JSON.stringify('x'.repeat(limit - 2));
  if (type === 'Event') expect((await lambda.invoke('echo', fits, type)).status).toBe(202);
  else
    expect((await lambda.invoke('echo', fits, type)).payload.errorType).toBe('Function.ResponseSizeTooLarge');
  await expect(lambda.invoke('echo', `${fits} `, type)).rejects.toMatchObject({
    name: 'RequestTooLargeException',
    $metadata: { httpStatusCode: 413 },
  });
});

test('a dry run answers 204 and starts nothing', async () => {
  const idle = await startLambda({ echo: { handler: 'echo.handler' } });
  expect((await idle.invoke('echo', {}, 'DryRun')).status).toBe(204);
  expect(idle.events).toEqual([]);
});

test('an invoke that no environment takes is refused as throttled after the limit', async () => {
  const empty = await startLambda({ echo: { handler: 'echo.handler', max: 0 } }, { waitLimitMs: 100 });
  await expect(empty.invoke('echo', {})).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ConcurrentInvocationLimitExceeded',
    retryAfterSeconds: '1',
    message: 'No execution environment of echo became free within 0.1 seconds',
    $metadata: { httpStatusCode: 429 },
  });
});

test('a synchronous invoke is refused as throttled when too many wait, the others later, and an event is queued', async () => {
  const busy = await startLambda(
    { echo: { handler: 'echo.handler', max: 0 } },
    { maxWaiting: 2, waitLimitMs: 1500 },
  );
  const waiting = [busy.invoke('echo', {}), busy.invoke('echo', {})];
  const outcomes = Promise.allSettled(waiting);
  await untilState(busy.url, 'echo', { waiting: 2 });
  await expect(busy.invoke('echo', {})).rejects.toMatchObject({ message: 'Rate Exceeded.' });
  expect((await busy.invoke('echo', {}, 'Event')).status).toBe(202);
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ reason: { name: 'TooManyRequestsException' } });
});

test('a caller that gives up while it waits leaves the queue', async () => {
  const busy = await startLambda({ echo: { handler: 'echo.handler', max: 0 } });
  const giveUp = new AbortController();
  const command = new InvokeCommand({ FunctionName: 'echo' });
  const given = busy.client.send(command, { abortSignal: giveUp.signal }).catch((error: Error) => error.name);
  await untilState(busy.url, 'echo', { waiting: 1 });
  giveUp.abort();
  expect(await given).toBe('AbortError');
  await untilState(busy.url, 'echo', { waiting: 0 });
});

test('a caller who waits for the answer has the turn before events that were there first', async () => {
  const busy = await startLambda({ f: { handler: 'behave.handler', max: 1 } });
  const [file, other] = [newFile(), newFile()];
  const held = busy.invoke('f', { do: 'until', file });
  await until(() => lines(`${file}.begun`).length === 1);
  await busy.invoke('f', { do: 'until', file: other }, 'Event');
  const answer = busy.invoke('f', { do: 'answer', value: 1 });
  await untilState(busy.url, 'f', { waiting: 2 });
  writeFileSync(file, '');
  await held;
  expect((await answer).payload).toBe(1);
  await until(() => lines(`${other}.begun`).length === 1);
  writeFileSync(other, '');
});

test('closing the service refuses what waits with a ServiceException', async () => {
  const busy = await startLambda({ echo: { handler: 'echo.handler', max: 0 } });
  const waiting = busy.invoke('echo', {}).catch((error: Error) => error);
  await untilState(busy.url, 'echo', { waiting: 1 });
  await busy.close();
  expect(await waiting).toMatchObject({ name: 'ServiceException', $metadata: { httpStatusCode: 500 } });
});

test('a path that is not Invoke is an UnknownOperationException', async () => {
  const response = await fetch(`${lambda.url}/2015-03-31/functions`);
  expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
    404,
    'UnknownOperationException',
  ]);
});

test('a function name that cannot be decoded is a ValidationException', async () => {
  const response = await fetch(`${lambda.url}/2015-03-31/functions/%ff/invocations`, {
    method: 'POST',
    body: '{}',
  });
  expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([400, 'ValidationException']);
});
