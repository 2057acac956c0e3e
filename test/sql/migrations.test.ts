import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { modelNamed } from '../setup/world';

const run = promisify(execFile);
let databaseUrl: string;
let client: Client;

/** `npm run migrate`, as it is built. */
const migrate = (...args: string[]) =>
  run(process.execPath, ['.build/migrate.js', ...args], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });

/** How many migrations there are from this one on. */
const since = (number: string) => readdirSync('sql/migrations').filter((file) => file >= number).length;

/** Some migrations back, or forth again. */
const move = (direction: 'up' | 'down', count: number) => {
  const program = join(dirname(require.resolve('node-pg-migrate/package.json')), 'bin/node-pg-migrate.js');
  const options = ['--migrations-dir', 'sql/migrations', '--migrations-table', 'migrations'];
  return run(process.execPath, [program, direction, String(count), ...options], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
};

beforeAll(async () => {
  const admin = new Client({ connectionString: process.env.TEST_DATABASE_URL });
  await admin.connect();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  databaseUrl = (process.env.TEST_DATABASE_URL as string).replace(/\/postgres$/, `/${name}`);
  client = new Client({ connectionString: databaseUrl });
  await client.connect();
});
afterAll(() => client.end());

test('migrations make the tables, by four at the same time and again afterwards', async () => {
  await Promise.all(Array.from({ length: 4 }, () => migrate()));
  await migrate();
  const { rows } = await client.query(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name",
  );
  const tables = rows.map(({ table_name }) => table_name).filter((name) => !/_\d{4}_\d{2}$/.test(name));
  expect(tables).toEqual([
    'alert_audit',
    'alert_deliveries',
    'alert_notifications',
    'alert_rules',
    'alerts',
    'backfills',
    'due_backfills',
    'due_revisions',
    'labels',
    'maintenance_windows',
    'metrics_executions',
    'migrations',
    'model_states',
    'prediction_labels',
    'predictions',
    'predictions_other',
    'results',
    'run_revisions',
    'runs',
    'runs_earlier',
    'runs_later',
    'scheduler_definitions',
    'service_states',
    'status_counts',
    'window_changes',
  ]);
});

test('labels are compressed with lz4 where the server has it', async () => {
  const { rows: settings } = await client.query(
    "SELECT 'lz4' = ANY (enumvals) AS lz4 FROM pg_settings WHERE name = 'default_toast_compression'",
  );
  const { rows } = await client.query(
    "SELECT attname, attcompression FROM pg_attribute WHERE attrelid = 'results'::regclass AND attname ~ '^y_' ORDER BY 1",
  );
  const attcompression = settings[0].lz4 ? 'l' : '';
  expect(rows).toEqual([
    { attname: 'y_pred', attcompression },
    { attname: 'y_score', attcompression },
    { attname: 'y_true', attcompression },
  ]);
});

test('the test data is loaded once, however often it is asked for', async () => {
  await migrate('--test-data');
  const count = async () => Number((await client.query('SELECT count(*) FROM results')).rows[0].count);
  const loaded = await count();
  expect(loaded).toBeGreaterThan(0);
  await migrate('--test-data');
  expect(await count()).toBe(loaded);
});

test('a sample row without a real time is refused', async () => {
  const sql = `INSERT INTO results (model_id, y_true, y_pred, "timestamp") VALUES (gen_random_uuid(), '[1]', '[1]', $1)`;
  await expect(client.query(sql, ['infinity'])).rejects.toThrow('results_timestamp_finite');
  await expect(client.query(sql, ['-infinity'])).rejects.toThrow('results_timestamp_finite');
  await client.query(sql, ['2026-03-01']);
});

test('a database of before states has them after the migration, as its newest runs say, and goes back', async () => {
  await client.query('TRUNCATE metrics_executions, model_states, status_counts, runs CASCADE');
  await move('down', since('0005'));
  const [scheduled, pending, paused] = [modelNamed(1), modelNamed(2), modelNamed(3)];
  await client.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, enabled, created_at, updated_at)
      SELECT model_id, '0 * * * *', model_id <> $2, '2026-03-01', '2026-03-01' FROM unnest($1::uuid[]) AS model_id`,
    [[scheduled, pending, paused], paused],
  );
  await client.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp, started_at, finished_at)
      SELECT $1, due, 'schedule', 'ok', 0.5, 2, 7, due, due, due
      FROM unnest(ARRAY['2026-03-01 12:00Z', '2026-03-01 13:00Z']::timestamptz[]) AS due`,
    [scheduled],
  );
  await move('up', 1);
  const states = `SELECT model_id, status, newest_run, accuracy, results_id, next_due, expected_by <= now() AS expected,
    effective_from = '2026-03-01' AS effective FROM model_states ORDER BY model_id`;
  const none = { newest_run: null, accuracy: null, results_id: null };
  const all = { next_due: null, expected: true, effective: true };
  expect((await client.query(states)).rows).toEqual([
    {
      ...all,
      model_id: scheduled,
      status: 'ok',
      newest_run: new Date('2026-03-01T13:00Z'),
      accuracy: 0.5,
      results_id: '7',
    },
    { ...all, ...none, model_id: pending, status: 'pending' },
    { ...all, ...none, model_id: paused, status: 'paused' },
  ]);
  const counts = await client.query(
    'SELECT status, sum(models)::int AS models FROM status_counts GROUP BY 1 ORDER BY 1',
  );
  expect(counts.rows).toEqual([
    { status: 'pending', models: 1 },
    { status: 'ok', models: 1 },
    { status: 'paused', models: 1 },
  ]);
  await move('down', 1);
  expect((await client.query('SELECT 1 FROM runs')).rows).toHaveLength(2);
  await move('up', since('0005'));
});

test('a database of before metrics keeps its schedules, runs and states, and goes back with what it had', async () => {
  await client.query('TRUNCATE metrics_executions, model_states, status_counts, runs, results CASCADE');
  await move('down', since('0006'));
  const [old, young] = [modelNamed(1), modelNamed(2)];
  const scheduled = `INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, '0 * * * *')`;
  const ran = `INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, error, started_at, finished_at)
    VALUES ($1, $2, 'schedule', $3, $4, $5, $6, now(), now())`;
  await client.query(scheduled, [old]);
  await client.query(ran, [old, '2026-03-01 12:00Z', 'ok', 0.5, 2, null]);
  await client.query(ran, [old, '2026-03-01 13:00Z', 'invalid_data', null, null, 'y_true is no list']);
  await client.query(`UPDATE model_states SET accuracy = 0.5, accuracy_before = 0.25, newest_status = 'ok'`);
  await client.query(`INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, '[1]', '[1]')`, [old]);
  const runs = async () => (await client.query('SELECT * FROM runs ORDER BY model_id, scheduled_time')).rows;
  const before = await runs();

  await move('up', 1);
  expect(await runs()).toEqual(before);
  const settings = 'SELECT task, metrics, pos_label, labels, reference FROM metrics_executions';
  expect((await client.query(settings)).rows).toEqual([
    { task: 'classification', metrics: ['accuracy'], pos_label: null, labels: null, reference: null },
  ]);
  const state = 'SELECT metric, value, value_before, change FROM model_states WHERE model_id = $1';
  expect((await client.query(state, [old])).rows).toEqual([
    { metric: 'accuracy', value: 0.5, value_before: 0.25, change: 0.25 },
  ]);
  await client.query(scheduled, [young]);
  await client.query(ran, [young, '2026-03-01 12:00Z', 'ok', null, 2, null]);
  await client.query(ran, [young, '2026-03-01 13:00Z', 'insufficient_data', null, 0, 'no label yet']);
  await client.query(ran, [young, '2026-03-01 14:00Z', 'ok', 0.5, 2, null]);
  await client.query(`UPDATE model_states SET newest_status = 'insufficient_data' WHERE model_id = $1`, [
    young,
  ]);

  await move('down', 1);
  const after = await runs();
  expect(after.filter(({ model_id }) => model_id === old)).toEqual(before);
  expect(after.filter(({ model_id }) => model_id === young)).toMatchObject([{ status: 'ok', accuracy: 0.5 }]);
  const states = 'SELECT accuracy, accuracy_before, change, status FROM model_states ORDER BY model_id';
  expect((await client.query(states)).rows).toEqual([
    { accuracy: 0.5, accuracy_before: 0.25, change: 0.25, status: 'ok' },
    { accuracy: null, accuracy_before: null, change: null, status: 'insufficient_data' },
  ]);
  expect((await client.query('SELECT 1 FROM results')).rows).toHaveLength(1);
  await move('up', since('0006'));
});

test('a database of before names and alerts keeps its schedules, states and runs, and goes back', async () => {
  await client.query('TRUNCATE metrics_executions, model_states, status_counts, runs, results CASCADE');
  await move('down', since('0009'));
  const old = modelNamed(1);
  await client.query(`INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, '0 * * * *')`, [
    old,
  ]);
  await client.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, error, started_at, finished_at)
      VALUES ($1, '2026-03-01 12:00Z', 'schedule', 'invalid_data', 'wrong', now(), now())`,
    [old],
  );
  await client.query(
    `UPDATE model_states SET newest_run = '2026-03-01 12:00Z', data_timestamp = '2026-03-01'`,
  );
  const rows = async () => {
    const all = [];
    for (const table of ['metrics_executions', 'model_states', 'runs'])
      all.push((await client.query(`SELECT * FROM ${table}`)).rows);
    return all;
  };
  const before = await rows();

  await move('up', since('0009'));
  expect(await rows()).toMatchObject(before);
  expect(
    (await client.query('SELECT name, tags, max_data_age_minutes FROM metrics_executions')).rows,
  ).toEqual([{ name: null, tags: [], max_data_age_minutes: null }]);
  expect((await client.query('SELECT * FROM alerts')).rows).toEqual([]); // of runs before it nobody is told
  await client.query(`UPDATE metrics_executions SET name = 'Fraud', tags = '{x}', max_data_age_minutes = 5`);
  await client.query(`INSERT INTO alert_rules (tag, name, rule) VALUES ('x', 'low', '{}')`);
  expect((await client.query('SELECT rule FROM alerts')).rows).toEqual([{ rule: 'stale_data' }]);

  await move('down', since('0009'));
  expect(await rows()).toEqual(before);
  await move('up', since('0009'));
});

test.each(['', ' x', 'x'.repeat(101)])('the name "%s" is refused', async (name) => {
  const sql = `INSERT INTO metrics_executions (model_id, cron_expression, name) VALUES (gen_random_uuid(), '* * * * *', $1)`;
  await expect(client.query(sql, [name])).rejects.toThrow('metrics_executions_name_check');
});

test('a schedule whose metrics are no list is refused', async () => {
  const sql = `INSERT INTO metrics_executions (model_id, cron_expression, metrics) VALUES (gen_random_uuid(), '* * * * *', $1)`;
  await expect(client.query(sql, ['{}'])).rejects.toThrow('metrics_executions_metrics_check');
});

test.each([
  '{"metric": "accuracy", "below": "0.8"}',
  '{"metric": "accuracy", "below": "baseline"}',
  '{"metric": "accuracy", "below": "baseline", "by": "x"}',
  '{"metric": "accuracy", "above": null}',
  '{"metric": "accuracy", "below": 0.8, "clear": "0.9"}',
  '{"metric": "accuracy", "below": 0.8, "min_samples": "many"}',
  '{"metric": "accuracy", "below": 0.8, "sure": 1}',
  '{"metric": "accuracy", "below": 0.8, "enabled": null}',
  '{"metric": "accuracy", "below": 0.8, "for": {"of": "3"}}',
])('a rule that no run could be judged by is refused: %s', async (rule) => {
  const sql = `INSERT INTO alert_rules (tag, name, rule) VALUES ('x', 'by-hand', $1)`;
  await expect(client.query(sql, [rule])).rejects.toThrow('alert_rules_rule_check');
});

test('a database that is not there ends with one sentence', async () => {
  const failed = await run(process.execPath, ['.build/migrate.js'], {
    env: { ...process.env, DATABASE_URL: 'postgres://127.0.0.1:1/none' },
  }).catch((error) => error);
  expect(failed.code).toBe(1);
  expect(failed.stderr.trim().split('\n')).toHaveLength(1);
});
