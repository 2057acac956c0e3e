import { openSync } from 'node:fs';
import { resolve } from 'node:path';
import { computeAccuracy } from '../../functions/computeAccuracy';
import type { MetricSetting } from '../../lib/metrics/checkMetrics';
import { openDatabase } from '../../lib/postgres/database';
import { openRedis } from '../../lib/redis/redis';
import { resultCache } from '../../lib/redis/resultCache';
import { startLambdaService } from '../../localstack/lambda/service';
import { openGate } from '../faults/gate';
import { modelNamed } from '../setup/world';
import { allOf } from './metrics';
import { inTurn, labels, round } from './numbers';
import { cpuMsByRole, difference } from './processes';
import { type Sql, type Stage, startStores } from './stage';

const models = 20;
const width = 96; // more than run at a time
/** How many runs of how many labels each. */
const countsOfRuns = new Map([
  [10, 4000],
  [1000, 4000],
  [100_000, 400],
  [1_000_000, 40],
]);
const minuteMs = 60_000;
const firstDue = Date.parse('2026-01-01T00:00:00Z');

/** Every run has a due time of its own. */
const eventOf = (n: number) => ({
  model_id: modelNamed(n % models),
  scheduled_time: new Date(firstDue + Math.floor(n / models) * minuteMs).toISOString(),
});

const insertModels = async (sql: Sql, count: number, metrics: MetricSetting[] = ['accuracy']) => {
  await sql('TRUNCATE metrics_executions, model_states, status_counts, results, runs CASCADE');
  for (let n = 0; n < models; n++) {
    await sql(
      `INSERT INTO metrics_executions (model_id, cron_expression, updated_at, metrics)
        VALUES ($1, '* * * * *', '2025-01-01', $2)`,
      [modelNamed(n), JSON.stringify(metrics)],
    );
    await sql('INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, $2, $3)', [
      modelNamed(n),
      labels(count, false),
      labels(count, true),
    ]);
  }
};

const startEnvironments = (databaseUrl: string, redisUrl: string, log: string) =>
  startLambdaService({
    functions: {
      computeAccuracy: {
        timeoutMs: 60_000,
        environments: {
          max: Number(process.env.LAMBDA_ENVIRONMENTS ?? 2),
          concurrency: 32,
          log: openSync(log, 'a'),
          runtimeClient: resolve('.build/runtimeClient.js'),
          taskRoot: resolve('.build/functions'),
          handler: 'computeAccuracy.handler',
          env: {
            DATABASE_URL: databaseUrl,
            DATABASE_POOL_MAX: '4',
            REDIS_URL: redisUrl,
            POWERTOOLS_METRICS_DISABLED: 'true',
          },
        },
      },
    },
  });

/** A way to a store on which each time that it is asked after an answer is counted. */
const countedWay = async (url: string) => {
  const gate = await openGate(new URL(url));
  const trips = { count: 0 };
  let last = 'client';
  gate.shutWhen((_, towards) => {
    if (towards === 'server' && last === 'client') trips.count++;
    last = towards;
    return false;
  });
  return { trips, ...gate };
};

/** What one run asks of each store, counted on the wire. */
const roundTrips = async (databaseUrl: string, redisUrl: string) => {
  const ways = { PostgreSQL: await countedWay(databaseUrl), Redis: await countedWay(redisUrl) };
  const db = openDatabase(ways.PostgreSQL.url.href, 1);
  const redis = await openRedis(ways.Redis.url.href);
  const run = computeAccuracy({ db, results: resultCache(redis) });
  const total = () => ({ PostgreSQL: ways.PostgreSQL.trips.count, Redis: ways.Redis.trips.count });
  const runAt = (minute: number) =>
    run({
      model_id: modelNamed(0),
      scheduled_time: new Date(firstDue + minute * minuteMs),
      trigger: 'schedule',
    });
  await runAt(0); // connects, and loads the script into Redis
  const before = total();
  await runAt(1);
  const trips = difference(total(), before);
  redis.disconnect();
  await db.end();
  for (const way of Object.values(ways)) way.close();
  return trips;
};

/** From the event to Redis, through the local Lambda service and the environments that `npm start` has. */
export const benchRun = async (stage: Stage) => {
  const { databaseUrl, redisUrl, sql, postgresPid, stop } = await startStores(stage, 'run');
  const lambda = await startEnvironments(databaseUrl, redisUrl, stage.path('run-functions.log'));
  const invoke = async (n: number) => {
    const { payload } = await lambda.invoke('computeAccuracy', JSON.stringify(eventOf(n)));
    const text = payload.toString();
    if (!text.includes('"accuracy":0.9,')) throw new Error(`run ${n} answered ${text}`);
  };
  const cpu = () => ({ ...cpuMsByRole(process.pid), PostgreSQL: cpuMsByRole(postgresPid).PostgreSQL ?? 0 });
  const measure = async (count: number, metrics: MetricSetting[], runs: number) => {
    await insertModels(sql, count, metrics);
    const warmUp = Math.ceil(runs / 4);
    await inTurn(width, { count: warmUp }, invoke);
    const before = cpu();
    const seconds = await inTurn(width, { count: runs }, (n) => invoke(warmUp + n));
    const used = difference(cpu(), before);
    const each = (role: string) => round((used[role] ?? 0) / runs);
    return {
      labels: count,
      metrics: metrics.length,
      'runs/s': round(runs / seconds, 1),
      'environment CPU ms': each('environments'),
      'service CPU ms': each('other'),
      'PostgreSQL CPU ms': each('PostgreSQL'),
      'Redis CPU ms': each('Redis'),
    };
  };
  const rows = [];
  for (const metrics of [['accuracy'], allOf('classification', false)]) {
    for (const [count, runs] of countsOfRuns) {
      rows.push(await measure(count, metrics, stage.small ? runs / 10 : runs));
    }
  }
  await insertModels(sql, 10);
  const trips = await roundTrips(databaseUrl, redisUrl);
  await lambda.close();
  await stop();
  return { rows, 'round trips of one run': trips };
};
