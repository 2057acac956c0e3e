import { deleteSchedule } from '../../functions/deleteSchedule';
import { getResult } from '../../functions/getResult';
import { getSchedule } from '../../functions/getSchedule';
import { listMissed } from '../../functions/listMissed';
import { listSchedules } from '../../functions/listSchedules';
import { overview } from '../../functions/overview';
import { previewSchedule } from '../../functions/previewSchedule';
import { schedule } from '../../functions/schedule';
import { updateSchedule } from '../../functions/updateSchedule';
import { watch } from '../../functions/watch';
import { httpHandler } from '../../lib/http/handler';
import { route as listRoute } from '../../lib/http/routes/listSchedules';
import { route as previewRoute } from '../../lib/http/routes/previewSchedule';
import { route as updateRoute } from '../../lib/http/routes/updateSchedule';
import type { Settings } from '../../lib/schedule/schedule';
import { modelNamed, openWorld, settingsOf, type World } from '../setup/world';
import { bodyOf, eventOf } from './event';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const put = (n: number, cron_expression = '*/5 * * * *', timezone = 'UTC') =>
  schedule(world)(settingsOf(n, { cron_expression, timezone }));

const patch = (n: number, changes: unknown) =>
  httpHandler(updateRoute, async () => updateSchedule(world))(
    eventOf({ params: { model_id: modelNamed(n) }, body: JSON.stringify(changes) }),
  );

const list = (limit: number, cursor?: string) => listSchedules(world)({ limit, cursor });

const row = async (n: number) => {
  const sql = 'SELECT cron_expression, timezone, enabled FROM metrics_executions WHERE model_id = $1';
  const [stored] = await world.db.query<Settings>(sql, [modelNamed(n)]);
  return stored;
};

test('a row that cannot be read, written past the API, is stale and spoils no page', async () => {
  await put(50);
  const sql = "UPDATE metrics_executions SET cron_expression = 'often' WHERE model_id = $1";
  await world.db.query(sql, [modelNamed(50)]);
  const { body } = await list(100);
  expect(body.items.find(({ model_id }) => model_id === modelNamed(50))).toMatchObject({
    cron_expression: 'often',
    schedule_expression: null,
    next_run_at: null,
  });
  await watch(world)();
  const newest = await getResult(world)({ model_id: modelNamed(50) });
  expect(newest.body).toMatchObject({ status: 'pending', stale: true });
  const all = await overview(world)({ limit: 100, offset: 0, sort: 'status', order: 'asc' });
  expect(all.body.items[0]).toMatchObject({ model_id: modelNamed(50), status: 'stale' });
  expect((await listMissed(world)({ model_id: modelNamed(50), limit: 10 })).body.items).toEqual([]);
  const refused = await patch(50, { enabled: false });
  expect(refused.statusCode).toBe(400);
  expect(bodyOf(refused).detail).toContain('cron expression');
  expect(bodyOf(await patch(50, { cron_expression: '0 3 * * *' }))).toMatchObject({ timezone: 'UTC' });
});

describe('PATCH', () => {
  test('pauses and resumes, in PostgreSQL and in the Scheduler, and leaves the rest', async () => {
    await put(1, '0 3 * * *', 'Europe/Berlin');
    const paused = await patch(1, { enabled: false });
    expect(paused.statusCode).toBe(200);
    expect(bodyOf(paused)).toMatchObject({ enabled: false, next_run_at: null, timezone: 'Europe/Berlin' });
    expect(await world.scheduled(modelNamed(1))).toMatchObject({
      State: 'DISABLED',
      ScheduleExpression: 'cron(0 3 * * ? *)',
    });
    expect(bodyOf(await patch(1, { enabled: true }))).toMatchObject({
      next_run_at: expect.stringMatching(/Z$/),
    });
    expect(await world.scheduled(modelNamed(1))).toMatchObject({ State: 'ENABLED' });
    expect(bodyOf(await patch(1, { flexible_window_minutes: 10 }))).toMatchObject({
      flexible_window_minutes: 10,
      cron_expression: '0 3 * * *',
    });
    expect(bodyOf(await patch(1, { enabled: false }))).toMatchObject({ flexible_window_minutes: 10 });
    expect(await world.scheduled(modelNamed(1))).toMatchObject({
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 },
    });
  });

  test('with the settings there are, or none at all, changes nothing', async () => {
    const { body: before } = await put(2, '0 3 * * *');
    expect(bodyOf(await patch(2, { cron_expression: '0 3 * * *' }))).toEqual(before);
    expect(bodyOf(await patch(2, {}))).toEqual(before);
  });

  test.each([
    [{ cron_expression: 'x' }, 'cron_expression'],
    [{ timezone: null }, 'timezone'],
    [{ enabled: 1 }, 'enabled'],
    [{ model_id: modelNamed(3) }, 'model_id'],
    [[], 'body'],
    ['[]', 'body'],
    [null, 'body'],
  ])('%j is 400 and changes nothing', async (changes, path) => {
    await put(3);
    const answer = await patch(3, changes);
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer).errors[0].path).toBe(path);
    expect(await row(3)).toEqual({ cron_expression: '*/5 * * * *', timezone: 'UTC', enabled: true });
  });

  test('a model without a schedule is 404', async () => {
    expect((await patch(4, { enabled: false })).statusCode).toBe(404);
  });

  test('two changes at once, of different settings, both happen', async () => {
    for (let round = 0; round < 10; round++) {
      await put(5);
      await Promise.all([patch(5, { cron_expression: '1 1 * * *' }), patch(5, { enabled: false })]);
      expect(await row(5)).toMatchObject({ cron_expression: '1 1 * * *', enabled: false });
      expect(await world.scheduled(modelNamed(5))).toMatchObject({
        ScheduleExpression: 'cron(1 1 * * ? *)',
        State: 'DISABLED',
      });
    }
  });
});

test('POST, PATCH and DELETE at once for one model end with PostgreSQL and the Scheduler agreeing', async () => {
  for (let round = 0; round < 20; round++) {
    const minute = `${round} * * * *`;
    const requests = [
      () => put(10, minute),
      () => patch(10, { enabled: round % 2 === 0 }),
      () => deleteSchedule(world)({ model_id: modelNamed(10) }),
      () => put(10, minute, 'Asia/Tokyo'),
      () => patch(10, { cron_expression: '59 23 * * *' }),
    ];
    for (let turns = round % requests.length; turns > 0; turns--) requests.push(requests.shift() as never);
    await Promise.allSettled(requests.map((request) => request()));
    const stored = await row(10);
    const scheduled = await world.scheduled(modelNamed(10));
    expect(scheduled === undefined).toBe(stored === undefined);
    if (!stored || !scheduled) continue;
    const answer = await getSchedule(world)({ model_id: modelNamed(10) });
    expect(scheduled).toMatchObject({
      ScheduleExpression: answer.body.schedule_expression,
      ScheduleExpressionTimezone: stored.timezone,
      State: stored.enabled ? 'ENABLED' : 'DISABLED',
    });
  }
});

describe('the list', () => {
  beforeAll(async () => {
    await world.db.query('DELETE FROM metrics_executions');
    await Promise.all(Array.from({ length: 23 }, (_, n) => put(1000 + 10 * n)));
  });

  const walk = async (limit: number, between: (page: number) => Promise<unknown> = async () => {}) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; ; page++) {
      const { body } = await list(limit, cursor);
      seen.push(...body.items.map(({ model_id }) => model_id));
      if (body.next_cursor === null) return seen;
      cursor = body.next_cursor;
      await between(page);
    }
  };

  const all = Array.from({ length: 23 }, (_, n) => modelNamed(1000 + 10 * n));

  test.each([1, 7, 22, 23, 100])('in pages of %i has every schedule once', async (limit) => {
    expect(await walk(limit)).toEqual(all);
  });

  test('has those that stay exactly once, whatever is made and deleted meanwhile', async () => {
    const seen = await walk(4, async (page) => {
      await put(1001 + 40 * page); // before the cursor, and after it
      await put(1005 + 40 * (page + 1));
      await deleteSchedule(world)({ model_id: modelNamed(1030 + 40 * page) }); // the very one of the cursor
    });
    expect(new Set(seen).size).toBe(seen.length);
    const stayed = all.filter((_, n) => n % 4 !== 3);
    expect(seen).toEqual(expect.arrayContaining(stayed));
  });

  test.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '101' }, 'limit'],
    [{ limit: '1e1' }, 'limit'],
    [{ limit: '' }, 'limit'],
    [{ cursor: 'x' }, 'cursor'],
    [{ page: '2' }, 'page'],
  ])('refuses %j', async (query, path) => {
    const answer = await httpHandler(listRoute, async () => listSchedules(world))(eventOf({ query }));
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer).errors[0].path).toBe(path);
  });
});

describe('the preview', () => {
  const preview = (query: Record<string, string>) =>
    httpHandler(previewRoute, async () => previewSchedule())(eventOf({ query }));

  test('tells the next due times on the wall clock of the time zone', async () => {
    const { body } = await previewSchedule()({
      cron_expression: '30 9 * * MON',
      timezone: 'Asia/Kathmandu',
      from: undefined,
      count: 3,
    });
    expect(body.schedule_expression).toBe('cron(30 9 ? * MON *)');
    expect(body.due_times).toHaveLength(3);
    for (const time of body.due_times) expect(time).toMatch(/T03:45:00\.000Z$/);
    for (const time of body.local_times) expect(time).toMatch(/T09:30$/);
    expect(body.words).toBe('At 09:30 on Monday');
  });

  test('begins at a date of choice, and tells what the clocks skip and repeat in the year after it', async () => {
    const query = { cron_expression: '30 2 * * *', timezone: 'Europe/Berlin', count: '2' };
    const body = bodyOf(await preview({ ...query, from: '2027-03-01T01:30:00Z' }));
    expect(body.due_times).toEqual(['2027-03-01T01:30:00.000Z', '2027-03-02T01:30:00.000Z']);
    expect(body.local_times).toEqual(['2027-03-01T02:30', '2027-03-02T02:30']);
    expect(body.clock_changes).toEqual([
      { kind: 'skipped', at: '2027-03-28T01:00:00.000Z', count: 1, local_times: ['2027-03-28T02:30'] },
      { kind: 'repeated', at: '2027-10-31T01:00:00.000Z', count: 1, local_times: ['2027-10-31T02:30'] },
    ]);
  });

  test('names the first five of many skipped times, and nothing where none is due', async () => {
    const query = { timezone: 'Europe/Berlin', from: '2027-03-27T01:30:00Z' };
    const every = bodyOf(await preview({ ...query, cron_expression: '* * * * *' })).clock_changes[0];
    expect(every).toMatchObject({ count: 60, local_times: expect.arrayContaining(['2027-03-28T02:04']) });
    expect(every.local_times).toHaveLength(5);
    expect(bodyOf(await preview({ ...query, cron_expression: '0 9 * * *' })).clock_changes).toEqual([]);
  });

  test('has five due times unless told otherwise, in UTC, and none for a time that never comes', async () => {
    expect(bodyOf(await preview({ cron_expression: '* * * * *' })).due_times).toHaveLength(5);
    expect(bodyOf(await preview({ cron_expression: '* * * * *', count: '100' })).due_times).toHaveLength(100);
  });

  test('says what is wrong with an expression', async () => {
    const answer = await preview({ cron_expression: '61 * * * *', timezone: 'Mars/Base' });
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer).errors.map(({ path }: { path: string }) => path)).toEqual([
      'cron_expression',
      'timezone',
    ]);
  });
});
