import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../lib/postgres/migrate';
import { freePort } from '../../localstack/ports';
import type { Child } from '../../localstack/servers/child';
import { startPostgres } from '../../localstack/servers/postgres';
import { startRedis } from '../../localstack/servers/redis';

declare global {
  var testServers: { run: string; folder: string; children: Child[]; endReaper: () => void };
}

/**
 * All that this run starts inherits TEST_RUN: by this the reaper knows what to end, should the run not end it itself. Then
 * it removes the folder.
 */
const startReaper = (folder: string) => {
  const run = randomUUID();
  const reaper = spawn(process.execPath, [join(__dirname, 'reaper.mjs'), run, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  reaper.unref();
  process.env.TEST_RUN = run;
  process.env.TMPDIR = folder; // and so do all folders that the tests make
  return { run, endReaper: () => reaper.stdin.end() };
};

/** One PostgreSQL and one Redis for all test files; database `template_metrics` has the tables. */
export default async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-test-'));
  await chmod(folder, 0o1777);
  const { run, endReaper } = startReaper(folder);
  const log = (name: string) => join(folder, `${name}.log`);
  const database = new URL(`postgres://postgres:test@127.0.0.1:${await freePort()}/postgres`);
  const redis = new URL(`redis://:test@127.0.0.1:${await freePort()}/0`);
  const children = await Promise.all([
    startPostgres(join(folder, 'postgres'), database, log('postgres')),
    startRedis(join(folder, 'redis'), redis, log('redis')),
  ]);
  globalThis.testServers = { run, folder, children, endReaper };
  const admin = new Client({ connectionString: database.href });
  await admin.connect();
  await admin.query('CREATE DATABASE template_metrics');
  await admin.end();
  await migrate(database.href.replace(/\/postgres$/, '/template_metrics'));
  process.env.TEST_DATABASE_URL = database.href;
  process.env.TEST_REDIS_URL = redis.href;
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
};
