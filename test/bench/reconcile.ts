import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { reconcile } from '../../functions/reconcile';
import { openDatabase } from '../../lib/postgres';
import { openRedis } from '../../lib/redis';
import { startSchedulerApi } from '../../localstack/scheduler/api';

/** Two passes over `count` schedules: the first finds all of them missing, the second all of them right. */
export const benchReconcile = async (databaseUrl: string, redisUrl: string, count: number) => {
  const api = await startSchedulerApi({});
  const client = new SchedulerClient({
    region: 'us-east-1',
    endpoint: process.env.SCHEDULER_ENDPOINT ?? api.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const target = {
    groupName: 'bench',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:computeAccuracy',
    roleArn: 'arn:aws:iam::000000000000:role/bench',
    deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters',
  };
  await client.send(new CreateScheduleGroupCommand({ Name: target.groupName }));
  const db = openDatabase(databaseUrl, 16);
  const redis = openRedis(redisUrl);
  await db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression)
      SELECT gen_random_uuid(), (n % 60) || ' * * * *' FROM generate_series(1, $1::int) AS n`,
    [count],
  );
  const pass = async () => {
    const start = performance.now();
    const counts = await reconcile({ db, redis, scheduler: { client, target } })();
    return { seconds: (performance.now() - start) / 1000, ...counts };
  };
  const passes = { missing: await pass(), equal: await pass() };
  await db.query('TRUNCATE metrics_executions');
  await db.end();
  redis.disconnect();
  client.destroy();
  await api.close();
  return passes;
};
