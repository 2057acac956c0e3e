import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { openRedis } from '../../lib/redis/redis';
import { resultCache } from '../../lib/redis/resultCache';
import { type Result, resultExample } from '../../lib/runs/result';
import { modelNamed } from '../setup/world';

const { resources } = parse(readFileSync('.deploy/stores/managed.yml', 'utf8'));
const accessString: string = resources.Resources.CacheUser.Properties.AccessString;

const name = `metrics_${randomBytes(6).toString('hex')}`;
let admin: Redis;
let user: Redis;

beforeAll(async () => {
  const server = new URL(process.env.TEST_REDIS_URL as string);
  admin = new Redis(server.href);
  await admin.call('ACL', 'SETUSER', name, ...accessString.split(' '), '>secret');
  user = await openRedis(`redis://${name}@${server.host}`, async () => 'secret');
});
afterAll(async () => {
  user.disconnect();
  await admin.call('ACL', 'DELUSER', name);
  admin.disconnect();
});

const result = (scheduled_time: string): Result => ({
  ...resultExample,
  model_id: modelNamed(1),
  scheduled_time,
});

test("the cache's user may connect, and do all that the functions do", async () => {
  const warnings = jest.spyOn(console, 'warn');
  await user.connect();
  expect(user.status).toBe('ready');
  expect(await user.ping()).toBe('PONG');
  await admin.script('FLUSH');
  const cache = resultCache(user);
  await cache.putNewest(result('2026-03-01T12:00:00.000Z')); // EVAL, or EVALSHA and then SCRIPT LOAD
  await cache.putNewest(result('2026-03-01T11:00:00.000Z')); // by its hash
  expect((await cache.read(modelNamed(1)))?.scheduled_time).toBe('2026-03-01T12:00:00.000Z');
  expect(warnings).not.toHaveBeenCalled(); // ioredis warns if it may not ask whether the server is ready
});

const refused: [string, ...string[]][] = [
  ['GET', 'another:key'],
  ['SET', 'overdue', '1'],
  ['KEYS', '*'],
  ['FLUSHALL'],
  ['FLUSHDB'],
  ['CONFIG', 'GET', '*'],
  ['ACL', 'LIST'],
  ['CLIENT', 'LIST'],
  ['CLIENT', 'KILL', 'TYPE', 'normal'],
  ['MONITOR'],
  ['SHUTDOWN'],
  ['EVAL', "return redis.call('GET', 'another:key')", '0'],
  ['EVAL', "return redis.call('FLUSHALL')", '0'],
];

test.each(refused.map((command) => [command.join(' '), command] as const))(
  'and not %s',
  async (_, [command, ...args]) => {
    await expect(user.call(command, ...args)).rejects.toThrow(/NOPERM|can't (access|run)/);
  },
);
