import { mkdtempSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../lib/migrate';
import { freePort } from '../../localstack/ports';
import type { Child } from '../../localstack/servers/child';
import { startPostgres } from '../../localstack/servers/postgres';
import { startRedis } from '../../localstack/servers/redis';

declare global {
  var testServers: { folder: string; children: Child[] };
}

/** One PostgreSQL and one Redis for all test files; database `template_metrics` has the tables. */
export default async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-test-'));
  await chmod(folder, 0o755);
  const log = (name: string) => join(folder, `${name}.log`);
  const postgres = await startPostgres(join(folder, 'postgres'), await freePort(), 'test', log('postgres'));
  const redis = await startRedis(join(folder, 'redis'), await freePort(), 'test', log('redis'));
  globalThis.testServers = { folder, children: [postgres, redis] };
  const admin = new Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query('CREATE DATABASE template_metrics');
  await admin.end();
  await migrate(postgres.url.replace(/\/postgres$/, '/template_metrics'));
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.TEST_REDIS_URL = redis.url;
};
