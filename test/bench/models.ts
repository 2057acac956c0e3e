import { getResult } from '../../functions/getResult';
import { health } from '../../functions/health';
import { listAlerts } from '../../functions/listAlerts';
import { listSchedules } from '../../functions/listSchedules';
import { overview } from '../../functions/overview';
import { prune } from '../../functions/prune';
import { reconcile } from '../../functions/reconcile';
import { watch } from '../../functions/watch';
import { type Database, openDatabase } from '../../lib/postgres/database';
import { openRedis } from '../../lib/redis/redis';
import { resultCache } from '../../lib/redis/resultCache';
import type { Schedule } from '../../lib/schedule/schedule';
import { openScheduler } from '../../lib/scheduler/scheduler';
import listSchedulesSql from '../../sql/queries/listSchedules.sql';
import putDefinitionsSql from '../../sql/queries/putDefinitions.sql';
import { modelNamed, schedulerClient, target } from '../setup/world';
import { quantile, round, timed } from './numbers';
import { type Sql, type Stage, startStores } from './stage';

const idSql = `('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid`;

/** Hourly models, each with a run of the last hour; of a hundred one is paused, and of one an alert fires. */
const fill = async (sql: Sql, from: number, to: number) => {
  for (let first = from; first < to; first += 100_000) {
    const range = [first, Math.min(to, first + 100_000)];
    await sql(
      `INSERT INTO metrics_executions (model_id, cron_expression, enabled, name, tags, created_at, updated_at)
        SELECT ${idSql}, (n % 60) || ' * * * *', n % 100 > 0, 'Model ' || n, ARRAY['tag' || n / 50],
          now() - interval '2 days', now() - interval '2 days'
        FROM generate_series($1::int, $2::int - 1) AS n`,
      range,
    );
    await sql(
      `INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, started_at, finished_at)
        SELECT ${idSql}, now() - n % 3600 * interval '1 second', 'schedule', 'ok', n % 1000 / 1000.0, 2, now(), now()
        FROM generate_series($1::int, $2::int - 1) AS n`,
      range,
    );
    await sql(
      `UPDATE model_states SET newest_run = now() - n % 3600 * interval '1 second', newest_status = 'ok', value = random(),
          value_before = random(), next_due = now() + interval '2 hours' + n % 3600 * interval '1 second',
          expected_by = now() + interval '2 hours' + n % 3600 * interval '1 second'
        FROM generate_series($1::int, $2::int - 1) AS n WHERE model_id = ${idSql}`,
      range,
    );
    await sql(
      `INSERT INTO alerts (model_id, rule, state, severity, since)
        SELECT ${idSql}, 'low', 'firing', 'warning', now() FROM generate_series($1::int, $2::int - 1) AS n WHERE n % 100 = 1`,
      range,
    );
  }
  await sql('SELECT sum_status_counts()');
  await sql('VACUUM ANALYZE metrics_executions, model_states, alerts, status_counts');
  await sql('ANALYZE runs');
};

const read = async (db: Database, redisUrl: string, models: number, times: number) => {
  const redis = await openRedis(redisUrl);
  const page = { offset: 0, limit: 50 };
  const some = (n: number) => modelNamed((n * 7919) % models);
  const result = getResult({ db, results: resultCache(redis) });
  const calls: Record<string, (n: number) => Promise<unknown>> = {
    overview: () => overview({ db })({ sort: 'status', order: 'asc', ...page }),
    'overview, by value': () => overview({ db })({ sort: 'value', order: 'desc', status: 'ok', ...page }),
    'overview, middle': () =>
      overview({ db })({ sort: 'value', order: 'asc', limit: 50, offset: models / 2 }),
    'overview, one name': (n) =>
      overview({ db })({ q: `model ${(n * 7919) % models}`, sort: 'status', order: 'asc', ...page }),
    'overview, names of a tenth': (n) =>
      overview({ db })({ q: `model ${n % 9}`, sort: 'status', order: 'asc', ...page }),
    'list of schedules': (n) => listSchedules({ db })({ limit: 50, cursor: some(n) }),
    result: (n) => result({ model_id: some(n) }),
    health: () => health({ db, redis, reconcileEveryMs: 300_000 })(),
    alerts: () => listAlerts({ db })({ state: 'firing', ...page }),
  };
  const rows = [];
  for (const [call, ask] of Object.entries(calls)) {
    const ms = await timed(times, ask);
    rows.push({ models, call, 'p50 ms': round(quantile(ms, 0.5)), 'p99 ms': round(quantile(ms, 0.99)) });
  }
  redis.disconnect();
  return rows;
};

/** Looks of watch: with nothing to do; over up to a hundred thousand overdue models; until all were invoked. */
const look = async (db: Database, sql: Sql, from: number, to: number) => {
  let invoked = 0;
  const invokeLater = async () => void invoked++;
  const once = watch({ db, runs: { invoke: invokeLater, invokeLater } });
  const idle = quantile(await timed(5, once), 0.5);
  await sql(
    `UPDATE model_states SET next_due = now() - interval '1 hour', expected_by = now() - interval '30 minutes'
      WHERE enabled AND model_id >= $1 AND model_id < $2`,
    [modelNamed(from), modelNamed(Math.min(to, from + 100_000))],
  );
  const start = performance.now();
  const { missed } = await once();
  const seconds = (performance.now() - start) / 1000;
  let looks = 1;
  while ((await once()).invoked > 0) looks++;
  return {
    'idle ms': round(idle),
    'missed due times': missed,
    'first look s': round(seconds),
    'looks until all were invoked': looks,
    'all looks s': round((performance.now() - start) / 1000),
    invoked,
  };
};

/** A pass over schedules that are known to be right. The list is one of this process: AWS's takes the time of its pages. */
const pass = async (db: Database) => {
  const client = schedulerClient('http://127.0.0.1:1');
  const scheduler = openScheduler(client, target);
  const modified = new Date(Date.now() - 60_000);
  const listed = new Map<string, Date | undefined>();
  for (let after: string | null = null; ; ) {
    const page: Schedule[] = await db.query<Schedule>(listSchedulesSql, [after, 1000]);
    if (page.length === 0) break;
    const ids = page.map(({ model_id }) => model_id);
    await db.query(putDefinitionsSql, [ids, page.map(scheduler.digest), ids.map(() => modified)]);
    for (const id of ids) listed.set(id, modified);
    after = ids.at(-1) ?? null;
  }
  const start = performance.now();
  const counts = await reconcile({ db, scheduler: { ...scheduler, list: async () => new Map(listed) } })();
  client.destroy();
  if (counts.equal !== listed.size) throw new Error(`reconcile: ${JSON.stringify(counts)}`);
  return round((performance.now() - start) / 1000);
};

const measure = async (db: Database, sql: Sql, from: number, models: number) => {
  const looks = await look(db, sql, from, models);
  const passed = await pass(db);
  const start = performance.now();
  await prune({ db, keepDays: 90, keepPerModel: 100_000, keepPredictionDays: 90 })();
  return {
    models,
    ...looks,
    'reconcile s': passed,
    'prune s': round((performance.now() - start) / 1000),
    'memory MB': round(process.memoryUsage().rss / 1e6, 0),
  };
};

/** What the number of models costs those who read, and what runs by itself. */
export const benchModels = async (stage: Stage) => {
  const { databaseUrl, redisUrl, sql, stop } = await startStores(stage, 'models');
  const db = openDatabase(databaseUrl, 4, 300_000);
  const rows = [];
  const reads = [];
  let filled = 0;
  for (const models of stage.small ? [1000] : [1000, 100_000, 1_000_000]) {
    await fill(sql, filled, models);
    reads.push(...(await read(db, redisUrl, models, stage.small ? 50 : 300)));
    rows.push(await measure(db, sql, filled, models));
    filled = models;
  }
  await db.end();
  await stop();
  return { rows, reads };
};
