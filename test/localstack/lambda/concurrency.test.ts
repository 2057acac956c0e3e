import { openSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, lines, newFile, startLambda, stopAll, until, untilState } from './lambda';

afterAll(stopAll);

const one = { handler: 'behave.handler', max: 1, concurrency: 3 };

test('an environment takes as many invocations at a time as its concurrency says; the next one waits', async () => {
  const { invoke, url } = await startLambda({ f: one });
  const file = newFile();
  const four = Array.from({ length: 4 }, () => invoke('f', { do: 'until', file }));
  await until(() => lines(`${file}.begun`).length === 3);
  await untilState(url, 'f', { waiting: 1, running: 3 });
  writeFileSync(file, '');
  const payloads = (await Promise.all(four)).map(({ payload }) => payload);
  expect(payloads.slice(0, 3).map(({ together }) => together)).toEqual([1, 2, 3]);
  expect(new Set(payloads.map(({ pid }) => pid)).size).toBe(1);
});

test('one that dies fails all it was doing, and what waits goes to the next', async () => {
  const { invoke } = await startLambda({ f: one });
  const file = newFile();
  const lost = [invoke('f', { do: 'until', file }), invoke('f', { do: 'until', file })];
  await until(() => lines(`${file}.begun`).length === 2);
  lost.push(invoke('f', { do: 'die' }));
  for (const { payload } of await Promise.all(lost)) expect(payload.errorType).toBe('Runtime.ExitError');
  expect((await invoke('f', { do: 'answer', value: 5 })).payload).toBe(5);
});

test('one invocation that fails leaves the others alone', async () => {
  const { invoke } = await startLambda({ f: one });
  const file = newFile();
  const other = invoke('f', { do: 'until', file });
  await until(() => lines(`${file}.begun`).length === 1);
  expect((await invoke('f', { do: 'fail', message: 'no' })).payload.errorMessage).toBe('no');
  writeFileSync(file, '');
  expect((await other).payload).toMatchObject({ together: 1 });
});

test('it is not idle while one of them runs', async () => {
  const { invoke } = await startLambda({ f: { ...one, idleMs: 50 } });
  const file = newFile();
  const running = invoke('f', { do: 'until', file });
  const pid = Number(await until(() => lines(`${file}.begun`)[0]));
  await sleep(300);
  expect(isAlive(pid)).toBe(true);
  writeFileSync(file, '');
  expect((await running).payload.pid).toBe(pid);
  await until(() => !isAlive(pid));
});

test('of two environments the one that does less is given more', async () => {
  const { invoke, url } = await startLambda({ f: { ...one, max: 2, provisioned: 2 } });
  await untilState(url, 'f', { idle: 6 });
  const file = newFile();
  const four: ReturnType<typeof invoke>[] = [];
  for (let n = 1; n <= 4; n++) {
    four.push(invoke('f', { do: 'until', file }));
    await until(() => lines(`${file}.begun`).length === n);
  }
  const pids = lines(`${file}.begun`);
  expect(pids[1]).not.toBe(pids[0]);
  expect(pids.filter((pid) => pid === pids[0])).toHaveLength(2);
  writeFileSync(file, '');
  await Promise.all(four);
});

test('fewer environments are started than invocations wait, as each takes several', async () => {
  const { invoke, events } = await startLambda({ f: { ...one, max: 5 } });
  const file = newFile();
  const four = Array.from({ length: 4 }, () => invoke('f', { do: 'until', file }));
  await until(() => lines(`${file}.begun`).length === 4);
  // Two are enough; one more is started where an environment has asked for its first invocation and not yet for the next.
  expect(events.filter(({ event }) => event === 'environmentStarted').length).toBeLessThan(4);
  writeFileSync(file, '');
  await Promise.all(four);
});

test('with a log of its own its lines go there, and are no events', async () => {
  const log = newFile();
  const { invoke, events } = await startLambda({
    echo: { handler: 'echo.handler', log: openSync(log, 'a') },
  });
  const { requestId } = await invoke('echo', {});
  await until(() => lines(log).length === 2);
  expect(lines(log).sort()).toEqual(['and warned', `asked ${requestId}`]);
  expect(events.filter(({ event }) => event === 'output')).toEqual([]);
});

test('a log that takes no more lines, as on a full disk, stops nobody', async () => {
  const { invoke } = await startLambda({
    logs: { handler: 'logs.handler', max: 1, log: openSync('/dev/full', 'w') },
  });
  const first = await invoke('logs', {});
  expect(first.payload).toMatchObject({ logged: 1 });
  expect((await invoke('logs', {})).payload).toEqual({ ...first.payload, logged: 2 });
});
