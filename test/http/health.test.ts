import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { health, whetherAllIsWell } from '../../functions/health';
import { httpHandler } from '../../lib/http/handler';
import { route } from '../../lib/http/routes/health';
import { openDatabase } from '../../lib/postgres/database';
import { openRedis } from '../../lib/redis/redis';
import { env } from '../../lib/runtime/env';
import { putServiceState, type ServiceName } from '../../lib/runtime/serviceState';
import { openWorld, type World } from '../setup/world';
import { eventOf } from './event';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(() => world.close());

const finished = async (name: ServiceName, minutesAgo: number, outcome = {}) => {
  await putServiceState(world.db, name, outcome);
  await world.db.query(
    `UPDATE service_states SET finished_at = now() - $2::int * interval '1 minute' WHERE name = $1`,
    [name, minutesAgo],
  );
};

const minuteMs = 60_000;
const ask = (reconcileEveryMs = 5 * minuteMs) => health({ ...world, reconcileEveryMs })();

test('a service in which nothing has run by itself yet is not well', async () => {
  const never = { ok: false, finished_at: null };
  expect(await ask()).toMatchObject({ status: 503, body: { ok: false, watch: never, reconcile: never } });
  expect((await ask()).body.prune).toEqual({ ok: true, finished_at: null }); // its turn comes after a day
});

test('all well is 200, with the milliseconds of each store and when watch, reconcile and prune ended', async () => {
  await finished('watch', 0);
  await finished('reconcile', 5);
  await finished('prune', 24 * 60);
  const store = { ok: true, ms: expect.any(Number) };
  const service = { ok: true, finished_at: expect.stringMatching(/Z$/) };
  expect(await ask()).toEqual({
    status: 200,
    body: {
      ok: true,
      checked_at: expect.stringMatching(/Z$/),
      postgresql: store,
      redis: store,
      watch: service,
      reconcile: service,
      prune: service,
      stale_models: 0,
      waiting_labels: 0,
      zone_data: expect.stringMatching(/^20\d\d[a-z]$/),
    },
  });
});

test('three minutes without a look of watch are not well', async () => {
  await finished('watch', 2);
  expect((await ask()).body.watch?.ok).toBe(true);
  await finished('watch', 4);
  expect(await ask()).toMatchObject({ status: 503, body: { watch: { ok: false } } });
  await finished('watch', 0);
});

test('a reconcile that failed is not well until one succeeds', async () => {
  await finished('reconcile', 0, { error: 'Scheduler is not available' });
  expect(await ask()).toMatchObject({ status: 503, body: { reconcile: { ok: false } } });
  await finished('reconcile', 0, { equal: 3 });
  expect((await ask()).status).toBe(200);
});

test('a reconcile that has been left out is not well, by how often it runs', async () => {
  await finished('reconcile', 24);
  expect((await ask()).body.reconcile?.ok).toBe(true);
  await finished('reconcile', 26);
  expect(await ask()).toMatchObject({ status: 503, body: { reconcile: { ok: false } } });
  expect((await ask(60 * minuteMs)).status).toBe(200);
  await finished('reconcile', 0);
});

test('two days without prune are not well', async () => {
  await finished('prune', 48 * 60);
  expect((await ask()).body.prune?.ok).toBe(true);
  await finished('prune', 49 * 60);
  expect(await ask()).toMatchObject({ status: 503, body: { prune: { ok: false } } });
  await finished('prune', 0);
});

test.each([
  [undefined, 5],
  ['rate(1 minute)', 1],
  ['rate(2 hours)', 120],
  ['rate(1 day)', 24 * 60],
  ['cron(0 4 * * ? *)', 24 * 60],
])('RECONCILE_EVERY %j is every %i minutes', (expression, minutes) => {
  if (expression) process.env.RECONCILE_EVERY = expression;
  else delete process.env.RECONCILE_EVERY;
  expect(env('RECONCILE_EVERY')).toBe(minutes * minuteMs);
});

test('an answer is kept for five seconds, for all who ask', async () => {
  let asked = 0;
  const db = {
    ...world.db,
    query: (async (...args: Parameters<typeof world.db.query>) => {
      asked++;
      return world.db.query(...args);
    }) as typeof world.db.query,
  };
  const ask = health({ ...world, db, reconcileEveryMs: 5 * minuteMs });
  const [one, other] = await Promise.all([ask(), ask()]);
  expect(one.body.checked_at).toBe(other.body.checked_at);
  expect((await ask()).body.checked_at).toBe(one.body.checked_at);
  expect(asked).toBe(1);
});

test('a store that takes connections and never answers is told before its client gives it up: 503 with Retry-After', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const redis = await openRedis(`redis://127.0.0.1:${port}`);
  const db = openDatabase(`postgres://nobody@127.0.0.1:${port}/none`, 1);
  ends.push(async () => {
    silent.close();
    for (const socket of sockets) socket.destroy();
    redis.disconnect();
    await db.end();
  });
  let givenUp = false;
  const giveUp = () => {
    givenUp = true;
  };
  redis.ping().catch(giveUp);
  db.query('SELECT 1').catch(giveUp);
  const answer = await httpHandler(route, async () => health({ db, redis, reconcileEveryMs: 5 * minuteMs }))(
    eventOf(),
  );
  expect(givenUp).toBe(false);
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
  const { postgresql, redis: cache, ...body } = JSON.parse(answer.body as string);
  expect([postgresql.ok, cache.ok, body.stale_models, body.waiting_labels]).toEqual([
    false,
    false,
    null,
    null,
  ]);
});

test('a store that is away does not hide that the other is there', async () => {
  const redis = await openRedis('redis://127.0.0.1:1');
  ends.push(() => redis.disconnect());
  const { status, body } = await health({ ...world, redis, reconcileEveryMs: 5 * minuteMs })();
  expect(status).toBe(503);
  expect(body).toMatchObject({ postgresql: { ok: true }, redis: { ok: false } });
});

test('a stranger learns whether all is well, and nothing else', async () => {
  const output = whetherAllIsWell(await ask());
  expect(Object.keys(output.body)).toEqual(['ok', 'checked_at']);
  const asked: unknown[] = [];
  const answer = httpHandler(route, async () => async (_input, _body, scope) => {
    asked.push(scope);
    return output;
  });
  await answer(eventOf());
  expect(asked).toEqual(['write']); // a service without tokens has no strangers
});
