import { randomUUID } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { computeAccuracy } from '../../functions/computeAccuracy';
import { listSchedules } from '../../functions/listSchedules';
import { schedule } from '../../functions/schedule';
import { type Database, openDatabase } from '../../lib/postgres/database';
import { openRedis } from '../../lib/redis/redis';
import { resultCache } from '../../lib/redis/resultCache';
import { openScheduler } from '../../lib/scheduler/scheduler';
import { DueTimes } from '../../localstack/clock/dueTimes';
import { startSchedulerApi } from '../../localstack/scheduler/api';
import { modelNamed, schedulerClient, settingsOf, target as usual } from '../setup/world';
import { inTurn, labels, quantile, round, timed } from './numbers';
import { type Sql, type Stage, startStores } from './stage';

const target = { ...usual, groupName: 'bench' };

const expression = 'cron(0 0 1 1 ? *)';

/** Schedules straight into the Scheduler's API: the SDK would take longer than all the rest. */
const fillScheduler = async (url: string, from: number, to: number) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const body = JSON.stringify({
    GroupName: target.groupName,
    ScheduleExpression: expression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: target.functionArn, RoleArn: target.roleArn, Input: '{}' },
  });
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  await inTurn(
    4,
    { count: to - from },
    (n) =>
      new Promise<void>((done, failed) => {
        request(`${url}/schedules/${modelNamed(from + n)}`, { agent, method: 'POST', headers }, (answer) => {
          answer.resume().once('end', done);
          if (answer.statusCode !== 200) failed(new Error(`CreateSchedule: ${answer.statusCode}`));
        })
          .once('error', failed)
          .end(body);
      }),
  );
  agent.destroy();
};

const fillTables = (sql: Sql, from: number, to: number) =>
  sql(
    `WITH models AS (
      INSERT INTO metrics_executions (model_id, cron_expression, updated_at)
      SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '0 0 1 1 *', '2020-01-01'
      FROM generate_series($1::int, $2::int - 1) AS n
      RETURNING model_id
    ) INSERT INTO results (model_id, y_true, y_pred) SELECT model_id, $3::json, $4::json FROM models`,
    [from, to, labels(100, false), labels(100, true)],
  );

const median = async (times: number, call: (n: number) => unknown) =>
  round(quantile(await timed(times, call), 0.5), 3);

/** One look of the clock over schedules of which none is due. */
const tick = (count: number) => {
  const schedules = Array.from({ length: count }, (_, n) => ({
    Name: modelNamed(n),
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: 'UTC',
    CreationDate: new Date('2020-01-01'),
  }));
  const since = Date.parse('2026-03-02T12:00:00Z');
  const dueTimes = new DueTimes(since, () => {});
  return median(count > 10_000 ? 10 : 100, (n) => dueTimes.take(schedules, since + n * 60_000));
};

type Run = ReturnType<typeof computeAccuracy>;
let year = 2030;

/** Runs of a hundred models, each in a year of its own. */
const runs = (run: Run, count: number, times: number) => {
  const scheduled_time = new Date(`${year++}-01-01T00:00:00Z`);
  return median(times, async (n) => {
    const model_id = modelNamed(Math.floor((n * 7919) % count));
    const at = new Date(scheduled_time.getTime() + Math.floor((n * 7919) / count) * 1000);
    const outcome = await run({ model_id, scheduled_time: at, trigger: 'manual' });
    if (outcome.status !== 'ok') throw new Error(`run: ${outcome.status}`);
  });
};

const insertMany = async (sql: Sql, count: number) => {
  await sql(
    `INSERT INTO results (model_id, y_true, y_pred, "timestamp")
      SELECT ('00000000-0000-4000-8000-' || lpad((n % 1000)::text, 12, '0'))::uuid, '[1,0]', '[1,1]',
        timestamptz '2025-01-01' + n * interval '1 second'
      FROM generate_series(1, $1::int) AS n`,
    [count],
  );
  await sql('VACUUM ANALYZE results');
};

const manyRows = async (stage: Stage, sql: Sql, run: Run) => {
  const count = stage.small ? 100_000 : 3_000_000;
  const { bavail, bsize } = statfsSync(stage.path('.'));
  if (bavail * bsize < 10e9)
    return `skipped: ${round((bavail * bsize) / 1e9, 1)} GB of disk left, 10 are needed`;
  await insertMany(sql, count);
  return { 'sample rows': count, 'run ms': await runs(run, 1000, 300) };
};

const measure = async (db: Database, run: Run, post: ReturnType<typeof schedule>, count: number) => {
  const list = listSchedules({ db });
  return {
    schedules: count,
    'run ms': await runs(run, count, 300),
    'POST ms': await median(200, () =>
      post(settingsOf(0, { model_id: randomUUID(), cron_expression: '0 0 1 1 *' })),
    ),
    'list page ms': await median(100, () => list({ limit: 50, cursor: modelNamed(Math.floor(count / 2)) })),
    'clock tick ms': await tick(count),
  };
};

/** What the number of schedules and sample rows costs. Medians of calls one after the other. */
export const benchGrowth = async (stage: Stage) => {
  const { databaseUrl, redisUrl, sql, stop } = await startStores(stage, 'growth');
  const api = await startSchedulerApi();
  const client = schedulerClient(api.url);
  await client.send(new CreateScheduleGroupCommand({ Name: target.groupName }));
  const db = openDatabase(databaseUrl, 1);
  const redis = await openRedis(redisUrl);
  const run = computeAccuracy({ db, results: resultCache(redis) });
  const post = schedule({ db, scheduler: openScheduler(client, target) });
  const rows = [];
  let filled = 0;
  for (const count of stage.small ? [10, 1000] : [10, 1000, 100_000]) {
    await fillTables(sql, filled, count);
    await fillScheduler(api.url, filled, count);
    await sql('VACUUM ANALYZE');
    rows.push(await measure(db, run, post, count));
    filled = count;
  }
  const many = await manyRows(stage, sql, run);
  redis.disconnect();
  client.destroy();
  await db.end();
  await api.close();
  await stop();
  return { rows, 'with many sample rows': many };
};
