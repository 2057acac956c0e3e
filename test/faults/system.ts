import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { watch } from '../../functions/watch';
import { openDatabase } from '../../lib/postgres/database';
import { openInvoker } from '../../lib/runtime/invoker';
import { startLambdaService } from '../../localstack/lambda/service';
import { freePort } from '../../localstack/ports';
import { type SchedulerApi, startSchedulerApi } from '../../localstack/scheduler/api';
import { startPostgres } from '../../localstack/servers/postgres';
import { startRedis } from '../../localstack/servers/redis';
import { fastTime, speed } from './fastTime';

const region = 'us-east-1';
const groupName = 'cyclic-metrics-faults';
const minuteMs = 60_000;

export type System = Awaited<ReturnType<typeof startSystem>>;

/** Everything but HTTP, each part real and in its own process where it is one: stores, environments, the clock. */
export const startSystem = async (models: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-faults-'));
  chmodSync(folder, 0o755);
  const path = (name: string) => join(folder, name);
  const database = new URL(`postgres://postgres:test@127.0.0.1:${await freePort()}/postgres`);
  const redisUrl = new URL(`redis://:test@127.0.0.1:${await freePort()}/0`);
  const postgres = () => startPostgres(path('postgres'), database, path('postgres.log'));
  const redis = () => startRedis(path('redis'), redisUrl, path('redis.log'));
  const servers = { postgres: await postgres(), redis: await redis() };
  execFileSync(process.execPath, ['.build/migrate.js'], {
    env: { ...process.env, DATABASE_URL: database.href },
  });

  const sql = async (text: string, values: unknown[] = []) => {
    const client = new Client({ connectionString: database.href });
    await client.connect();
    return (await client.query(text, values).finally(() => client.end())).rows;
  };
  // Fast time ends before real time does: what it leaves undone is overdue for watch, which goes by real time.
  const virtualStart = Math.floor(Date.now() / minuteMs) * minuteMs - 15 * minuteMs;
  const due = (n: number) => new Date(virtualStart + n * minuteMs);
  // A third of the labels are wrong.
  await sql(
    `INSERT INTO metrics_executions (model_id, cron_expression, catch_up, created_at, updated_at)
      SELECT lpad(to_hex(n), 32, '0')::uuid, '* * * * *', 'all', $2, $2 FROM generate_series(1, $1::int) AS n`,
    [models, due(0)],
  );
  await sql(`UPDATE model_states SET next_due = $1, expected_by = $1::timestamptz + interval '2 minutes'`, [
    due(1),
  ]);
  await sql(
    `INSERT INTO results (model_id, y_true, y_pred, "timestamp")
      SELECT model_id, '[1,2,3]', '[1,2,1]', '2026-03-01' FROM metrics_executions`,
  );

  const startScheduler = async (port = 0): Promise<SchedulerApi> => {
    const api = await startSchedulerApi({ port });
    const client = new SchedulerClient({
      region,
      endpoint: api.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await client.send(new CreateScheduleGroupCommand({ Name: groupName }));
    client.destroy();
    return api;
  };
  let scheduler = await startScheduler();

  const environments = new Set<number>();
  let answered = 0;
  const env = {
    DATABASE_URL: database.href,
    DATABASE_POOL_MAX: '4',
    REDIS_URL: redisUrl.href,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SCHEDULER: scheduler.url,
    SCHEDULE_GROUP: groupName,
    COMPUTE_ACCURACY_ARN: `arn:aws:lambda:${region}:000000000000:function:computeAccuracy`,
    SCHEDULER_ROLE_ARN: 'arn:aws:iam::000000000000:role/test',
    DEAD_LETTER_ARN: `arn:aws:sqs:${region}:000000000000:dead-letters`,
  };
  const inProcesses = (name: string, max: number, concurrency = 1) => ({
    timeoutMs: 20_000,
    environments: {
      max,
      concurrency,
      runtimeClient: resolve('.build/runtimeClient.js'),
      taskRoot: resolve('.build/functions'),
      handler: `${name}.handler`,
      env,
    },
  });
  const lambda = await startLambdaService({
    functions: {
      computeAccuracy: inProcesses('computeAccuracy', 2, 32),
      reconcile: inProcesses('reconcile', 1),
    },
    async: { retryDelaysMs: [60_000 / speed, 120_000 / speed] },
    onEvent: (event) => {
      if (event.event === 'environmentStarted' && event.pid) environments.add(event.pid);
      if (event.event === 'invokeEnded' && event.functionName === 'computeAccuracy' && !event.error)
        answered++;
    },
  });
  const invoke = async (name: string, payload: unknown = {}) => {
    const url = `${lambda.url}/2015-03-31/functions/${name}/invocations`;
    return (await fetch(url, { method: 'POST', body: JSON.stringify(payload) })).json();
  };
  await invoke('reconcile');

  execFileSync('node_modules/.bin/esbuild', [
    'test/faults/clockProcess.ts',
    ...['--bundle', '--platform=node', '--packages=external', '--log-level=error'],
    `--outfile=.build/test/clockProcess.js`,
  ]);
  const beginning = { real: 0, virtual: virtualStart };
  /** Time stands still from the kill of the only clock until the next one is up: starting Node takes what it takes. */
  let stoodStillSince: number | undefined;
  const now = () => (stoodStillSince === undefined ? fastTime(beginning).now() : stoodStillSince);
  const goOn = () => {
    if (!beginning.real) beginning.real = Date.now();
    if (stoodStillSince !== undefined) beginning.real = Date.now() - (stoodStillSince - virtualStart) / speed;
    stoodStillSince = undefined;
  };
  const clocks = new Set<ChildProcess>();
  const startClockProcess = async () => {
    const options = { schedulerUrl: scheduler.url, lambdaUrl: lambda.url };
    const child = spawn(process.execPath, ['.build/test/clockProcess.js', JSON.stringify(options)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    clocks.add(child);
    await once(child, 'message');
    goOn();
    child.send(beginning);
    return child;
  };
  const kill = async (child: ChildProcess) => {
    clocks.delete(child);
    if (clocks.size === 0) stoodStillSince = now();
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };

  return {
    models,
    database,
    redisUrl,
    servers,
    sql,
    invoke,
    startClock: startClockProcess,
    kill,
    redisClient: () => new Redis(redisUrl.href),
    /** The n-th due time. */
    due,
    /** Until so many seconds after (before, if negative) the n-th due time. */
    async until(n: number, seconds: number) {
      await sleep(Math.max(0, (due(n).getTime() + seconds * 1000 - now()) / speed));
    },
    /** Deliveries of a due time that were answered, the repeated ones too. */
    runsAnswered: () => answered,
    killEnvironments: () => {
      for (const pid of environments) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {}
      }
      environments.clear();
    },
    async restart(server: 'postgres' | 'redis') {
      servers[server] = await { postgres, redis }[server]();
    },
    /**
     * As it does every minute: records what is overdue and invokes it. A look passes over what a run being recorded holds
     * locked, so looks follow each other until nothing is left.
     */
    async watch() {
      const db = openDatabase(database.href, 1, 20_000);
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const client = new LambdaClient({ region, endpoint: lambda.url, credentials, maxAttempts: 1 });
      const look = watch({ db, runs: openInvoker('computeAccuracy', client) });
      const left = `SELECT FROM model_states WHERE expected_by <= now()
        UNION ALL SELECT FROM runs WHERE catch_up_at <= now()`;
      do await look();
      while ((await sql(left)).length > 0);
      client.destroy();
      await db.end();
    },
    /** As LocalStack restarts: at the same address, with nothing in it. */
    async loseScheduler() {
      const port = Number(new URL(scheduler.url).port);
      await scheduler.close();
      scheduler = await startScheduler(port);
    },
    async stop() {
      await Promise.all([...clocks].map(kill));
      await lambda.close();
      await scheduler.close();
      await Promise.all([servers.postgres.stop(), servers.redis.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
};
