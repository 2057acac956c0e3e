import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { deleteSchedule } from '../../functions/deleteSchedule';
import { getSchedule } from '../../functions/getSchedule';
import { schedule } from '../../functions/schedule';
import { httpHandler } from '../../lib/http/handler';
import { route } from '../../lib/http/routes/schedule';
import { startSchedulerApi } from '../../localstack/scheduler/api';
import { openStores, type Stores } from '../setup/stores';

const target = {
  groupName: 'test',
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:computeAccuracy',
  roleArn: 'arn:aws:iam::000000000000:role/scheduler',
  deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters',
};

let stores: Stores;
let api: Awaited<ReturnType<typeof startSchedulerApi>>;
let client: SchedulerClient;
let deps: Parameters<typeof schedule>[0];

beforeAll(async () => {
  process.env.API_ACCESS = 'local';
  stores = await openStores();
  api = await startSchedulerApi({});
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SchedulerClient({ region: 'us-east-1', endpoint: api.url, credentials, maxAttempts: 1 });
  await client.send(new CreateScheduleGroupCommand({ Name: target.groupName }));
  deps = { db: stores.db, scheduler: { client, target } };
});
afterAll(async () => {
  client.destroy();
  await api.close();
  await stores.close();
});

const stored = (name: string) =>
  client
    .send(new GetScheduleCommand({ GroupName: target.groupName, Name: name }))
    .catch((error) => error.name);

const post = (body: unknown, headers = { 'content-type': 'application/json' }) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const event = { headers, body: text, isBase64Encoded: false } as unknown as APIGatewayProxyEventV2;
  return httpHandler(route, async () => schedule(deps))(event);
};

const model = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const settings = (n: number, cron_expression = '*/5 * * * *', timezone = 'UTC', enabled = true) => ({
  model_id: model(n),
  cron_expression,
  timezone,
  enabled,
  flexible_window_minutes: 0,
});

test('a new schedule is 201 with its location, and is in the Scheduler with the run as its target', async () => {
  const answer = await post({ model_id: model(1).toUpperCase(), cron_expression: '*/5 * * * *' });
  expect(answer.statusCode).toBe(201);
  expect(answer.headers).toMatchObject({ location: `/schedule/${model(1)}` });
  expect(JSON.parse(answer.body as string)).toMatchObject({
    ...settings(1),
    schedule_expression: 'cron(*/5 * * * ? *)',
    next_run_at: expect.stringMatching(/T\d\d:\d[05]:00\.000Z$/),
  });
  const found = await stored(model(1));
  expect(found).toMatchObject({ State: 'ENABLED', ScheduleExpression: 'cron(*/5 * * * ? *)' });
  expect(JSON.parse(found.Target.Input)).toEqual({
    model_id: model(1),
    scheduled_time: '<aws.scheduler.scheduled-time>',
  });
});

test('posting again replaces: 200, one row, one schedule', async () => {
  await schedule(deps)(settings(2));
  const answer = await schedule(deps)(settings(2, '0 3 * * *', 'Europe/Berlin', false));
  expect(answer).toMatchObject({ status: 200, body: { cron_expression: '0 3 * * *', next_run_at: null } });
  const found = await stored(model(2));
  expect(found).toMatchObject({ State: 'DISABLED', ScheduleExpressionTimezone: 'Europe/Berlin' });
  const rows = await stores.db.query<Record<string, any>>(
    'SELECT 1 FROM metrics_executions WHERE model_id = $1',
    [model(2)],
  );
  expect(rows).toHaveLength(1);
});

test('a flexible window is in the Scheduler, and goes with a request that does not ask for it', async () => {
  const asked = { ...settings(12), flexible_window_minutes: 15 };
  expect(await schedule(deps)(asked)).toMatchObject({ status: 201, body: { flexible_window_minutes: 15 } });
  const window = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 };
  expect((await stored(model(12))).FlexibleTimeWindow).toEqual(window);
  await schedule(deps)(settings(12));
  expect((await stored(model(12))).FlexibleTimeWindow).toEqual({ Mode: 'OFF' });
});

test('the same settings again change nothing, in PostgreSQL and in the Scheduler', async () => {
  const first = await schedule(deps)(settings(3));
  const before = await stored(model(3));
  const again = await schedule(deps)(settings(3));
  expect(again).toEqual({ status: 200, body: first.body });
  expect((await stored(model(3))).LastModificationDate).toEqual(before.LastModificationDate);
});

test('an expression that no single EventBridge expression tells takes its guard along', async () => {
  await schedule(deps)(settings(4, '0 0 13 * 5'));
  const found = await stored(model(4));
  expect(JSON.parse(found.Target.Input)).toMatchObject({
    due_by: { cron_expression: '0 0 13 * 5', timezone: 'UTC' },
  });
});

test('fifty requests at once for one model end with PostgreSQL and the Scheduler agreeing', async () => {
  const minutes = Array.from({ length: 50 }, (_, minute) => minute);
  const posts = minutes.map((minute) => schedule(deps)(settings(5, `${minute} * * * *`)));
  const refused = (await Promise.allSettled(posts)).filter((post) => post.status === 'rejected');
  expect(refused.length).toBeLessThan(minutes.length); // a busy machine may tell some to come again
  for (const { reason } of refused) expect(reason).toMatchObject({ status: 503 });
  const rows = await stores.db.query<Record<string, any>>(
    'SELECT cron_expression FROM metrics_executions WHERE model_id = $1',
    [model(5)],
  );
  const [minute] = rows[0].cron_expression.split(' ');
  expect((await stored(model(5))).ScheduleExpression).toBe(`cron(${minute} * * * ? *)`);
});

test('a post racing a delete ends with both having the schedule or neither', async () => {
  for (let round = 0; round < 20; round++) {
    const racing = [
      schedule(deps)(settings(6, `${round} * * * *`)),
      deleteSchedule(deps)({ model_id: model(6) }),
    ];
    await Promise.allSettled(racing);
    const answer = await getSchedule(deps)({ model_id: model(6) }).catch(() => undefined);
    const found = await stored(model(6));
    if (answer) expect(found.ScheduleExpression).toBe(`cron(${round} * * * ? *)`);
    else expect(found).toBe('ResourceNotFoundException');
  }
});

test('a Scheduler that refuses leaves PostgreSQL as it was, and the caller is told 503', async () => {
  const elsewhere = { client, target: { ...target, groupName: 'no-such-group' } };
  const refused = { ...deps, scheduler: elsewhere };
  await expect(schedule(refused)(settings(7))).rejects.toMatchObject({ status: 503 });
  await expect(getSchedule(deps)({ model_id: model(7) })).rejects.toMatchObject({ status: 404 });
});

test('delete removes the row and the schedule; again it is 404', async () => {
  await schedule(deps)(settings(8));
  expect(await deleteSchedule(deps)({ model_id: model(8) })).toEqual({ status: 204 });
  expect(await stored(model(8))).toBe('ResourceNotFoundException');
  await expect(deleteSchedule(deps)({ model_id: model(8) })).rejects.toMatchObject({ status: 404 });
});

test.each([
  [{}, ['model_id', 'cron_expression']],
  [{ model_id: 'x', cron_expression: '* * * * *' }, ['model_id']],
  [{ model_id: model(9), cron_expression: '61 * * * *' }, ['cron_expression']],
  [{ model_id: model(9), cron_expression: '* * * * *', timezone: 'Mars/Base' }, ['timezone']],
  [{ model_id: model(9), cron_expression: '* * * * *', enabled: 'yes' }, ['enabled']],
  [
    { model_id: model(9), cron_expression: '* * * * *', flexible_window_minutes: 1441 },
    ['flexible_window_minutes'],
  ],
  [
    { model_id: model(9), cron_expression: '* * * * *', flexible_window_minutes: 1.5 },
    ['flexible_window_minutes'],
  ],
  [
    { model_id: model(9), cron_expression: '* * * * *', flexible_window_minutes: '15' },
    ['flexible_window_minutes'],
  ],
  [{ model_id: model(9), cron_expression: '* * * * *', cron: '1' }, ['cron']],
  [[], ['']],
])('the body %j is 400 and names %j', async (body, paths) => {
  const answer = await post(body);
  expect(answer.statusCode).toBe(400);
  expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json' });
  const problem = JSON.parse(answer.body as string);
  expect(problem).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
  expect(problem.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
});

test('a body that is no JSON is 400, and one of another content type 415', async () => {
  expect((await post('{')).statusCode).toBe(400);
  expect((await post('a=1', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode).toBe(415);
});

test('refused requests left nothing behind', async () => {
  const { Schedules } = await client.send(
    new ListSchedulesCommand({ GroupName: target.groupName, MaxResults: 100 }),
  );
  const rows = await stores.db.query<Record<string, any>>(
    'SELECT model_id FROM metrics_executions ORDER BY model_id',
  );
  expect((Schedules ?? []).map(({ Name }) => Name).sort()).toEqual(rows.map(({ model_id }) => model_id));
});
