import { setTimeout as sleep } from 'node:timers/promises';
import { CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { reconcile } from '../../functions/reconcile';
import { openDatabase } from '../../lib/postgres/database';
import { openScheduler } from '../../lib/scheduler/scheduler';
import { startSchedulerApi } from '../../localstack/scheduler/api';
import { schedulerClient, target } from '../setup/world';
import { round } from './numbers';
import { type Stage, startStores } from './stage';

/** Passes over many schedules: all are missing, all are right and read one by one, all are known to be right. */
export const benchReconcile = async (stage: Stage) => {
  const { databaseUrl, sql, stop } = await startStores(stage, 'reconcile');
  const api = await startSchedulerApi({});
  const client = schedulerClient(api.url);
  await client.send(new CreateScheduleGroupCommand({ Name: target.groupName }));
  const db = openDatabase(databaseUrl, 16);
  await sql(
    `INSERT INTO metrics_executions (model_id, cron_expression)
      SELECT gen_random_uuid(), (n % 60) || ' * * * *' FROM generate_series(1, $1::int) AS n`,
    [stage.small ? 1000 : 100_000],
  );
  const pass = async () => {
    const start = performance.now();
    const counts = await reconcile({ db, scheduler: openScheduler(client, target) })();
    return { seconds: round((performance.now() - start) / 1000, 1), ...counts };
  };
  const rows = [await pass()];
  await sleep(2000); // before, a date could stay the same when a schedule changes
  rows.push(await pass(), await pass());
  await db.end();
  client.destroy();
  await api.close();
  await stop();
  return { rows };
};
