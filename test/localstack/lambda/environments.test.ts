import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ManagedEnvironments } from '../../../localstack/lambda/environments';
import type { LambdaEvent } from '../../../localstack/lambda/event';
import { LambdaFunction } from '../../../localstack/lambda/lambdaFunction';
import {
  bundle,
  caller,
  folder,
  isAlive,
  lines,
  newFile,
  runtimeClient,
  startLambda,
  stopAll,
  until,
} from './lambda';

afterAll(stopAll);

const named = <E extends LambdaEvent['event']>(events: LambdaEvent[], event: E) =>
  events.filter((one): one is Extract<LambdaEvent, { event: E }> => one.event === event);

const taskRoot = `${__dirname}/functions`;

test('nothing is started before the first invoke, and one at a time needs one environment', async () => {
  const { invoke, events } = await startLambda({ echo: { handler: 'echo.handler' } });
  expect(events).toEqual([]);
  const pids = new Set<number>();
  for (let n = 0; n < 50; n++) pids.add((await invoke('echo', n)).payload.pid);
  expect(pids.size).toBe(1);
  expect(named(events, 'environmentStarted')).toHaveLength(1);
});

test('10,000 waiting invokes are answered by no more environments than allowed', async () => {
  const events: LambdaEvent[] = [];
  const settings = { timeoutMs: 25_000, waitLimitMs: 60_000, maxWaiting: 20_000 };
  const fn = new LambdaFunction('behave', settings, (event) => events.push(event));
  const handler = 'behave.handler';
  fn.supply = new ManagedEnvironments(
    fn,
    { max: 2, runtimeClient, taskRoot, handler, region: 'x' },
    (event) => events.push(event),
  );
  const answers = Array.from(
    { length: 10_000 },
    (_, n) =>
      new Promise<string>((resolve) => {
        fn.invoke({
          requestId: `id-${n}`,
          functionArn: 'arn',
          traceId: 'trace',
          payload: Buffer.from(JSON.stringify({ do: 'answer', value: n })),
          type: 'RequestResponse',
          settle: (outcome) => resolve('payload' in outcome ? outcome.payload.toString() : outcome.type),
        });
      }),
  );
  expect(await Promise.all(answers)).toEqual(answers.map((_, n) => String(n)));
  expect(named(events, 'environmentStarted')).toHaveLength(2);
  await fn.stop(0);
  await (fn.supply as ManagedEnvironments).close();
});

test("a function sees the environment it is given and Lambda's own, nothing of ours", async () => {
  process.env.OF_THE_SERVICE = 'secret';
  const env = { MODEL: 'm', AWS_REGION: 'reserved' };
  const { invoke } = await startLambda({ echo: { handler: 'echo.handler', env } }, { region: 'eu-north-1' });
  const { payload } = await invoke('echo', {});
  expect(Object.keys(payload.env).sort()).toEqual([
    'AWS_DEFAULT_REGION',
    'AWS_EXECUTION_ENV',
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
    'AWS_LAMBDA_FUNCTION_NAME',
    'AWS_LAMBDA_FUNCTION_VERSION',
    'AWS_LAMBDA_INITIALIZATION_TYPE',
    'AWS_LAMBDA_LOG_GROUP_NAME',
    'AWS_LAMBDA_LOG_STREAM_NAME',
    'AWS_LAMBDA_RUNTIME_API',
    'AWS_REGION',
    'LAMBDA_RUNTIME_DIR',
    'LAMBDA_TASK_ROOT',
    'LANG',
    'MODEL',
    'PATH',
    'TZ',
    '_HANDLER',
    '_X_AMZN_TRACE_ID',
  ]);
  expect(payload.env).toMatchObject({
    MODEL: 'm',
    AWS_REGION: 'eu-north-1',
    AWS_LAMBDA_FUNCTION_NAME: 'echo',
  });
});

test('what a function writes is passed on line by line', async () => {
  const { invoke, events } = await startLambda({ echo: { handler: 'echo.handler' } });
  const { requestId } = await invoke('echo', {});
  await until(() => named(events, 'output').length === 2);
  const output = named(events, 'output').map(({ functionName, stream, line }) => [
    functionName,
    stream,
    line,
  ]);
  expect(output).toContainEqual(['echo', 'stdout', `asked ${requestId}`]);
  expect(output).toContainEqual(['echo', 'stderr', 'and warned']);
});

test('a function that exits while it is loaded fails those who wait', async () => {
  const { invoke } = await startLambda({ f: { handler: 'exitAtLoad.handler' } });
  const { payload, requestId } = await invoke('f', {});
  expect(payload).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 7`,
  });
});

test('a task root that is not there fails those who wait', async () => {
  const { invoke } = await startLambda({ f: { handler: 'f.handler', taskRoot: `${folder}/nowhere` } });
  expect((await invoke('f', {})).payload.errorType).toBe('Runtime.ExitError');
});

test('an environment stuck in a loop is killed at the timeout and replaced', async () => {
  const { invoke, events } = await startLambda({ f: { handler: 'behave.handler', timeoutMs: 300, max: 1 } });
  expect((await invoke('f', { do: 'spin' })).payload.errorType).toBe('Sandbox.Timedout');
  expect((await invoke('f', { do: 'answer', value: 1 })).payload).toBe(1);
  expect(named(events, 'environmentEnded')).toMatchObject([{ signal: 'SIGKILL' }]);
});

test('an environment without work is stopped', async () => {
  const { invoke, events } = await startLambda({ echo: { handler: 'echo.handler', idleMs: 50 } });
  const { payload } = await invoke('echo', {});
  await until(() => named(events, 'environmentEnded').length === 1);
  await until(() => !isAlive(payload.pid));
  expect((await invoke('echo', {})).payload.pid).not.toBe(payload.pid);
});

test('provisioned environments are there before the first invoke, are kept, and come back', async () => {
  const given = { handler: 'echo.handler', max: 3, provisioned: 2, idleMs: 50 };
  const { invoke, events } = await startLambda({ echo: given });
  const started = () => named(events, 'environmentStarted').map(({ pid }) => pid as number);
  await until(() => started().length === 2);
  const { payload } = await invoke('echo', {});
  expect(started()).toContain(payload.pid);
  await sleep(300);
  expect(started()).toHaveLength(2);
  expect(started().every(isAlive)).toBe(true);
  process.kill(payload.pid, 'SIGKILL');
  await until(() => started().length === 3);
  expect(started().filter(isAlive)).toHaveLength(2);
});

test('an environment is a process group of its own, so that Ctrl-C reaches the service only', async () => {
  const { invoke } = await startLambda({ echo: { handler: 'echo.handler' } });
  const { payload } = await invoke('echo', {});
  expect(process.kill(-payload.pid, 0)).toBe(true);
});

test('closing the service ends its processes, also in the middle of a run', async () => {
  const { invoke, close } = await startLambda({ f: { handler: 'behave.handler' } });
  const file = newFile();
  const refused = invoke('f', { do: 'until', file }).catch((error: Error) => error.name);
  const pid = Number(await until(() => lines(`${file}.begun`)[0]));
  await close();
  expect(await refused).toBe('ServiceException');
  expect(isAlive(pid)).toBe(false);
});

/** A service in a process of its own. */
const startElsewhere = async (): Promise<{
  service: ChildProcess;
  invoke: ReturnType<typeof caller>['invoke'];
}> => {
  const service = spawn(process.execPath, [bundle('aService.ts'), runtimeClient, taskRoot, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface({ input: service.stdout as NodeJS.ReadableStream }), 'line');
  return { service, invoke: caller(url).invoke };
};

test('processes do not outlive a service that is killed, whether idle, in the middle of a run or loading', async () => {
  const { service, invoke } = await startElsewhere();
  const [file, other] = [newFile(), newFile()];
  const lost = [file, other].map((file) =>
    invoke('f', { do: 'until', file }).catch((error: Error) => error.name),
  );
  const pids = await Promise.all([file, other].map((file) => until(() => lines(`${file}.begun`)[0])));
  // One of the two becomes idle.
  writeFileSync(file, '');
  await lost[0];
  const pidFile = `${folder}/loading.pid`;
  const loading = invoke('loading', {}).catch((error: Error) => error.name);
  pids.push(await until(() => lines(pidFile)[0]));
  service.kill('SIGKILL');
  await until(() => pids.every((pid) => !isAlive(Number(pid))));
  await Promise.all([lost[1], loading]);
});
