import { InvokeCommand } from '@aws-sdk/client-lambda';
import { startLambda, stopAll, untilState } from './lambda';

type Lambda = Awaited<ReturnType<typeof startLambda>>;
let lambda: Lambda;

beforeAll(async () => {
  lambda = await startLambda({ echo: { handler: 'echo.handler', max: 1 } });
});
afterAll(stopAll);

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:echo';

test.each([
  ['a name', 'echo', arn],
  ['a name with a qualifier', 'echo:live', `${arn}:live`],
  ['a partial ARN', '000000000000:function:echo', arn],
  ['a partial ARN with a qualifier', '000000000000:function:echo:1', `${arn}:1`],
  ['a partial ARN without account', 'function:echo', arn],
  ['an ARN', arn, arn],
  ['an ARN with a qualifier', `${arn}:$LATEST`, `${arn}:$LATEST`],
])('a function is found by %s', async (_, name, invoked) => {
  const { payload } = await lambda.invoke(name, {});
  expect(payload.context.invokedFunctionArn).toBe(invoked);
});

test('a qualifier may be given beside the name', async () => {
  const command = new InvokeCommand({ FunctionName: 'echo', Qualifier: 'live' });
  const { Payload } = await lambda.client.send(command);
  expect(JSON.parse(Buffer.from(Payload ?? []).toString()).context.invokedFunctionArn).toBe(`${arn}:live`);
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

test('an invoke is refused as throttled when too many wait, and the others are not', async () => {
  const busy = await startLambda(
    { echo: { handler: 'echo.handler', max: 0 } },
    { maxWaiting: 2, waitLimitMs: 1500 },
  );
  const waiting = [busy.invoke('echo', {}), busy.invoke('echo', {})];
  const outcomes = Promise.allSettled(waiting);
  await untilState(busy.url, 'echo', { waiting: 2 });
  await expect(busy.invoke('echo', {})).rejects.toMatchObject({ message: 'Rate Exceeded.' });
  await expect(busy.invoke('echo', {}, 'Event')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ reason: { name: 'TooManyRequestsException' } });
});

test('a caller that gives up while it waits leaves the line', async () => {
  const busy = await startLambda({ echo: { handler: 'echo.handler', max: 0 } });
  const giveUp = new AbortController();
  const command = new InvokeCommand({ FunctionName: 'echo' });
  const given = busy.client.send(command, { abortSignal: giveUp.signal }).catch((error: Error) => error.name);
  await untilState(busy.url, 'echo', { waiting: 1 });
  giveUp.abort();
  expect(await given).toBe('AbortError');
  await untilState(busy.url, 'echo', { waiting: 0 });
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
