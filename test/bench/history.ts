import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runner } from 'node-pg-migrate';
import { type Database, openDatabase } from '../../lib/postgres/database';
import { migrate } from '../../lib/postgres/migrate';
import keepRunMonthsSql from '../../sql/queries/keepRunMonths.sql';
import listRunsSql from '../../sql/queries/listRuns.sql';
import modelsWithManyRunsSql from '../../sql/queries/modelsWithManyRuns.sql';
import readResultSql from '../../sql/queries/readResult.sql';
import recordRunSql from '../../sql/queries/recordRun.sql';
import { modelNamed } from '../setup/world';
import { quantile, round, timed } from './numbers';
import { type Sql, type Stage, startStores } from './stage';

const models = 10_000;
const months = 12;
const longMs = 3_600_000;

const fillModels = (sql: Sql) =>
  sql(
    `INSERT INTO metrics_executions (model_id, cron_expression)
      SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '0 * * * *'
      FROM generate_series(0, $1::int - 1) AS n`,
    [models],
  );

/** So many runs of all models, spread over a time, in its order; as they would be after triggers have looked at them. */
const fillRuns = (db: Database, count: number, from: Date, until: Date) =>
  db.transaction(async ({ query }) => {
    await query('SET LOCAL session_replication_role = replica');
    await query(
      `INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp,
        started_at, finished_at, details)
      SELECT model_id, $2::timestamptz + (nth + random()) * ($3::timestamptz - $2) / ($1::int / $4::int), 'schedule', 'ok',
        0.9, 1000, 1, $2, $2, $2, '{"metrics": {"accuracy": 0.9}, "intervals": {"accuracy": [0.88, 0.92]}}'
      FROM generate_series(0, $1::int / $4::int - 1) AS nth, metrics_executions`,
      [count, from, until, models],
    );
  });

const recordRun = (db: Database, n: number, at: Date) => {
  const now = new Date();
  const values = [modelNamed(n % models), at, 'schedule', 'ok', 0.9, 1000, 1, now, null, now, null];
  return db.query(recordRunSql, [...values, now, null, 0, 'accuracy', 0.9, 0, null, null]);
};

const readResult = (db: Database, n: number) => db.query(readResultSql, [modelNamed((n * 7919) % models)]);

/** The longest that a run, due about `writeAt`, had to wait to be recorded and a result to be read, in ms, during `work`. */
const longestWaitDuring = async (databaseUrl: string, writeAt: number, work: () => Promise<unknown>) => {
  const db = openDatabase(databaseUrl, 2, longMs);
  const waits = { 'longest write ms': 0, 'longest read ms': 0 };
  let ended = false;
  const keepOn = async (name: keyof typeof waits, ask: (n: number) => Promise<unknown>) => {
    for (let n = 0; !ended; n++) {
      const [ms] = await timed(1, (time) => (time === 0 ? undefined : ask(n)));
      waits[name] = Math.max(waits[name], ms as number);
      await sleep(1);
    }
  };
  const asking = Promise.all([
    keepOn('longest write ms', (n) => recordRun(db, n, new Date(writeAt - n))),
    keepOn('longest read ms', (n) => readResult(db, n)),
  ]);
  await sleep(3000);
  const usual = { ...waits };
  waits['longest read ms'] = waits['longest write ms'] = 0;
  const start = performance.now();
  await work();
  const seconds = round((performance.now() - start) / 1000);
  ended = true;
  await asking;
  await db.end();
  return {
    seconds,
    'longest write ms': round(waits['longest write ms']),
    'longest read ms': round(waits['longest read ms']),
    'before: write': round(usual['longest write ms']),
    'before: read': round(usual['longest read ms']),
  };
};

/** A filled table becomes months while others write and read. */
const benchMigration = async (stage: Stage) => {
  const { databaseUrl, sql, stop } = await startStores(stage, 'runs-migration');
  const count = readdirSync('sql/migrations').filter((file) => file >= '0016').length;
  const options = { databaseUrl, dir: 'sql/migrations', migrationsTable: 'migrations', log: () => {} };
  await runner({ ...options, direction: 'down', count });
  const db = openDatabase(databaseUrl, 1, longMs);
  await fillModels(sql);
  const rows = stage.small ? 100_000 : 10_000_000;
  await fillRuns(db, rows, new Date(Date.now() - 80 * 86_400_000), new Date(Date.now() - 86_400_000));
  await sql('VACUUM ANALYZE');
  const waited = await longestWaitDuring(databaseUrl, Date.now(), () => migrate(databaseUrl));
  await db.end();
  await stop();
  return { rows, ...waited };
};

const measure = async (db: Database, rows: number, until: Date, stage: Stage) => {
  const times = stage.small ? 50 : 500;
  const ms = async (call: (n: number) => unknown) => {
    const taken = await timed(times, call);
    return `${round(quantile(taken, 0.5))} (${round(quantile(taken, 0.99))})`;
  };
  const page = (n: number, before: Date | null) =>
    db.query(listRunsSql, [modelNamed((n * 7919) % models), before, 100, false]);
  const middle = new Date((until.getTime() + Date.now()) / 2);
  const size = `SELECT sum(pg_total_relation_size(name::regclass))::float8 AS bytes FROM run_months()`;
  const [{ bytes }] = (await db.query(size)) as [{ bytes: number }];
  const [counted] = await timed(1, (n) => n && db.query(modelsWithManyRunsSql, [100_000]));
  return {
    runs: rows,
    GB: round(bytes / 1e9),
    'record ms (p99)': await ms((n) => recordRun(db, n * 13, new Date(until.getTime() + 1000 + n))),
    'newest ms (p99)': await ms((n) => readResult(db, n)),
    'history page ms (p99)': await ms((n) => page(n, null)),
    'page of half a year before': await ms((n) => page(n, middle)),
    'models with many, s': round((counted as number) / 1000),
  };
};

/** What the number of runs costs: those of a year, in its months. BENCH_RUNS says how many at most. */
const benchMonths = async (stage: Stage) => {
  const { databaseUrl, sql, stop } = await startStores(stage, 'runs');
  await fillModels(sql);
  for (let n = 2; n < months; n++) await sql('SELECT add_run_month()');
  const db = openDatabase(databaseUrl, 1, longMs);
  const now = new Date();
  const until = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months) - 60_000);
  const most = Number(process.env.BENCH_RUNS ?? (stage.small ? 100_000 : 10_000_000));
  const rows = [];
  let filled = 0;
  for (const count of [most / 50, most / 5, most]) {
    await fillRuns(db, count - filled, new Date(now.getTime() + filled), until);
    filled = count;
    await sql('VACUUM ANALYZE');
    rows.push(await measure(db, count, until, stage));
  }
  const dropped = await longestWaitDuring(databaseUrl, until.getTime(), () =>
    db.query(keepRunMonthsSql, [-100]),
  );
  await db.end();
  await stop();
  return { rows, 'a month dropped': [dropped] };
};

/** What years of runs cost, and what it costs to make months of a table that has many. */
export const benchHistory = async (stage: Stage) => ({
  ...(await benchMonths(stage)),
  'a filled table becomes months': [await benchMigration(stage)],
});
