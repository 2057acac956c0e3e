import { existsSync, writeFileSync } from 'node:fs';
import { newFile, startLambda, stopAll, until } from './lambda';

afterAll(stopAll);

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const { signal } = new AbortController();
const text = (outcome: object) => ('payload' in outcome ? String(outcome.payload) : undefined);

test('from within the process a function is invoked as over HTTP, by name or ARN', async () => {
  const { invoke, direct } = await startLambda({ echo: { handler: 'echo.handler' } });
  const { payload } = await invoke('echo', { n: 1 });
  for (const name of ['echo', arn('echo')]) {
    const outcome = await direct(name, '{"n":1}', signal);
    expect(outcome.type).toBe('success');
    expect(JSON.parse(text(outcome) as string)).toMatchObject({ event: payload.event, pid: payload.pid });
  }
  const none = await direct(arn('none'), '{}', signal);
  expect(none.type).toBe('functionError');
  expect(text(none)).toContain('ResourceNotFoundException');
});

test('one too many is throttled, and one that is taken back while it waits is never run', async () => {
  const { direct, events } = await startLambda(
    { f: { handler: 'behave.handler', max: 1 } },
    { maxWaiting: 1 },
  );
  const file = newFile();
  const held = direct('f', JSON.stringify({ do: 'until', file }), signal);
  await until(() => existsSync(`${file}.begun`));

  const stopping = new AbortController();
  const other = newFile();
  const taken = direct('f', JSON.stringify({ do: 'failTimes', file: other, times: 0 }), stopping.signal);
  expect(await direct('f', '{}', signal)).toMatchObject({ type: 'throttled' });
  stopping.abort();
  expect(await taken).toEqual({ type: 'stopping' });

  writeFileSync(file, '');
  expect(await held).toMatchObject({ type: 'success' });
  expect(await direct('f', '{"do":"answer","value":7}', signal)).toMatchObject({ type: 'success' });
  expect(existsSync(other)).toBe(false);
  expect(events.filter(({ event }) => event === 'invokeEnded')).toHaveLength(2);
});

test('what is asked for after the end has begun is not run', async () => {
  const { direct, events } = await startLambda({ f: { handler: 'behave.handler' } });
  expect(await direct('f', '{"do":"answer"}', AbortSignal.abort())).toEqual({ type: 'stopping' });
  expect(events).toEqual([]);
});
