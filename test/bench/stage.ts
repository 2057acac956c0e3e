import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Client } from 'pg';
import { migrate } from '../../lib/postgres/migrate';
import { freePort } from '../../localstack/ports';
import { startPostgres } from '../../localstack/servers/postgres';
import { startRedis } from '../../localstack/servers/redis';
import { readEnvFile } from '../setup/envFile';

/** Where a section works: everything it starts has its data in one temporary folder. */
export interface Stage {
  path: (name: string) => string;
  /** For quick looks while developing: small counts. */
  small: boolean;
}

/** A temporary folder that goes, with all servers that work in it, when this process ends, however it ends. */
export const openStage = (small: boolean): Stage => {
  const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-bench-'));
  chmodSync(folder, 0o755); // PostgreSQL may run as another user
  spawn(process.execPath, [join(__dirname, 'tidy.js'), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  }).unref();
  process.env.TMPDIR = folder; // for what makes temporary folders of its own
  return { path: (name) => join(folder, name), small };
};

export const sqlOn =
  (url: string) =>
  async (text: string, values: unknown[] = []) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    return (await client.query(text, values).finally(() => client.end())).rows;
  };

export type Sql = ReturnType<typeof sqlOn>;

/** PostgreSQL with the tables, and Redis. */
export const startStores = async (stage: Stage, name: string) => {
  const path = (file: string) => stage.path(`${name}-${file}`);
  const database = new URL(`postgres://postgres:bench@127.0.0.1:${await freePort()}/postgres`);
  const redis = new URL(`redis://:bench@127.0.0.1:${await freePort()}/0`);
  const children = await Promise.all([
    startPostgres(path('postgres'), database, path('postgres.log')),
    startRedis(path('redis'), redis, path('redis.log')),
  ]);
  await migrate(database.href);
  return {
    databaseUrl: database.href,
    redisUrl: redis.href,
    sql: sqlOn(database.href),
    postgresPid: Number(readFileSync(join(path('postgres'), 'postmaster.pid'), 'utf8').split('\n')[0]),
    stop: () => Promise.all(children.map((child) => child.stop())),
  };
};

const ready = (child: ChildProcess) =>
  new Promise<void>((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += chunk;
      if (said.includes('is ready')) resolve();
    });
    child.once('exit', () => reject(new Error(`npm start ended: ${said}`)));
  });

/** Invokes a function of the local Lambda service, which answers only who signs with the key in `env`. */
const invoke = async (env: Record<string, string>, FunctionName: string) => {
  const credentials = {
    accessKeyId: env.AWS_ACCESS_KEY_ID as string,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY as string,
  };
  const endpoint = env.AWS_ENDPOINT_URL_LAMBDA as string;
  const client = new LambdaClient({ endpoint, region: env.AWS_REGION as string, credentials });
  const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
  client.destroy();
  if (FunctionError) throw new Error(`${FunctionName}: ${Buffer.from(Payload ?? []).toString()}`);
};

/** What `npm start` starts, with data and ports of its own. */
export const startService = async (stage: Stage, name: string) => {
  const folder = stage.path(name);
  const port = await freePort();
  const { DATABASE_URL: _, REDIS_URL: __, API_ACCESS: ___, ...rest } = process.env;
  const child = spawn(process.execPath, ['.build/start.js'], {
    env: { ...rest, PORT: String(port), DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await ready(child);
  const env = readEnvFile(join(folder, 'env'));
  return {
    pid: child.pid as number,
    url: `http://127.0.0.1:${port}`,
    env,
    sql: sqlOn(env.DATABASE_URL as string),
    log: (file: string) => readFileSync(join(folder, 'log', `${file}.log`), 'utf8'),
    reconcile: () => invoke(env, 'reconcile'),
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
};

export type Service = Awaited<ReturnType<typeof startService>>;
