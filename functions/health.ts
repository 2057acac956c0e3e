import { setTimeout as sleep } from 'node:timers/promises';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { endpoint } from '../lib/http/handler';
import type { Answer, Route } from '../lib/http/route';
import { type Database, query } from '../lib/postgres/database';
import { readOverdue } from '../lib/redis/redis';
import { database, redis, scheduler } from '../lib/runtime/clients';
import { log } from '../lib/runtime/log';
import { instantText } from '../lib/schedule/fields';
import type { Scheduler } from '../lib/scheduler/scheduler';
import pingSql from '../sql/queries/ping.sql';

const part = z.object({
  ok: z.boolean(),
  ms: z.int().min(0).meta({ description: 'Milliseconds until it answered' }),
});

const overdue = z
  .object({ models: z.int().min(0), counted_at: instantText })
  .nullable()
  .meta({ description: 'How many models had missed a due time at the last count; null while there is none' });

const healthSchema = z
  .object({ ok: z.boolean(), postgresql: part, redis: part, scheduler: part, overdue })
  .meta({ id: 'Health' });

const example = (redis: boolean) => ({
  ok: redis,
  postgresql: { ok: true, ms: 2 },
  redis: { ok: redis, ms: redis ? 1 : 1500 },
  scheduler: { ok: true, ms: 9 },
  overdue: redis ? { models: 0, counted_at: '2026-03-01T12:00:00.000Z' } : null,
});

export const route = {
  name: 'health',
  method: 'get',
  path: '/health',
  summary: 'Whether the stores and the Scheduler answer',
  answers: {
    200: { description: 'All of them', schema: healthSchema, examples: [example(true)] },
    503: { description: 'Not all of them', schema: healthSchema, examples: [example(false)] },
  },
} satisfies Route;

interface Deps {
  db: Database;
  redis: Redis;
  scheduler: Scheduler;
}

const limitMs = 1500;

const within = <T>(answer: Promise<T>, otherwise: T): Promise<T> =>
  Promise.race([answer, sleep(limitMs, otherwise, { ref: false })]);

const check = async (what: string, ask: () => Promise<unknown>) => {
  const start = performance.now();
  const answered = ask().then(
    () => true,
    (error) => {
      log.warn('not healthy', { what, error: error.cause ?? error });
      return false;
    },
  );
  const ok = await within(answered, false);
  return { ok, ms: Math.round(performance.now() - start) };
};

/** Asks each of them something that costs it next to nothing. */
export const health =
  ({ db, redis, scheduler }: Deps) =>
  async (): Promise<Answer<typeof route>> => {
    const aSchedule = new ListSchedulesCommand({ GroupName: scheduler.target.groupName, MaxResults: 1 });
    const [postgresql, cache, schedules, overdue] = await Promise.all([
      check('PostgreSQL', () => query(db, pingSql, [])),
      check('Redis', () => redis.ping()),
      check('Scheduler', () => scheduler.client.send(aSchedule)),
      within(
        readOverdue(redis).catch(() => null),
        null,
      ),
    ]);
    const ok = postgresql.ok && cache.ok && schedules.ok;
    const body = { ok, postgresql, redis: cache, scheduler: schedules, overdue };
    return ok ? { status: 200, body } : { status: 503, body };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () =>
  health({ db: database(), redis: redis(), scheduler: scheduler() }),
);
