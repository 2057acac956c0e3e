import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { deleteSchedule } from '../../functions/deleteSchedule';
import { getSchedule } from '../../functions/getSchedule';
import { schedule } from '../../functions/schedule';
import { httpHandler } from '../../lib/http/handler';
import { problemOf } from '../../lib/http/problem';
import { route } from '../../lib/http/routes/schedule';
import { Unavailable } from '../../lib/runtime/failures';
import { openScheduler } from '../../lib/scheduler/scheduler';
import { eventOf } from '../http/event';
import { modelNamed, openWorld, schedulerClient, settingsOf, target, type World } from '../setup/world';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const post = (body: unknown, headers?: Record<string, string>) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return httpHandler(route, async () => schedule(world))(
    eventOf({ body: text, ...(headers && { headers }) }),
  );
};

test('a new schedule is 201 with its location, and is in the Scheduler with the run as its target', async () => {
  const answer = await post({ model_id: modelNamed(1).toUpperCase(), cron_expression: '*/5 * * * *' });
  expect(answer.statusCode).toBe(201);
  expect(answer.headers).toMatchObject({ location: `/schedule/${modelNamed(1)}` });
  expect(JSON.parse(answer.body as string)).toMatchObject({
    ...settingsOf(1),
    schedule_expression: 'cron(*/5 * * * ? *)',
    next_run_at: expect.stringMatching(/T\d\d:\d[05]:00\.000Z$/),
  });
  const found = await world.scheduled(modelNamed(1));
  expect(found).toMatchObject({ State: 'ENABLED', ScheduleExpression: 'cron(*/5 * * * ? *)' });
  expect(JSON.parse(found?.Target?.Input as string)).toEqual({
    model_id: modelNamed(1),
    scheduled_time: '<aws.scheduler.scheduled-time>',
  });
});

test('posting again replaces: 200, one row, one schedule', async () => {
  await schedule(world)(settingsOf(2));
  const answer = await schedule(world)(
    settingsOf(2, { cron_expression: '0 3 * * *', timezone: 'Europe/Berlin', enabled: false }),
  );
  expect(answer).toMatchObject({ status: 200, body: { cron_expression: '0 3 * * *', next_run_at: null } });
  const found = await world.scheduled(modelNamed(2));
  expect(found).toMatchObject({ State: 'DISABLED', ScheduleExpressionTimezone: 'Europe/Berlin' });
  const rows = await world.db.query('SELECT 1 FROM metrics_executions WHERE model_id = $1', [modelNamed(2)]);
  expect(rows).toHaveLength(1);
});

test('MAX_SCHEDULES refuses a new schedule with 429, and lets those that are there be replaced', async () => {
  const [{ count } = {}] = await world.db.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM metrics_executions',
  );
  const limited = schedule({ ...world, maxSchedules: (count as number) + 1 });
  expect(await limited(settingsOf(90))).toMatchObject({ status: 201 });
  const refusal = await limited(settingsOf(91)).catch(problemOf);
  expect(refusal).toMatchObject({
    status: 429,
    headers: { 'retry-after': '60' },
    message: expect.stringContaining('MAX_SCHEDULES'),
  });
  expect(await world.scheduled(modelNamed(91))).toBeUndefined();
  expect(await limited(settingsOf(90, { enabled: false }))).toMatchObject({ status: 200 });
  await deleteSchedule(world)({ model_id: modelNamed(90) });
  expect(await limited(settingsOf(91))).toMatchObject({ status: 201 });
});

test('a flexible window is in the Scheduler, and goes with a request that does not ask for it', async () => {
  const asked = settingsOf(12, { flexible_window_minutes: 15 });
  expect(await schedule(world)(asked)).toMatchObject({ status: 201, body: { flexible_window_minutes: 15 } });
  const window = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 };
  expect((await world.scheduled(modelNamed(12)))?.FlexibleTimeWindow).toEqual(window);
  await schedule(world)(settingsOf(12));
  expect((await world.scheduled(modelNamed(12)))?.FlexibleTimeWindow).toEqual({ Mode: 'OFF' });
});

test('the same settings again change nothing, in PostgreSQL and in the Scheduler', async () => {
  const first = await schedule(world)(settingsOf(3));
  const before = await world.scheduled(modelNamed(3));
  const again = await schedule(world)(settingsOf(3));
  expect(again).toEqual({ status: 200, body: first.body });
  expect((await world.scheduled(modelNamed(3)))?.LastModificationDate).toEqual(before?.LastModificationDate);
});

test('an expression that no single EventBridge expression tells takes its guard along', async () => {
  await schedule(world)(settingsOf(4, { cron_expression: '0 0 13 * 5' }));
  const found = await world.scheduled(modelNamed(4));
  expect(JSON.parse(found?.Target?.Input as string)).toMatchObject({
    due_by: { cron_expression: '0 0 13 * 5', timezone: 'UTC' },
  });
});

test('fifty requests at once for one model end with PostgreSQL and the Scheduler agreeing', async () => {
  const minutes = Array.from({ length: 50 }, (_, minute) => minute);
  const posts = minutes.map((minute) =>
    schedule(world)(settingsOf(5, { cron_expression: `${minute} * * * *` })),
  );
  const refused = (await Promise.allSettled(posts)).filter((post) => post.status === 'rejected');
  expect(refused.length).toBeLessThan(minutes.length); // a busy machine may tell some to come again
  for (const { reason } of refused) expect(reason).toBeInstanceOf(Unavailable);
  const { body } = await getSchedule(world)({ model_id: modelNamed(5) });
  const [minute] = body.cron_expression.split(' ');
  expect((await world.scheduled(modelNamed(5)))?.ScheduleExpression).toBe(`cron(${minute} * * * ? *)`);
});

test('a post racing a delete ends with both having the schedule or neither', async () => {
  for (let round = 0; round < 20; round++) {
    const racing = [
      schedule(world)(settingsOf(6, { cron_expression: `${round} * * * *` })),
      deleteSchedule(world)({ model_id: modelNamed(6) }),
    ];
    await Promise.allSettled(racing);
    const answer = await getSchedule(world)({ model_id: modelNamed(6) }).catch(() => undefined);
    const found = await world.scheduled(modelNamed(6));
    if (answer) expect(found?.ScheduleExpression).toBe(`cron(${round} * * * ? *)`);
    else expect(found).toBeUndefined();
  }
});

test('a Scheduler that is away leaves PostgreSQL as it was', async () => {
  const client = schedulerClient('http://127.0.0.1:1');
  const away = { ...world, scheduler: openScheduler(client, target) };
  await expect(schedule(away)(settingsOf(7))).rejects.toBeInstanceOf(Unavailable);
  await expect(getSchedule(world)({ model_id: modelNamed(7) })).rejects.toMatchObject({ status: 404 });
  client.destroy();
});

test('delete removes the row and the schedule; again it is 404', async () => {
  await schedule(world)(settingsOf(8));
  expect(await deleteSchedule(world)({ model_id: modelNamed(8) })).toEqual({ status: 204 });
  expect(await world.scheduled(modelNamed(8))).toBeUndefined();
  await expect(deleteSchedule(world)({ model_id: modelNamed(8) })).rejects.toMatchObject({ status: 404 });
});

test.each([
  [{}, ['model_id', 'cron_expression']],
  [{ model_id: 'x', cron_expression: '* * * * *' }, ['model_id']],
  [{ model_id: modelNamed(9), cron_expression: '61 * * * *' }, ['cron_expression']],
  [{ model_id: modelNamed(9), cron_expression: '* * * * *', timezone: 'Mars/Base' }, ['timezone']],
  [{ model_id: modelNamed(9), cron_expression: '* * * * *', enabled: 'yes' }, ['enabled']],
  [
    { model_id: modelNamed(9), cron_expression: '* * * * *', flexible_window_minutes: 1441 },
    ['flexible_window_minutes'],
  ],
  [
    { model_id: modelNamed(9), cron_expression: '* * * * *', flexible_window_minutes: 1.5 },
    ['flexible_window_minutes'],
  ],
  [
    { model_id: modelNamed(9), cron_expression: '* * * * *', flexible_window_minutes: '15' },
    ['flexible_window_minutes'],
  ],
  [{ model_id: modelNamed(9), cron_expression: '* * * * *', cron: '1' }, ['cron']],
  [[], ['body']],
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
  const { Schedules } = await world.schedulerClient.send(
    new ListSchedulesCommand({ GroupName: target.groupName, MaxResults: 100 }),
  );
  const rows = await world.db.query<{ model_id: string }>(
    'SELECT model_id FROM metrics_executions ORDER BY model_id',
  );
  expect((Schedules ?? []).map(({ Name }) => Name).sort()).toEqual(rows.map(({ model_id }) => model_id));
});
