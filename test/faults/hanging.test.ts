import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { computeAccuracy } from '../../functions/computeAccuracy';
import { getResult } from '../../functions/getResult';
import { schedule } from '../../functions/schedule';
import { openDatabase, query } from '../../lib/postgres/database';
import { openRedis } from '../../lib/redis/redis';
import { openStores, type Stores } from '../setup/stores';

/** Accepts and never answers. */
let hanging: Server;
const sockets = new Set<Socket>();
let port: number;
let stores: Stores;

const model = '00000000-0000-4000-8000-000000000001';
const settings = {
  model_id: model,
  cron_expression: '* * * * *',
  timezone: 'UTC',
  enabled: true,
  flexible_window_minutes: 0,
};
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

const scheduler = () => ({
  client: new SchedulerClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  }),
  target: { groupName: 'g', functionArn: 'f', roleArn: 'r', deadLetterArn: 'd' },
});

test('a PostgreSQL that accepts and never answers is 503 to a read and to a write', async () => {
  const db = openDatabase(`postgres://x:x@127.0.0.1:${port}/x`, 1);
  await expect(getResult({ db, redis: stores.redis })({ model_id: model })).rejects.toMatchObject({
    status: 503,
  });
  await expect(schedule({ db, scheduler: scheduler() })(settings)).rejects.toMatchObject({ status: 503 });
});

test('a Redis that accepts and never answers does not keep anybody from reading: PostgreSQL stands in', async () => {
  const redis = openRedis(`redis://127.0.0.1:${port}`);
  expect(await getResult({ db: stores.db, redis })({ model_id: model })).toMatchObject({
    status: 200,
    body: { status: 'pending' },
  });
  redis.disconnect();
});

test('a run that Redis does not answer fails, to be tried again, with its record made', async () => {
  const redis = openRedis(`redis://127.0.0.1:${port}`);
  await expect(computeAccuracy({ db: stores.db, redis })(due())).rejects.toMatchObject({
    name: 'Unavailable',
  });
  redis.disconnect();
  expect(await computeAccuracy(stores)(due())).toMatchObject({ status: 'no_data' });
  const rows = await stores.db.query<Record<string, any>>('SELECT 1 FROM runs WHERE model_id = $1', [model]);
  expect(rows).toHaveLength(1);
});

test('a Scheduler that accepts and never answers is 503, and the row is as before', async () => {
  const changed = { ...settings, cron_expression: '*/7 * * * *' };
  await expect(schedule({ db: stores.db, scheduler: scheduler() })(changed)).rejects.toMatchObject({
    status: 503,
  });
  const rows = await stores.db.query<Record<string, any>>('SELECT cron_expression FROM metrics_executions');
  expect(rows).toEqual([{ cron_expression: '* * * * *' }]);
});

test('a connection that hangs after it worked is given up, and the next one works', async () => {
  const url = new URL(stores.databaseUrl);
  let frozen = false;
  const proxy = createServer((socket) => {
    const upstream = new (require('node:net').Socket)().connect(Number(url.port), url.hostname);
    socket.on('data', (data) => frozen || upstream.write(data));
    upstream.on('data', (data: Buffer) => frozen || socket.write(data));
    for (const end of [socket, upstream])
      end.on('error', () => {}).on('close', () => [socket, upstream].map((one) => one.destroy()));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const through = new URL(url);
  through.port = String((proxy.address() as { port: number }).port);
  const db = openDatabase(through.href, 1);
  const read = getResult({ db, redis: stores.redis });
  expect(await read({ model_id: model })).toMatchObject({ status: 200 });
  frozen = true;
  await expect(read({ model_id: model })).rejects.toMatchObject({ status: 503 });
  frozen = false;
  expect(await read({ model_id: model })).toMatchObject({ status: 200 });
  await db.end();
  proxy.close();
}, 60_000);

test('a migration, or a pooler that forgets, under a warm connection: the statement is prepared anew on the next one', async () => {
  const db = openDatabase(stores.databaseUrl, 1);
  const read = () => query(db, 'SELECT error FROM runs WHERE n_samples = $1', [-1]);
  const pid = async () => (await db.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
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
