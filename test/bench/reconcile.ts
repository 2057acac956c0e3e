import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { reconcile } from '../../functions/reconcile';
import { openDatabase } from '../../lib/postgres/database';
import { openRedis } from '../../lib/redis/redis';
import { startSchedulerApi } from '../../localstack/scheduler/api';
import { round } from './numbers';
import { type Stage, startStores } from './stage';

/** Two passes over many schedules: the first finds all of them missing, the second all of them right. */
export const benchReconcile = async (stage: Stage) => {
  const { databaseUrl, redisUrl, sql, stop } = await startStores(stage, 'reconcile');
  const api = await startSchedulerApi({});
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SchedulerClient({ region: 'us-east-1', endpoint: api.url, credentials });
  const target = {
    groupName: 'bench',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:computeAccuracy',
    roleArn: 'arn:aws:iam::000000000000:role/bench',
    deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters',
  };
  await client.send(new CreateScheduleGroupCommand({ Name: target.groupName }));
  const db = openDatabase(databaseUrl, 16);
  const redis = openRedis(redisUrl);
  await sql(
    `INSERT INTO metrics_executions (model_id, cron_expression)
      SELECT gen_random_uuid(), (n % 60) || ' * * * *' FROM generate_series(1, $1::int) AS n`,
    [stage.small ? 1000 : 100_000],
  );
  const pass = async () => {
    const start = performance.now();
    const counts = await reconcile({ db, redis, scheduler: { client, target } })();
    return { seconds: round((performance.now() - start) / 1000, 1), ...counts };
  };
  const rows = [await pass(), await pass()];
  await db.end();
  redis.disconnect();
  client.destroy();
  await api.close();
  await stop();
  return { rows };
};
