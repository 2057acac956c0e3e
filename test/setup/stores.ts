import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { Client } from 'pg';
import { type Database, openDatabase } from '../../lib/postgres/database';
import { openRedis } from '../../lib/redis/redis';
import { type ResultCache, resultCache } from '../../lib/redis/resultCache';

export interface Stores {
  databaseUrl: string;
  redisUrl: string;
  db: Database;
  redis: Redis;
  results: ResultCache;
  close: () => Promise<void>;
}

const asAdmin = async (sql: string) => {
  const client = new Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

/** A database of this test file's own, with the project's tables, and a Redis database number, empty. */
export const openStores = async (): Promise<Stores> => {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE template_metrics`);
  const databaseUrl = (process.env.TEST_DATABASE_URL as string).replace(/\/postgres$/, `/${name}`);
  const redisUrl = (process.env.TEST_REDIS_URL as string).replace(/\/0$/, `/${process.env.JEST_WORKER_ID}`);
  const db = openDatabase(databaseUrl, 40, 60_000);
  const redis = await openRedis(redisUrl);
  await redis.flushdb();
  return {
    databaseUrl,
    redisUrl,
    db,
    redis,
    results: resultCache(redis),
    close: async () => {
      await db.end();
      redis.disconnect();
      await asAdmin(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
};
