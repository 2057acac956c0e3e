import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { reconcile } from '../../functions/reconcile';
import { openScheduler } from '../../lib/scheduler/scheduler';
import { type SchedulerApi, startSchedulerApi } from '../../localstack/scheduler/api';
import { openStores, type Stores } from '../setup/stores';
import { modelNamed, schedulerClient, target as usual } from '../setup/world';
import { type Api, startApi } from './api';
import { openGate } from './gate';

const target = { ...usual, groupName: 'cyclic-metrics-local' };

let stores: Stores;
let scheduler: SchedulerApi;
let client: SchedulerClient;
let toDatabase: Awaited<ReturnType<typeof openGate>>;
let toScheduler: Awaited<ReturnType<typeof openGate>>;
let api: Api;

beforeAll(async () => {
  stores = await openStores();
  const hosts: string[] = [];
  scheduler = await startSchedulerApi({ access: { hosts } });
  client = schedulerClient(scheduler.url);
  await client.send(new CreateScheduleGroupCommand({ Name: target.groupName }));
  toDatabase = await openGate(new URL(stores.databaseUrl));
  toScheduler = await openGate(new URL(scheduler.url));
  hosts.push(toScheduler.url.host);
});
afterAll(async () => {
  toDatabase.close();
  toScheduler.close();
  client.destroy();
  await scheduler.close();
  await stores.close();
});

/** The API reaches PostgreSQL and the Scheduler through the gates. */
beforeEach(async () => {
  toDatabase.shutWhen(() => false);
  toScheduler.shutWhen(() => false);
  api = await startApi({
    DATABASE_URL: toDatabase.url.href,
    REDIS_URL: stores.redisUrl,
    AWS_ENDPOINT_URL_SCHEDULER: toScheduler.url.href,
    SCHEDULE_GROUP: target.groupName,
    COMPUTE_ACCURACY_ARN: target.functionArn,
    SCHEDULER_ROLE_ARN: target.roleArn,
    DEAD_LETTER_ARN: target.deadLetterArn,
  });
});
afterEach(() => api.kill());

let last = 0;
const nextModels = (count: number) => Array.from({ length: count }, () => modelNamed(++last));

/** The answer's status, or undefined if there was none. */
const post = (model_id: string) =>
  fetch(`${api.url}/schedule`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model_id, cron_expression: '*/5 * * * *' }),
  }).then(
    ({ status }) => status,
    () => undefined,
  );

const inPostgres = async (models: string[]) => {
  const rows = await stores.db.query<{ model_id: string }>(
    'SELECT model_id FROM metrics_executions WHERE model_id = ANY($1)',
    [models],
  );
  return rows.map(({ model_id }) => model_id).sort();
};

const inScheduler = async (models: string[]) => {
  const found = await Promise.all(
    models.map((Name) =>
      client.send(new GetScheduleCommand({ Name, GroupName: target.groupName })).then(
        () => Name,
        () => undefined,
      ),
    ),
  );
  return found.filter((name) => name !== undefined).sort();
};

const mend = () => reconcile({ db: stores.db, scheduler: openScheduler(client, target) })();

const isCall = (bytes: Buffer, towards: string) => towards === 'server' && bytes.includes('POST /schedules/');

test.each([
  ['before the Scheduler has the call', () => toScheduler.shutWhen(isCall)],
  [
    'when the Scheduler has answered, unheard',
    () => toScheduler.shutWhen((bytes, towards) => towards === 'client' && bytes.includes('ScheduleArn')),
  ],
  [
    'before the commit reaches PostgreSQL',
    () => toDatabase.shutWhen((bytes, towards) => towards === 'server' && bytes.includes('COMMIT')),
  ],
  [
    'when PostgreSQL has committed, unheard',
    () => toDatabase.shutWhen((bytes, towards) => towards === 'client' && bytes.includes('COMMIT')),
  ],
])(
  'the API killed %s: after one reconcile both sides agree, and nobody was told 201',
  async (_, shut) => {
    shut();
    const models = nextModels(20);
    const answers = Promise.all(models.map(post));
    for (let tries = 0; toDatabase.held() + toScheduler.held() < 15 && tries < 200; tries++) await sleep(10);
    expect(toDatabase.held() + toScheduler.held()).toBeGreaterThanOrEqual(15);
    await api.kill();
    expect((await answers).filter((status) => status === 201)).toEqual([]);
    await mend();
    expect(await inScheduler(models)).toEqual(await inPostgres(models));
  },
  60_000,
);

test('the API killed in a stream of requests: what was answered is there, on both sides', async () => {
  const models = nextModels(300);
  const accepted: string[] = [];
  const queue = [...models];
  let killing: Promise<void> | undefined;
  const sender = async () => {
    for (let model = queue.pop(); model; model = queue.pop()) {
      if ((await post(model)) === 201) accepted.push(model);
      if (accepted.length >= 120) killing ??= api.kill();
    }
  };
  await Promise.all(Array.from({ length: 16 }, sender));
  await killing;
  expect(accepted.length).toBeGreaterThanOrEqual(120);
  expect(accepted.length).toBeLessThan(300);
  await mend();
  const stored = await inPostgres(models);
  expect(stored).toEqual(expect.arrayContaining(accepted));
  expect(await inScheduler(models)).toEqual(stored);
});
