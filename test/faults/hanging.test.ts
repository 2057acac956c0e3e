import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { computeAccuracy } from '../../functions/computeAccuracy';
import { getResult } from '../../functions/getResult';
import { schedule } from '../../functions/schedule';
import { openDatabase } from '../../lib/postgres/database';
import { openRedis } from '../../lib/redis/redis';
import { resultCache } from '../../lib/redis/resultCache';
import { Unavailable } from '../../lib/runtime/failures';
import { openScheduler } from '../../lib/scheduler/scheduler';
import { openStores, type Stores } from '../setup/stores';
import { credentials, modelNamed, settingsOf, target } from '../setup/world';
import { openGate } from './gate';

/** Accepts and never answers. */
let hanging: Server;
const sockets = new Set<Socket>();
let port: number;
let stores: Stores;

const model = modelNamed(1);
const settings = settingsOf(1, { cron_expression: '* * * * *' });
const due = () => ({
  model_id: model,
  scheduled_time: new Date('2026-03-01T00:01:00Z'),
  trigger: 'schedule' as const,
});

beforeAll(async () => {
  hanging = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  port = (hanging.address() as { port: number }).port;
  stores = await openStores();
  await stores.db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, created_at, updated_at)
      VALUES ($1, '* * * * *', '2026-01-01', '2026-01-01')`,
    [model],
  );
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  hanging.close();
  await stores.close();
});

const scheduler = () => {
  const client = new SchedulerClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
  return openScheduler(client, target);
};

test('a PostgreSQL that accepts and never answers is away, to a read and to a write', async () => {
  const db = openDatabase(`postgres://x:x@127.0.0.1:${port}/x`, 1);
  await expect(getResult({ db, results: stores.results })({ model_id: model })).rejects.toThrow(Unavailable);
  await expect(schedule({ db, scheduler: scheduler() })(settings)).rejects.toThrow(Unavailable);
});

test('a Redis that accepts and never answers does not keep anybody from reading: PostgreSQL stands in', async () => {
  const redis = await openRedis(`redis://127.0.0.1:${port}`);
  const deps = { db: stores.db, results: resultCache(redis) };
  expect(await getResult(deps)({ model_id: model })).toMatchObject({
    status: 200,
    body: { status: 'pending' },
  });
  redis.disconnect();
});

test('a run that Redis does not answer fails, to be tried again, with its record made', async () => {
  const redis = await openRedis(`redis://127.0.0.1:${port}`);
  const run = computeAccuracy({ db: stores.db, results: resultCache(redis) });
  await expect(run(due())).rejects.toThrow('Redis is not available');
  redis.disconnect();
  expect(await computeAccuracy(stores)(due())).toMatchObject({ status: 'no_data' });
  expect(await stores.db.query('SELECT 1 FROM runs WHERE model_id = $1', [model])).toHaveLength(1);
});

test('a Scheduler that accepts and never answers is away, and the row is as before', async () => {
  const changed = { ...settings, cron_expression: '*/7 * * * *' };
  const put = schedule({ db: stores.db, scheduler: scheduler() });
  await expect(put(changed)).rejects.toThrow('Scheduler is not available');
  const rows = await stores.db.query('SELECT cron_expression FROM metrics_executions');
  expect(rows).toEqual([{ cron_expression: '* * * * *' }]);
});

test('a connection that hangs after it worked is given up, and the next one works', async () => {
  const gate = await openGate(new URL(stores.databaseUrl));
  const db = openDatabase(gate.url.href, 1);
  const read = getResult({ db, results: stores.results });
  expect(await read({ model_id: model })).toMatchObject({ status: 200 });
  gate.shutWhen((_, towards) => towards === 'client');
  // What Redis has is answered; what it has not cannot be.
  expect(await read({ model_id: model })).toMatchObject({
    status: 200,
    body: { scheduled: null, stale: null },
  });
  await expect(read({ model_id: '00000000-0000-4000-8000-0000000000ff' })).rejects.toThrow(Unavailable);
  gate.shutWhen(() => false);
  expect(await read({ model_id: model })).toMatchObject({ status: 200, body: { scheduled: true } });
  await db.end();
  gate.close();
});

test('a migration, or a pooler that forgets, under a warm connection: the statement is prepared anew on the next one', async () => {
  const db = openDatabase(stores.databaseUrl, 1);
  const read = () => db.query('SELECT error FROM runs WHERE n_samples = $1', [-1]);
  const pid = async () => (await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]?.pid;
  await read();
  const first = await pid();
  await stores.db.query('ALTER TABLE runs ALTER COLUMN error TYPE varchar(1000)');
  await expect(read()).resolves.toEqual([]);
  const second = await pid();
  expect(second).not.toBe(first);
  await db.query('DEALLOCATE ALL');
  await expect(read()).resolves.toEqual([]);
  expect(await pid()).not.toBe(second);
  await db.end();
});
