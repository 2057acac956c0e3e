import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { httpHandler } from '../lib/http/handler';
import type { Output } from '../lib/http/route';
import { route } from '../lib/http/routes/health';
import type { Database } from '../lib/postgres/database';
import { database, redis } from '../lib/runtime/clients';
import { log } from '../lib/runtime/log';
import type { ServiceName } from '../lib/runtime/serviceState';
import { zoneDataVersion } from '../lib/schedule/cron/timezone';
import readHealthSql from '../sql/queries/readHealth.sql';

interface Deps {
  db: Database;
  redis: Redis;
}

/** A row of readHealth.sql. */
interface Found {
  services: { [name in ServiceName]?: { finished_at: string; outcome: { error?: string } } };
  stale: number;
}

const limitMs = 1500;
const keptMs = 5000;
const watchedWithinMs = 3 * 60_000;

/** What a store answered within the limit; undefined if nothing. */
const ask = async <T>(what: string, question: () => Promise<T>) => {
  const start = performance.now();
  const asked = question().catch((error) => {
    log.warn('not healthy', { what, error: error.cause ?? error });
    return undefined;
  });
  const answer = await Promise.race([asked, sleep(limitMs, undefined, { ref: false })]);
  return { answer, part: { ok: answer !== undefined, ms: Math.round(performance.now() - start) } };
};

const check = async ({ db, redis }: Deps): Promise<Output<typeof route>> => {
  const [postgresql, cache] = await Promise.all([
    ask('PostgreSQL', () => db.query<Found>(readHealthSql)),
    ask('Redis', () => redis.ping()),
  ]);
  const now = new Date();
  const found = postgresql.answer?.[0];
  const state = (name: ServiceName, isWell: (finishedAt: number, error?: string) => boolean) => {
    const { finished_at, outcome } = found?.services[name] ?? {};
    if (!finished_at) return { ok: false, finished_at: null };
    const at = new Date(finished_at);
    return { ok: isWell(at.getTime(), outcome?.error), finished_at: at.toISOString() };
  };
  const watch = state('watch', (at) => now.getTime() - at < watchedWithinMs);
  const reconcile = state('reconcile', (_, error) => error === undefined);
  const ok = postgresql.part.ok && cache.part.ok && watch.ok && reconcile.ok;
  const body = {
    ok,
    checked_at: now.toISOString(),
    postgresql: postgresql.part,
    redis: cache.part,
    watch,
    reconcile,
    zone_data: zoneDataVersion,
    stale_models: found?.stale ?? null,
  };
  return ok ? { status: 200, body } : { status: 503, body };
};

/** Asks the stores, once in five seconds for all who ask. */
export const health = (deps: Deps) => {
  let kept: { at: number; output: Promise<Output<typeof route>> } | undefined;
  return (): Promise<Output<typeof route>> => {
    if (!kept || performance.now() - kept.at >= keptMs) kept = { at: performance.now(), output: check(deps) };
    return kept.output;
  };
};

/** What a stranger may know. */
export const whetherAllIsWell = ({
  status,
  body: { ok, checked_at },
}: Output<typeof route>): Output<typeof route> => ({
  status,
  body: { ok, checked_at },
});

export const handler = httpHandler(route, async () => {
  const ask = health({ db: database(), redis: await redis() });
  return async (_input, _body, scope) => (scope ? ask() : whetherAllIsWell(await ask()));
});
