import type { InvocationRecord } from '../../../localstack/lambda/asyncQueue';
import { lines, newFile, startLambda, stopAll, until, untilState } from './lambda';

// "How Lambda handles errors and retries with asynchronous invocation", and "Capturing records of Lambda asynchronous
// invocations", of the Lambda Developer Guide.

afterAll(stopAll);

const onFailure = 'arn:aws:sqs:us-east-1:000000000000:failed';
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:behave';

const start = async (config: object = {}, options: object = {}, max = 1) => {
  const records: InvocationRecord[] = [];
  const destinations: string[] = [];
  const sendRecord = async (destination: string, record: InvocationRecord) => {
    destinations.push(destination);
    records.push(record);
  };
  const behave = { handler: 'behave.handler', max, async: { onFailure, ...config } };
  const async = { retryDelaysMs: [10, 20], sendRecord, ...options };
  return { records, destinations, ...(await startLambda({ behave }, { async })) };
};

test('an event that succeeds at the second attempt keeps its request id and leaves no record', async () => {
  const { invoke, events, records } = await start();
  const file = newFile();
  const { status, requestId } = await invoke('behave', { do: 'failTimes', file, times: 1 }, 'Event');
  expect(status).toBe(202);
  await until(() => events.filter(({ event }) => event === 'invokeEnded').length === 2);
  expect(events.filter(({ event }) => event === 'invokeEnded')).toMatchObject([{ requestId }, { requestId }]);
  expect(lines(file)).toEqual(['xx']);
  expect(records).toEqual([]);
});

test('an event that fails three times is handed to the failure destination, with all fields that AWS documents', async () => {
  const { invoke, records, destinations } = await start();
  const event = { do: 'fail', message: 'no store' };
  const { requestId } = await invoke('behave', event, 'Event');
  const record = await until(() => records[0]);
  expect(destinations).toEqual([onFailure]);
  expect(record).toEqual({
    version: '1.0',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    requestContext: {
      requestId,
      functionArn: `${arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'NoSuchModel', errorMessage: 'no store', trace: expect.any(Array) },
  });
});

test('an event whose environment dies each time is a record too', async () => {
  const { invoke, records } = await start();
  const { requestId } = await invoke('behave', { do: 'exit', code: 9 }, 'Event');
  const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: exit status 9`;
  expect((await until(() => records[0])).responsePayload).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage,
  });
});

test('with MaximumRetryAttempts 0 an event is tried once', async () => {
  const { invoke, records } = await start({ maximumRetryAttempts: 0 });
  await invoke('behave', { do: 'fail', message: 'm' }, 'Event');
  expect((await until(() => records[0])).requestContext.approximateInvokeCount).toBe(1);
});

test('an event that no environment takes is given up when it is too old: EventAgeExceeded, and no response', async () => {
  const { invoke, records, url } = await start({ maximumEventAgeInSeconds: 0.05 }, {}, 0);
  await invoke('behave', { a: 1 }, 'Event');
  const record = await until(() => records[0]);
  expect(record.requestContext).toMatchObject({ condition: 'EventAgeExceeded', approximateInvokeCount: 0 });
  expect(record.requestPayload).toEqual({ a: 1 });
  expect(record).not.toHaveProperty('responseContext');
  await untilState(url, 'behave', { waiting: 0 });
});

test('an event that would be too old at its next attempt is given up at once', async () => {
  const { invoke, records, events } = await start(
    { maximumEventAgeInSeconds: 30 },
    { retryDelaysMs: [60_000] },
  );
  await invoke('behave', { do: 'fail', message: 'first' }, 'Event');
  const record = await until(() => records[0]);
  expect(record.requestContext.condition).toBe('EventAgeExceeded');
  expect(record.responsePayload).toMatchObject({ errorMessage: 'first' });
  expect(events.filter(({ event }) => event === 'asyncRetry')).toEqual([]);
});

test('without a destination an event is given up and told in the log', async () => {
  const { invoke, records, events } = await start({ onFailure: undefined, maximumRetryAttempts: 0 });
  await invoke('behave', { do: 'fail', message: 'm' }, 'Event');
  await until(() => events.some(({ event }) => event === 'asyncGivenUp'));
  expect(records).toEqual([]);
});

test('a record that cannot be sent is told with the event in it', async () => {
  const sendRecord = () => Promise.reject(new Error('no such queue'));
  const { invoke, events } = await start({ maximumRetryAttempts: 0 }, { sendRecord });
  await invoke('behave', { do: 'fail', message: 'm' }, 'Event');
  const told = await until(() => events.find(({ event }) => event === 'destinationFailed'));
  expect(told).toMatchObject({
    error: 'no such queue',
    payload: JSON.stringify({ do: 'fail', message: 'm' }),
  });
});

test('closing the service tells which events are lost', async () => {
  const { invoke, events, close } = await start({}, { retryDelaysMs: [60_000] });
  const { requestId } = await invoke('behave', { do: 'fail', message: 'm' }, 'Event');
  await until(() => events.some(({ event }) => event === 'asyncRetry'));
  await close();
  expect(events).toContainEqual(expect.objectContaining({ event: 'asyncLost', requestId }));
});

test('from within the process an event is queued at once, and a refusal is thrown', async () => {
  const { invokeEvent, events, url } = await start();
  const file = newFile();
  invokeEvent(arn, JSON.stringify({ do: 'failTimes', file, times: 0 }));
  await until(() => events.some(({ event }) => event === 'invokeEnded'));
  expect(() => invokeEvent(`${arn}s`, '{}')).toThrow(
    expect.objectContaining({ name: 'ResourceNotFoundException', status: 404 }),
  );
  expect(() => invokeEvent(arn, '{')).toThrow(
    expect.objectContaining({ name: 'InvalidRequestContentException' }),
  );
  await untilState(url, 'behave', { waiting: 0, running: 0 });
});

test('more events than the queue holds are refused as throttled', async () => {
  const { invokeEvent, url } = await start({}, { maxEvents: 2 }, 0);
  for (const _ of [1, 2]) invokeEvent(arn, '{}');
  expect(() => invokeEvent(arn, '{}')).toThrow(expect.objectContaining({ status: 429 }));
  await untilState(url, 'behave', { waiting: 2 });
});
