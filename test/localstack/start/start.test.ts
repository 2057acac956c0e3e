import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, requireFree } from '../../../localstack/ports';
import { commandOf } from '../../../localstack/servers/command';

const model = '550e8400-e29b-41d4-a716-446655440000';
let folder: string;
let port: number;
let running: ChildProcess | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-start-'));
  chmodSync(folder, 0o755);
  port = await freePort();
});
afterAll(async () => {
  if (running) await stop('SIGTERM');
  rmSync(folder, { recursive: true });
});

/** What `npm start` runs after the build. */
const launch = (env: Record<string, string> = {}) => {
  const own = {
    DATABASE_URL: undefined,
    REDIS_URL: undefined,
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
  };
  const child = spawn(process.execPath, ['.build/start.js'], { env: { ...process.env, ...own, ...env } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
  }
  return { child, printed: () => text };
};

const start = async (env: Record<string, string> = {}) => {
  const { child, printed } = launch(env);
  running = child;
  while (!printed().includes('is ready')) {
    if (child.exitCode !== null) throw new Error(printed());
    await sleep(50);
  }
  return printed();
};

const stop = async (signal: NodeJS.Signals) => {
  const child = running as ChildProcess;
  running = undefined;
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
};

const failedStart = async (env: Record<string, string>) => {
  const { child, printed } = launch(env);
  await once(child, 'exit');
  return { code: child.exitCode, lines: printed().trim().split('\n') };
};

/** The processes whose command line or environment speaks of our data folder. */
const leftOver = () =>
  execFileSync('ps', ['-eo', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder) && !line.includes('ps -eo'));

const call = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
};

const accuracyOfTestData = () => {
  const rows = JSON.parse(readFileSync('test/sql/data/expected.json', 'utf8'));
  const ofModel = rows.filter((row: { model_id: string }) => row.model_id === model);
  return ofModel.sort((a: { timestamp: string }, b: { timestamp: string }) =>
    a.timestamp < b.timestamp ? 1 : -1,
  )[0].accuracy;
};

test('the first start prints where everything is, and a line to try', async () => {
  const printed = await start();
  expect(printed).toContain(`http://127.0.0.1:${port}`);
  expect(printed).toContain(join(folder, 'data'));
  expect(printed).toContain('curl -X POST');
});

test('a model of the test data has its accuracy two seconds after the next full minute', async () => {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < 5000) await sleep(leftMs); // else the run might come before anybody has seen that it is pending
  const posted = await call('POST', '/schedule', { model_id: model, cron_expression: '*/1 * * * *' });
  expect(posted).toMatchObject({ status: 201, body: { schedule_expression: 'cron(* * * * ? *)' } });
  expect(await call('GET', `/results/${model}`)).toMatchObject({ status: 200, body: { status: 'pending' } });
  const due = Date.parse(posted.body.next_run_at);
  await sleep(due + 2000 - Date.now());
  const { body } = await call('GET', `/results/${model}`);
  expect(body).toMatchObject({
    status: 'ok',
    accuracy: accuracyOfTestData(),
    scheduled_time: posted.body.next_run_at,
  });
  const log = readFileSync(join(folder, 'data/log/functions.log'), 'utf8');
  expect(log).toContain('"event":"environmentStarted","functionName":"computeAccuracy"');
});

test('a run now has its result at once, and DELETE ends the schedule', async () => {
  const now = await call('POST', `/schedule/${model}/run`);
  expect(now).toMatchObject({ status: 200, body: { status: 'ok', accuracy: accuracyOfTestData() } });
  const other = '550e8400-e29b-41d4-a716-44665544ffff';
  await call('POST', '/schedule', { model_id: other, cron_expression: '0 0 1 1 *' });
  expect((await call('DELETE', `/schedule/${other}`)).status).toBe(204);
  expect((await call('GET', `/schedule/${other}`)).status).toBe(404);
});

test('a page whose name somebody lets point to this machine may neither read nor write', async () => {
  const sent = (method: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: `evil.example:${port}`, 'sec-fetch-site': 'same-origin' };
      request(
        { port, method, path: `/schedule/${method === 'GET' ? model : `${model}/run`}`, headers },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      )
        .once('error', reject)
        .end();
    });
  for (const method of ['GET', 'POST']) expect([400, 401, 403, 421]).toContain(await sent(method));
});

test('Ctrl-C stops everything that was started', async () => {
  expect(await stop('SIGINT')).toBe(0);
  expect(leftOver()).toEqual([]);
  await expect(call('GET', '/')).rejects.toThrow();
});

test('a second start finds the data of the first, and the Scheduler has the schedule again', async () => {
  await start();
  const { body } = await call('GET', `/results/${model}`);
  expect(body).toMatchObject({ status: 'ok', accuracy: accuracyOfTestData() });
  const clock = readFileSync(join(folder, 'data/log/clock.log'), 'utf8');
  expect(clock).toContain('"missing":1');
});

test('a data folder in use is refused to a second launcher', async () => {
  const { code, lines } = await failedStart({ PORT: String(await freePort()) });
  expect(code).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/data folder .* cannot be used: process \d+ uses it already/),
  ]);
});

test('after kill -9 the next start takes over what was left running, and nothing is lost', async () => {
  await stop('SIGKILL');
  await start();
  expect(await call('GET', `/results/${model}`)).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await stop('SIGTERM')).toBe(0);
  expect(leftOver()).toEqual([]);
});

/** No real process can be made to end just between the question and the signal: this `ps` sees it once, and then never. */
const seeOnce = () => {
  const [tools, asked] = [join(folder, 'see-once'), join(folder, 'asked')];
  mkdirSync(tools);
  const script = `#!/bin/sh\n[ -e '${asked}' ] && exit 1\n: > '${asked}'\necho redis-server\n`;
  writeFileSync(join(tools, 'ps'), script, { mode: 0o755 });
  return { tools, asked };
};

test('a left Redis that ends while it is being ended does not stop the start', async () => {
  const ended = spawn(process.execPath, ['--version']);
  await once(ended, 'exit');
  writeFileSync(join(folder, 'data/redis/redis.pid'), String(ended.pid));
  const { tools, asked } = seeOnce();
  await start({ PATH: `${tools}:${process.env.PATH}` });
  expect(existsSync(asked)).toBe(true);
  expect(await stop('SIGTERM')).toBe(0);
});

/** What a killed start has begun notices it a moment later. */
const untilPortIsFree = async () => {
  while (
    await requireFree(port, '127.0.0.1').then(
      () => false,
      () => true,
    )
  )
    await sleep(50);
};

/** Whether a first start has begun to make its database, or more. */
const databaseBegun = (data: string) =>
  existsSync(data) &&
  readdirSync(data).some((name) =>
    ['PG_VERSION', 'data/PG_VERSION'].some((it) => existsSync(join(data, name, it))),
  );

const firstStart = async (data: string) => {
  const { child } = launch({ DATA_DIR: data });
  while (!databaseBegun(data)) {
    expect(child.exitCode).toBeNull();
    await sleep(5);
  }
  return child;
};

test('after a first start that was killed while it made the database the next one makes it', async () => {
  const data = join(folder, 'killed');
  const child = await firstStart(data);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await untilPortIsFree();
  await start({ DATA_DIR: data });
  expect(readdirSync(data).filter((name) => name.startsWith('postgres'))).toEqual(['postgres']);
  expect(await stop('SIGTERM')).toBe(0);
});

test('Ctrl-C during a first start ends the making of the database', async () => {
  const data = join(folder, 'stopped');
  const child = await firstStart(data);
  child.kill('SIGINT');
  await once(child, 'exit');
  expect(child.exitCode).toBe(0);
  while (leftOver().length > 0) await sleep(50);
  expect(databaseBegun(data)).toBe(false);
});

test('Ctrl-C ends a server that is still starting', async () => {
  const [tools, pidFile] = [join(folder, 'slow'), join(folder, 'slow.pid')];
  mkdirSync(tools);
  const script = `#!/bin/sh\necho $$ > '${pidFile}.new'; mv '${pidFile}.new' '${pidFile}'\nexec sleep 1000\n`;
  writeFileSync(join(tools, 'redis-server'), script, { mode: 0o755 });
  const { child } = launch({ DATA_DIR: join(folder, 'slow-data'), PATH: `${tools}:${process.env.PATH}` });
  while (!existsSync(pidFile)) await sleep(20);
  child.kill('SIGINT');
  await once(child, 'exit');
  while (commandOf(Number(readFileSync(pidFile, 'utf8')))) await sleep(50);
  while (leftOver().length > 0) await sleep(50);
});

test('an API that others could reach is refused without tokens', async () => {
  const { code, lines } = await failedStart({ HOST: '0.0.0.0', PORT: String(await freePort()) });
  expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringContaining('set API_TOKENS')] });
});

test('a taken port, a missing redis-server and a broken data folder are one clear sentence each', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port: number } = taken.address() as { port: number };
  const onTaken = await failedStart({ PORT: String(number) });
  expect(onTaken).toEqual({
    code: 1,
    lines: [expect.stringContaining(`port ${number} of 127.0.0.1 is taken`)],
  });
  taken.close();

  const tools = join(folder, 'tools');
  mkdirSync(tools);
  for (const tool of ['id', 'ps']) {
    const real = execFileSync('which', [tool], { encoding: 'utf8' }).trim();
    writeFileSync(join(tools, tool), `#!/bin/sh\nexec ${real} "$@"\n`, { mode: 0o755 });
  }
  const missing = await failedStart({ PATH: tools, DATA_DIR: join(folder, 'no-redis') });
  expect(missing).toEqual({ code: 1, lines: [expect.stringContaining('redis-server is not installed')] });

  const file = join(folder, 'file');
  writeFileSync(file, '');
  const onFile = await failedStart({ DATA_DIR: join(file, 'data') });
  expect(onFile).toEqual({ code: 1, lines: [expect.stringContaining('cannot be used')] });

  const broken = join(folder, 'broken');
  mkdirSync(join(broken, 'postgres'), { recursive: true });
  writeFileSync(join(broken, 'postgres/PG_VERSION'), '9.6\n');
  const onBroken = await failedStart({ DATA_DIR: broken });
  expect(onBroken.code).toBe(1);
  expect(onBroken.lines[0]).toContain('PostgreSQL did not start');
  expect(leftOver()).toEqual([]);
});
