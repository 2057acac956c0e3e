import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { health } from '../../functions/health';
import { httpHandler } from '../../lib/http/handler';
import { route } from '../../lib/http/routes/health';
import { openDatabase } from '../../lib/postgres/database';
import { openRedis } from '../../lib/redis/redis';
import { eventOf, openWorld, type World } from './world';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(() => world.close());

test('all well is 200, with the milliseconds of each', async () => {
  const ok = { ok: true, ms: expect.any(Number) };
  expect(await health(world)()).toEqual({
    status: 200,
    body: { ok: true, postgresql: ok, redis: ok, scheduler: ok, overdue: null },
  });
});

test('a part that takes connections and never answers is told within two seconds: 503 with Retry-After', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SchedulerClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials,
    requestHandler: { requestTimeout: 3000, throwOnRequestTimeout: true },
    maxAttempts: 1,
  });
  const redis = openRedis(`redis://127.0.0.1:${port}`);
  const db = openDatabase(`postgres://nobody@127.0.0.1:${port}/none`, 1);
  ends.push(async () => {
    silent.close();
    for (const socket of sockets) socket.destroy();
    client.destroy();
    redis.disconnect();
    await db.end();
  });
  const start = performance.now();
  const deps = { db, redis, scheduler: { ...world.scheduler, client } };
  const answer = await httpHandler(route, async () => health(deps))(eventOf());
  expect(performance.now() - start).toBeLessThan(2000);
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
  expect(JSON.parse(answer.body as string)).toMatchObject({
    ok: false,
    postgresql: { ok: false },
    redis: { ok: false },
    scheduler: { ok: false },
  });
});

test('one that is away does not hide that the others are there', async () => {
  const redis = openRedis('redis://127.0.0.1:1');
  ends.push(() => redis.disconnect());
  const { status, body } = await health({ ...world, redis })();
  expect(status).toBe(503);
  expect(body).toMatchObject({ postgresql: { ok: true }, redis: { ok: false }, scheduler: { ok: true } });
});
