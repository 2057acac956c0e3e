import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { httpHandler } from '../lib/http/handler';
import type { Output } from '../lib/http/route';
import { route } from '../lib/http/routes/health';
import type { Database } from '../lib/postgres/database';
import { database, redis } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import { log } from '../lib/runtime/log';
import type { ServiceName } from '../lib/runtime/serviceState';
import { zoneDataVersion } from '../lib/schedule/cron/timezone';
import readHealthSql from '../sql/queries/readHealth.sql';

interface Deps {
  db: Database;
  redis: Redis;
  /** How often it is invoked. */
  reconcileEveryMs: number;
}

/** A row of readHealth.sql. */
interface Found {
  services: { [name in ServiceName]?: { finished_at: string; outcome: { error?: string } } };
  stale: number;
  waiting_labels: number;
}

const limitMs = 1500;
const keptMs = 5000;
const minuteMs = 60_000;

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

/** Not well is what failed, or was left out twice: two intervals and the longest run ago. */
const howItRuns =
  (found: Found | undefined, now: Date) => (name: ServiceName, everyMs: number, longestMs: number) => {
    const { finished_at, outcome } = found?.services[name] ?? {};
    if (!finished_at) return { ok: false, finished_at: null };
    const at = new Date(finished_at);
    const late = now.getTime() - at.getTime() > 2 * everyMs + longestMs;
    return { ok: !late && outcome?.error === undefined, finished_at: at.toISOString() };
  };

const check = async ({ db, redis, reconcileEveryMs }: Deps): Promise<Output<typeof route>> => {
  const [postgresql, cache] = await Promise.all([
    ask('PostgreSQL', () => db.query<Found>(readHealthSql)),
    ask('Redis', () => redis.ping()),
  ]);
  const now = new Date();
  const found = postgresql.answer?.[0];
  const state = howItRuns(found, now);
  const watch = state('watch', minuteMs, minuteMs);
  const reconcile = state('reconcile', reconcileEveryMs, 15 * minuteMs);
  const pruned = state('prune', 24 * 60 * minuteMs, 15 * minuteMs);
  // A new service prunes after a day.
  const prune = found && pruned.finished_at === null ? { ...pruned, ok: true } : pruned;
  const ok = [postgresql.part, cache.part, watch, reconcile, prune].every((part) => part.ok);
  const body = {
    ok,
    checked_at: now.toISOString(),
    postgresql: postgresql.part,
    redis: cache.part,
    watch,
    reconcile,
    prune,
    zone_data: zoneDataVersion,
    stale_models: found?.stale ?? null,
    waiting_labels: found?.waiting_labels ?? null,
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
  const ask = health({
    db: database(),
    redis: await redis(),
    reconcileEveryMs: env('RECONCILE_EVERY'),
  });
  return async (_input, _body, scope) => (scope ? ask() : whetherAllIsWell(await ask()));
});
