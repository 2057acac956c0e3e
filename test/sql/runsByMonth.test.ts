import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type Database, openDatabase } from '../../lib/postgres/database';
import listRunsSql from '../../sql/queries/listRuns.sql';
import readResultSql from '../../sql/queries/readResult.sql';
import recordRunSql from '../../sql/queries/recordRun.sql';
import { modelNamed } from '../setup/world';

// The migrations 0016 to 0018, which make `runs` a table of months, and those functions of theirs that prune does not show.

const run = promisify(execFile);
const models = 100;
let url: string;
let admin: Client;
let client: Client;
let db: Database;

const migrate = (direction: 'up' | 'down', count: number) => {
  const program = join(dirname(require.resolve('node-pg-migrate/package.json')), 'bin/node-pg-migrate.js');
  const options = ['--migrations-dir', 'sql/migrations', '--migrations-table', 'migrations'];
  return run(process.execPath, [program, direction, String(count), ...options], {
    env: { ...process.env, DATABASE_URL: url },
  });
};

/** How many migrations there are before this one. */
const before = (number: string) => readdirSync('sql/migrations').filter((file) => file < number).length;

/** Every hour of eight days of this month, of each model; of the last nine there is a revision. */
const fill = `
  INSERT INTO metrics_executions (model_id, cron_expression)
  SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '0 * * * *' FROM generate_series(0, ${models - 1}) AS n;
  INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, started_at, finished_at)
  SELECT model_id, date_trunc('month', now(), 'UTC') + hour * interval '1 hour', 'schedule', 'ok', 0.5, 2, now(), now()
  FROM metrics_executions, generate_series(0, 199) AS hour;
  UPDATE runs SET revision = 1, accuracy = 0.75
  WHERE scheduled_time > date_trunc('month', now(), 'UTC') + interval '190 hours'`;

const recordRun = async (n: number, scheduled_time: Date) => {
  const now = new Date();
  const values = [modelNamed(n), scheduled_time, 'manual', 'ok', 0.5, 2, null, now, null, now, null];
  return db.query(recordRunSql, [...values, now, null, 0, 'accuracy', 0.5, 0, null, null]);
};

const count = async (table: string) =>
  (await client.query(`SELECT count(*)::int FROM ${table}`)).rows[0].count;

const months = async () =>
  (await client.query('SELECT * FROM run_months() ORDER BY starts_at NULLS FIRST')).rows;

/** The start of a month, so many after this one. */
const month = (after: number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + after));
};

const monthName = (after: number) => `runs_${month(after).toISOString().slice(0, 7).replace('-', '_')}`;

beforeEach(async () => {
  admin = new Client({ connectionString: process.env.TEST_DATABASE_URL });
  await admin.connect();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name}`);
  url = (process.env.TEST_DATABASE_URL as string).replace(/\/postgres$/, `/${name}`);
  client = new Client({ connectionString: url });
  await client.connect();
  db = openDatabase(url, 2);
});
afterEach(async () => {
  await db.end();
  await client.end();
  await admin.end();
});

test('while a table that is filled becomes months, the version before goes on, and nothing is lost', async () => {
  await migrate('up', before('0016'));
  await client.query(fill);
  let recorded = 0;
  let migrated = false;
  const work = (async () => {
    for (let n = 0; !migrated || n < 200; n++) {
      const at = new Date(Date.now() - n * 1000 - 60_000 * 60 * 24 * 10);
      recorded += (await recordRun(n % models, at)).length;
      expect(await db.query(readResultSql, [modelNamed(n % models)])).toMatchObject([{ status: 'ok' }]);
      expect(await db.query(listRunsSql, [modelNamed(n % models), null, 20, true])).toHaveLength(20);
    }
  })();
  await Promise.race([migrate('up', 3), work]);
  migrated = true;
  await work;
  expect(recorded).toBeGreaterThanOrEqual(200);
  expect(await count('runs')).toBe(models * 200 + recorded);
  expect(await count('runs_earlier')).toBe(models * 200 + recorded);
  expect(await count('run_revisions')).toBe(models * 9);
  await migrate('down', 3);
  expect(await count('runs')).toBe(models * 200 + recorded);
  await client.query('DELETE FROM runs WHERE revision > 0');
  expect(await count('run_revisions')).toBe(0);
}, 60_000);

test('a query that goes on for long holds up the migration, and nobody else', async () => {
  await migrate('up', before('0016'));
  await client.query(fill);
  await client.query('BEGIN; SELECT FROM runs LIMIT 1');
  const migrated = migrate('up', 3);
  const begun = `SELECT FROM pg_locks WHERE relation = 'runs'::regclass AND mode = 'ShareUpdateExclusiveLock' AND granted`;
  while ((await db.query(begun)).length === 0) await sleep(20);
  for (let n = 0; n < 20; n++) expect(await recordRun(n, month(-3))).toHaveLength(1);
  expect((await client.query("SELECT FROM pg_constraint WHERE conname = 'runs_bound'")).rows).toEqual([]);
  await client.query('ROLLBACK');
  await migrated;
  expect(await count('runs_earlier')).toBe(models * 200 + 20);
});

test('the table that was there is read while others may write, and is not read again to become a partition', async () => {
  await migrate('up', before('0018'));
  await client.query(fill);
  await client.query('CREATE ROLE run_reader; GRANT SELECT ON runs TO run_reader');
  const notices: string[] = [];
  client.on('notice', ({ message }) => notices.push(message as string));
  const file = readdirSync('sql/migrations').find((name) => name.startsWith('0018')) as string;
  const [up] = readFileSync(join('sql/migrations', file), 'utf8').split('-- Down Migration');
  await client.query(`BEGIN; SET LOCAL client_min_messages = debug1; ${up}; COMMIT`);
  expect(notices).toContain(
    'partition constraint for table "runs_earlier" is implied by existing constraints',
  );
  expect((await client.query("SELECT has_table_privilege('run_reader', 'runs', 'SELECT')")).rows).toEqual([
    { has_table_privilege: true },
  ]);
  await client.query('DROP OWNED BY run_reader; DROP ROLE run_reader');
});

test('a new database has this month and the next, and runs of other times have a place too', async () => {
  await migrate('up', before('9'));
  expect(await months()).toEqual([
    { name: 'runs_earlier', starts_at: null, ends_at: month(0) },
    { name: monthName(0), starts_at: month(0), ends_at: month(1) },
    { name: monthName(1), starts_at: month(1), ends_at: month(2) },
    { name: 'runs_later', starts_at: month(2), ends_at: null },
  ]);
  await client.query(fill);
  for (const at of [new Date('1970-01-01Z'), new Date(), month(30)])
    expect(await recordRun(1, at)).toHaveLength(1);
  expect(await count('runs_later')).toBe(1);
});

test('a month is made of what has come for it, and what is of a far future stays where it is', async () => {
  await migrate('up', before('9'));
  await client.query(fill);
  const soon = new Date(month(2).getTime() + 5000);
  await recordRun(1, soon);
  await recordRun(1, month(30));
  await client.query('SELECT add_run_month()');
  expect((await client.query(`SELECT scheduled_time FROM ${monthName(2)}`)).rows).toEqual([
    { scheduled_time: soon },
  ]);
  expect((await client.query('SELECT scheduled_time FROM runs_later')).rows).toEqual([
    { scheduled_time: month(30) },
  ]);
  expect((await months()).at(-1)).toEqual({ name: 'runs_later', starts_at: month(3), ends_at: null });
  await recordRun(2, month(3));
  expect(await count('runs_later')).toBe(2);
});

test('two that prune at once drop each month once', async () => {
  await migrate('up', before('9'));
  await client.query(fill);
  const drop = () => db.query<{ dropped: number }>('SELECT keep_run_months($1) AS dropped', [-100]);
  const dropped = (await Promise.all([drop(), drop()])).flat().map((answer) => answer.dropped);
  expect(dropped).toEqual([1, 1]);
  expect(await count('runs')).toBe(models);
  expect(await count('run_revisions')).toBe(models);
  expect(await months()).toHaveLength(2);
});

test('what holds a month up leaves all as it was, for the next time', async () => {
  await migrate('up', before('9'));
  await client.query(fill);
  await client.query('BEGIN; LOCK TABLE runs IN ACCESS SHARE MODE');
  const [kept] = await db.query<{ dropped: number }>('SELECT keep_run_months($1) AS dropped', [-100]);
  expect(kept).toEqual({ dropped: 0 });
  await client.query('ROLLBACK');
  expect(await count('runs')).toBe(models * 200);
  expect(await months()).toHaveLength(4);
});
