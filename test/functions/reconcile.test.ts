import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { deleteSchedule } from '../../functions/deleteSchedule';
import { attempts, reconcile } from '../../functions/reconcile';
import { schedule } from '../../functions/schedule';
import { readOverdue } from '../../lib/redis/redis';
import { scheduler } from '../../lib/runtime/clients';
import { scheduleDefinition } from '../../lib/scheduler/scheduler';
import { type SchedulerApi, startSchedulerApi } from '../../localstack/scheduler/api';
import { openStores, type Stores } from '../setup/stores';

const target = {
  groupName: 'reconcile-test',
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:computeAccuracy',
  roleArn: 'arn:aws:iam::000000000000:role/scheduler',
  deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters',
};
const GroupName = target.groupName;

let stores: Stores;
let api: SchedulerApi;
let client: SchedulerClient;
let deps: Parameters<typeof reconcile>[0];

beforeEach(async () => {
  stores = await openStores();
  api = await startSchedulerApi({});
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SchedulerClient({ region: 'us-east-1', endpoint: api.url, credentials, maxAttempts: 1 });
  await client.send(new CreateScheduleGroupCommand({ Name: GroupName }));
  deps = { db: stores.db, redis: stores.redis, scheduler: { client, target } };
});
afterEach(async () => {
  client.destroy();
  await api.close();
  await stores.close();
});

const model = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const settings = (n: number) => ({
  model_id: model(n),
  cron_expression: `${n % 60} * * * *`,
  timezone: 'UTC',
  enabled: n % 3 > 0,
  flexible_window_minutes: n % 2 ? 15 : 0,
});
const make = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => schedule(deps)(settings(n))));
const get = (n: number) => client.send(new GetScheduleCommand({ Name: model(n), GroupName }));
const names = async () => {
  const { Schedules } = await client.send(new ListSchedulesCommand({ GroupName, MaxResults: 100 }));
  return (Schedules ?? []).map(({ Name }) => Name).sort();
};
const counts = (more: object) => ({
  equal: 0,
  missing: 0,
  different: 0,
  orphaned: 0,
  foreign: 0,
  unreadable: 0,
  overdue: 0,
  ...more,
});

test('what is right is not touched', async () => {
  await make(20);
  const before = (await get(7)).LastModificationDate;
  expect(await reconcile(deps)()).toEqual(counts({ equal: 20 }));
  expect((await get(7)).LastModificationDate).toEqual(before);
});

test('a row that cannot be read, written past the API, holds up no other', async () => {
  await make(4);
  const sql = 'UPDATE metrics_executions SET cron_expression = $2, timezone = $3 WHERE model_id = $1';
  await stores.db.query(sql, [model(1), 'often', 'UTC']);
  await stores.db.query(sql, [model(2), '* * * * *', 'Mars/Base']);
  await client.send(new DeleteScheduleCommand({ Name: model(3), GroupName }));
  expect(await reconcile(deps)()).toEqual(counts({ equal: 1, missing: 1, unreadable: 2, overdue: 2 }));
  expect(await names()).toHaveLength(4);
});

test('one pass puts back what is missing, mends what is different, removes orphans and leaves foreign ones', async () => {
  await make(10);
  await client.send(new DeleteScheduleCommand({ Name: model(1), GroupName }));
  await client.send(
    new UpdateScheduleCommand({
      ...scheduleDefinition(settings(2), target),
      ScheduleExpression: 'rate(1 day)',
    }),
  );
  await client.send(
    new UpdateScheduleCommand({ ...scheduleDefinition(settings(4), target), State: 'DISABLED' }),
  );
  await stores.db.query('DELETE FROM metrics_executions WHERE model_id = $1', [model(5)]);
  const foreign = { ...scheduleDefinition(settings(6), target), Name: 'not-ours' };
  await client.send(new CreateScheduleCommand(foreign));
  expect(await reconcile(deps)()).toEqual(
    counts({ equal: 6, missing: 1, different: 2, orphaned: 1, foreign: 1 }),
  );
  expect((await get(2)).ScheduleExpression).toBe('cron(2 * * * ? *)');
  expect((await get(4)).State).toBe('ENABLED');
  expect(await names()).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9].map(model).concat('not-ours').sort());
  expect(await reconcile(deps)()).toEqual(counts({ equal: 9, foreign: 1 }));
});

test('a schedule whose row is being inserted at that moment is not deleted', async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let created = () => {};
  const isCreated = new Promise<void>((resolve) => {
    created = resolve;
  });
  const send = async (command: never) => {
    const answer = await client.send(command);
    created();
    await slow; // the schedule is there, its row not yet committed
    return answer;
  };
  const posting = schedule({ db: stores.db, scheduler: { client: { send } as never, target } })(settings(1));
  await isCreated;
  const reconciling = reconcile(deps)();
  await new Promise((resolve) => setTimeout(resolve, 200)); // it waits for the row, however long this takes
  finish();
  await posting;
  expect(await reconciling).toEqual(counts({}));
  expect(await names()).toEqual([model(1)]);
});

test('reconcile among posts and deletes of the same models ends with both sides equal', async () => {
  await make(30);
  const change = async (n: number) => {
    await schedule(deps)({ ...settings(n), cron_expression: `${(n * 7) % 60} 3 * * *` });
    if (n % 2) await deleteSchedule(deps)({ model_id: model(n) });
  };
  await Promise.all([
    reconcile(deps)(),
    ...Array.from({ length: 30 }, (_, n) => change(n)),
    reconcile(deps)(),
  ]);
  expect(await reconcile(deps)()).toEqual(counts({ equal: 15 }));
});

test('a Scheduler that is away is an error, and nothing was changed', async () => {
  await make(3);
  const away = new SchedulerClient({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await expect(reconcile({ ...deps, scheduler: { client: away, target } })()).rejects.toThrow();
  expect(await reconcile(deps)()).toEqual(counts({ equal: 3 }));
});

test('models that missed a due time are counted, and the count is told to those who ask for health', async () => {
  await make(4);
  await stores.db.query(
    "UPDATE metrics_executions SET cron_expression = '* * * * *', updated_at = now() - interval '1 hour'",
  );
  await stores.db.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at)
      VALUES ($1, date_trunc('minute', now()), 'schedule', 'no_data', now(), now())`,
    [model(1)],
  );
  expect(await reconcile(deps)()).toMatchObject({ overdue: 1 }); // of four, two are paused and one ran
  expect(await readOverdue(stores.redis)).toMatchObject({ models: 1 });
  await stores.db.query('UPDATE metrics_executions SET flexible_window_minutes = 90');
  expect(await reconcile(deps)()).toMatchObject({ overdue: 0 });
});

/** In front of a Scheduler: of each path the first requests are more than its quota. */
const startThrottle = async (url: string, refusals: number) => {
  const refused = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '' } = request;
    const count = refused.get(path) ?? 0;
    response.setHeader('content-type', 'application/json');
    if (count < refusals) {
      refused.set(path, count + 1);
      response.writeHead(429, { 'x-amzn-errortype': 'ThrottlingException' });
      response.end('{"message": "Rate exceeded"}');
      return;
    }
    const answer = await fetch(url + path, { method });
    response.writeHead(answer.status);
    response.end(await answer.text());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

test('a quota that is met makes reconcile slower, not fail', async () => {
  await make(5);
  const throttle = await startThrottle(api.url, 2);
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SCHEDULER: throttle.url,
    SCHEDULE_GROUP: target.groupName,
    COMPUTE_ACCURACY_ARN: target.functionArn,
    SCHEDULER_ROLE_ARN: target.roleArn,
    DEAD_LETTER_ARN: target.deadLetterArn,
  });
  const throttled = scheduler(attempts);
  try {
    expect(await reconcile({ ...deps, scheduler: throttled })()).toEqual(counts({ equal: 5 }));
  } finally {
    process.env = before;
    throttled.client.destroy();
    throttle.server.close();
  }
});
