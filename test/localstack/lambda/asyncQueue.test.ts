import type { DeadLetter } from '../../../localstack/lambda/asyncQueue';
import { lines, newFile, startLambda, stopAll, until, untilState } from './lambda';

afterAll(stopAll);

const deadLetterArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
const behave = { behave: { handler: 'behave.handler', max: 1 } };

const startWithLetters = async (options: object, functions = behave) => {
  const letters: DeadLetter[] = [];
  const sendDeadLetter = async (letter: DeadLetter) => void letters.push(letter);
  const async = { retryDelaysMs: [10, 20], deadLetterArn, sendDeadLetter, ...options };
  return { letters, ...(await startLambda(functions, { async })) };
};

test('an event that succeeds at the second attempt keeps its request id and is no dead letter', async () => {
  const { invoke, events, letters } = await startWithLetters({});
  const file = newFile();
  const { status, requestId } = await invoke('behave', { do: 'failTimes', file, times: 1 }, 'Event');
  expect(status).toBe(202);
  await until(() => events.filter(({ event }) => event === 'invokeEnded').length === 2);
  expect(events.filter(({ event }) => event === 'invokeEnded')).toMatchObject([{ requestId }, { requestId }]);
  expect(lines(file)).toEqual(['xx']);
  expect(letters).toEqual([]);
});

test('an event whose environment dies each time is a dead letter after three attempts', async () => {
  const { invoke, letters } = await startWithLetters({});
  const { requestId } = await invoke('behave', { do: 'exit', code: 9 }, 'Event');
  const ErrorMessage = `RequestId: ${requestId} Error: Runtime exited with error: exit status 9`;
  expect((await until(() => letters[0])).attributes).toEqual({
    RequestID: requestId,
    ErrorCode: '200',
    ErrorMessage,
  });
});

test('an event that no environment takes is a dead letter when it is too old', async () => {
  const nobody = { behave: { handler: 'behave.handler', max: 0 } };
  const { invoke, letters, url } = await startWithLetters({ maxAgeMs: 50 }, nobody);
  await invoke('behave', {}, 'Event');
  expect((await until(() => letters[0])).attributes.ErrorCode).toBe('429');
  await untilState(url, 'behave', { waiting: 0 });
});

test('an event that would be too old at its next attempt is given up at once', async () => {
  const { invoke, letters, events } = await startWithLetters({ retryDelaysMs: [60_000], maxAgeMs: 30_000 });
  await invoke('behave', { do: 'fail', message: 'first' }, 'Event');
  expect((await until(() => letters[0])).attributes.ErrorMessage).toBe('first');
  expect(events.filter(({ event }) => event === 'asyncRetry')).toEqual([]);
});

test('a dead letter that cannot be sent is told with the event in it', async () => {
  const sendDeadLetter = () => Promise.reject(new Error('no such queue'));
  const { invoke, events } = await startWithLetters({ retryDelaysMs: [], sendDeadLetter });
  await invoke('behave', { do: 'fail', message: 'm' }, 'Event');
  const told = await until(() => events.find(({ event }) => event === 'deadLetterFailed'));
  expect(told).toMatchObject({
    error: 'no such queue',
    payload: JSON.stringify({ do: 'fail', message: 'm' }),
  });
});

test('closing the service tells which events are lost', async () => {
  const { invoke, events, close } = await startWithLetters({ retryDelaysMs: [60_000] });
  const { requestId } = await invoke('behave', { do: 'fail', message: 'm' }, 'Event');
  await until(() => events.some(({ event }) => event === 'asyncRetry'));
  await close();
  expect(events).toContainEqual(expect.objectContaining({ event: 'asyncGivenUp', requestId }));
});
