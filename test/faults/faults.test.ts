import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { type System, startSystem } from './system';

const models = 200;
let system: System;
let redis: Redis;
let watching: { stop: () => Promise<void>; backwards: string[] };
const table: Record<string, unknown>[] = [];

/** Reads some models' newest results all the time, and notes each that is older than one seen before. */
const watch = () => {
  const backwards: string[] = [];
  const seen = new Map<string, string>();
  let stopped = false;
  const look = async () => {
    while (!stopped) {
      for (let n = 1; n <= 5; n++) {
        const key = `result:00000000-0000-0000-0000-00000000000${n}`;
        const stored = await redis.get(key).catch(() => null);
        if (!stored) continue;
        const time = JSON.parse(stored).scheduled_time;
        if (time < (seen.get(key) ?? '')) backwards.push(`${key} ${seen.get(key)} -> ${time}`);
        seen.set(key, time);
      }
      await sleep(10);
    }
  };
  const looking = look();
  return {
    backwards,
    stop: async () => {
      stopped = true;
      await looking;
    },
  };
};

beforeEach(async () => {
  system = await startSystem(models);
  redis = system.redisClient();
  redis.on('error', () => {});
  watching = watch();
});

afterEach(async () => {
  redis.disconnect();
  await watching.stop();
  await system.stop();
});

afterAll(() => {
  mkdirSync('.bench', { recursive: true });
  writeFileSync('.bench/faults.json', JSON.stringify(table, null, 2));
});

const countRuns = async (dues: number[]) => {
  const [{ count }] = await system.sql(
    "SELECT count(*)::int FROM runs WHERE scheduled_time = ANY($1) AND status <> 'missed'",
    [dues.map((n) => system.due(n))],
  );
  return count as number;
};

/** Waits until every model has its run of each of these due times, then holds the promise against what is there. */
const promiseHolds = async (
  fault: string,
  dues: number[],
  healedAt: number,
  more: { missing?: number } = {},
) => {
  const { models } = system;
  const expected = models * dues.length - (more.missing ?? 0);
  for (let tries = 0; (await countRuns(dues)) < expected && tries < 1200; tries++) await sleep(50);
  const seconds = (Date.now() - healedAt) / 1000;
  await sleep(300); // for a run too many
  const recorded = await countRuns(dues);
  const [{ doubled }] = await system.sql(
    'SELECT (count(*) - count(DISTINCT (model_id, scheduled_time)))::int AS doubled FROM runs',
  );
  const found = await system.sql(
    "SELECT model_id FROM runs WHERE status NOT IN ($1, 'missed') OR accuracy <> 2 / 3.0::float8",
    ['ok'],
  );
  table.push({
    fault,
    models,
    dues: dues.length,
    expected,
    delivered: system.runsAnswered(),
    recorded,
    doubled,
    missing: expected - recorded,
    seconds,
  });
  expect({ recorded, doubled, wrong: found, backwards: watching.backwards }).toEqual({
    recorded: expected,
    doubled: 0,
    wrong: [],
    backwards: [],
  });
};

/** Redis comes to have what PostgreSQL has as newest now, or newer, for every model. */
const redisAgrees = async () => {
  const newest = await system.sql('SELECT model_id, max(scheduled_time) AS time FROM runs GROUP BY model_id');
  const differing = async () => {
    const stored = await redis.mget(newest.map(({ model_id }) => `result:${model_id}`));
    return newest.filter(
      ({ time }, n) => (JSON.parse(stored[n] ?? '{}').scheduled_time ?? '') < time.toISOString(),
    );
  };
  for (let tries = 0; (await differing()).length > 0 && tries < 1200; tries++) await sleep(50);
  expect(await differing()).toEqual([]);
};

test('without a fault every due time of every model has one run', async () => {
  await system.startClock();
  await system.until(4, 10);
  await promiseHolds('none', [1, 2, 3, 4], Date.now());
  await redisAgrees();
});

test('kill -9 of the execution environments in the middle of the runs, at every due time', async () => {
  await system.startClock();
  for (const n of [1, 2, 3]) {
    await system.until(n, 1);
    system.killEnvironments();
    await sleep(30);
    system.killEnvironments();
  }
  await promiseHolds('kill -9 of the environments', [1, 2, 3], Date.now());
  await redisAgrees();
});

test('kill -9 of the clock just before, at and just after the due time', async () => {
  let clock = await system.startClock();
  for (const [n, seconds] of [
    [2, -4],
    [3, 0],
    [4, 1],
    [5, 2],
  ] as const) {
    await system.until(n, seconds);
    await system.kill(clock);
    clock = await system.startClock();
  }
  await system.watch(); // finds the due times at which no clock ran
  await promiseHolds('kill -9 of the clock', [1, 2, 3, 4, 5], Date.now());
  await redisAgrees();
});

test('two clocks at the same time by mistake', async () => {
  await system.startClock();
  await system.startClock();
  await system.until(3, 10);
  await promiseHolds('two clocks', [1, 2, 3], Date.now());
  await redisAgrees();
});

test('every event delivered twice, then ten times at once, then one that is a day late', async () => {
  const deliver = (n: number, times: number) =>
    Promise.all(
      Array.from({ length: models * times }, (_, i) =>
        system.invoke('computeAccuracy', {
          model_id: `00000000-0000-0000-0000-${((i % models) + 1).toString(16).padStart(12, '0')}`,
          scheduled_time: system.due(n).toISOString(),
        }),
      ),
    );
  await deliver(1, 2);
  await deliver(2, 10);
  await deliver(2 - 24 * 60, 1);
  await promiseHolds('twice, ten times at once, a day late', [1, 2, 2 - 24 * 60], Date.now());
  await redisAgrees();
});

test('connections to PostgreSQL and Redis cut again and again, between runs and in them', async () => {
  await system.startClock();
  for (let n = 1; n <= 3; n++) {
    for (const seconds of [-20, 0.5, 1, 10]) {
      await system.until(n, seconds);
      await system.sql('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
        'cyclic-metrics',
      ]);
      await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    }
  }
  await promiseHolds('connections cut', [1, 2, 3], Date.now());
  await redisAgrees();
});

test.each([
  ['PostgreSQL', 'postgres'],
  ['Redis', 'redis'],
] as const)(
  '%s stopped for 70 s over a due time',
  async (name, server) => {
    await system.startClock();
    await system.until(2, -10);
    await system.servers[server].stop();
    await system.until(3, 0);
    await system.restart(server);
    const healed = Date.now();
    await system.until(4, 10);
    await promiseHolds(`${name} stopped for 70 s`, [1, 2, 3, 4], healed);
    await redisAgrees();
  },
  180_000,
);

test('Redis flushed, then full: runs are recorded, and the newest results come when there is room', async () => {
  await system.startClock();
  await system.until(1, 20);
  await redis.flushall();
  await system.until(2, -5);
  await redis.config('SET', 'maxmemory', '1');
  await system.until(3, -20);
  await redis.config('SET', 'maxmemory', '0');
  const healed = Date.now();
  await system.until(3, 10);
  await promiseHolds('Redis flushed, then full', [1, 2, 3], healed);
  await redisAgrees();
});

test('the Scheduler restarted with its state lost', async () => {
  await system.startClock();
  await system.until(2, -30);
  await system.loseScheduler();
  const healed = Date.now();
  await system.until(4, 10);
  await promiseHolds('Scheduler state lost', [1, 2, 3, 4], healed);
});

test('poison sample rows end as invalid_data and hold up no other model', async () => {
  const poison = (n: number, label: string) =>
    system.sql(
      `INSERT INTO results (model_id, y_true, y_pred) VALUES (lpad(to_hex($1::int), 32, '0')::uuid, ${label}::json, '[1]')`,
      [n],
    );
  await poison(1, `(repeat('[', 5000) || repeat(']', 5000))`);
  await poison(2, `'{"a": null}'`);
  await poison(3, `('[' || repeat('1,', 500000000) || '1]')`);
  await system.startClock();
  await system.until(2, 10);
  for (let tries = 0; (await countRuns([1, 2])) < models * 2 && tries < 1200; tries++) await sleep(50);
  expect(await countRuns([1, 2])).toBe(models * 2);
  const found = await system.sql(
    'SELECT DISTINCT model_id, status FROM runs WHERE status <> $1 ORDER BY model_id',
    ['ok'],
  );
  expect(found.map(({ model_id, status }) => [Number(model_id.slice(-2)), status])).toEqual([
    [1, 'invalid_data'],
    [2, 'invalid_data'],
    [3, 'invalid_data'],
  ]);
});
