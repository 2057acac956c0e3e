import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);
let databaseUrl: string;
let client: Client;

/** `npm run migrate`, as it is built. */
const migrate = (...args: string[]) =>
  run(process.execPath, ['.build/migrate.js', ...args], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });

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
  expect(rows.map(({ table_name }) => table_name)).toEqual([
    'metrics_executions',
    'migrations',
    'results',
    'runs',
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

test('a database that is not there ends with one sentence', async () => {
  const failed = await run(process.execPath, ['.build/migrate.js'], {
    env: { ...process.env, DATABASE_URL: 'postgres://127.0.0.1:1/none' },
  }).catch((error) => error);
  expect(failed.code).toBe(1);
  expect(failed.stderr.trim().split('\n')).toHaveLength(1);
});
