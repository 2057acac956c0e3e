import { watch } from '../../functions/watch';
import { modelsOf } from '../setup/models';
import { hourlyAt, minutesAgo, timePasses } from '../setup/time';
import { modelNamed, openWorld, type World } from '../setup/world';

let world: World;
let models: ReturnType<typeof modelsOf>;

beforeEach(async () => {
  world = await openWorld();
  models = modelsOf(world);
});
afterEach(() => world.close());

const look = () => watch(world)();

const iso = (...times: Date[]) => times.map((time) => time.toISOString());

describe('settings that mean the same', () => {
  test.each([
    ['*/5 * * * *', 'UTC', { cron_expression: '*/5 * * * * ' }],
    ['*/5 * * * *', 'UTC', { cron_expression: ' */5  * * * *' }],
    ['*/5 * * * *', 'UTC', { cron_expression: '*/05 * * * *' }],
    ['*/5 * * * *', 'UTC', { cron_expression: '0-59/5 * * * *' }],
    ['0 9 * * MON-FRI', 'UTC', { cron_expression: '00 09 * * 1-5' }],
    ['0 9 * * *', 'America/New_York', { timezone: 'US/Eastern' }],
    ['0 9 * * *', 'US/Eastern', { timezone: 'America/New_York' }],
    ['0 9 * * *', 'UTC', { timezone: 'Etc/UTC' }],
    ['0 9 * * *', 'UTC', { enabled: true, catch_up: 'last' as const, flexible_window_minutes: 0 }],
  ])('%s in %s and %j change nothing, and call no Scheduler', async (cron_expression, timezone, same) => {
    const { body: before } = await models.post(1, { cron_expression, timezone });
    const scheduled = await world.scheduled(modelNamed(1));
    const state = await models.state(1);
    const again = [await models.post(1, { cron_expression, timezone, ...same }), await models.patch(1, same)];
    for (const { status, body } of again) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ cron_expression, timezone, updated_at: before.updated_at });
    }
    expect(await models.state(1)).toEqual(state);
    expect(await world.scheduled(modelNamed(1))).toMatchObject({
      LastModificationDate: scheduled?.LastModificationDate,
    });
  });

  test('a zone that has the same hours only now is another one', async () => {
    const { body: before } = await models.post(1, { timezone: 'America/New_York' });
    const { body } = await models.patch(1, { timezone: 'America/Panama' });
    expect(body).toMatchObject({ timezone: 'America/Panama' });
    expect(body.updated_at > before.updated_at).toBe(true);
  });
});

describe('effective_from', () => {
  test.each([
    [{ flexible_window_minutes: 30 }],
    [{ catch_up: 'all' as const }],
    [{ cron_expression: '*/05 * * * *', flexible_window_minutes: 1 }],
  ])('stays when %j is all that changes', async (change) => {
    await models.post(1, { cron_expression: '*/5 * * * *' });
    await timePasses(world.db, 60);
    const { effective_from, next_due } = await models.state(1);
    await models.patch(1, change);
    expect(await models.state(1)).toMatchObject({ effective_from, next_due });
    expect((await models.state(1)).expected_by?.getTime()).toBeGreaterThan(next_due?.getTime() as number);
  });

  test.each([[{ cron_expression: '*/6 * * * *' }], [{ timezone: 'Asia/Kathmandu' }], [{ enabled: false }]])(
    'moves to now with %j',
    async (change) => {
      await models.post(1, { cron_expression: '*/5 * * * *' });
      await timePasses(world.db, 60);
      const { body } = await models.patch(1, change);
      expect((await models.state(1)).effective_from.toISOString()).toBe(body.updated_at);
    },
  );
});

test('a wider window gives the due time that is expected more time, and a narrower one takes none away', async () => {
  await models.insert(1, { cron_expression: hourlyAt(5), flexible_window_minutes: 5 }, minutesAgo(20));
  await look();
  await models.patch(1, { flexible_window_minutes: 60 });
  await models.patch(1, { flexible_window_minutes: 0 });
  await world.db.query('UPDATE model_states SET expected_by = expected_by');
  expect(await look()).toEqual({ missed: 0, invoked: 0, revised: 0 });
  expect((await models.state(1)).expected_by).toEqual(minutesAgo(5 - 62));
});

test('a change of the window loses no due time that waits for delivery, and forgets none that was missed', async () => {
  await models.insert(
    1,
    { cron_expression: hourlyAt(55, 45, 35, 25, 15, 5), flexible_window_minutes: 30 },
    minutesAgo(100),
  );
  await look();
  const missed = await models.missed(1);
  expect(missed.items.length).toBeGreaterThan(0);
  await models.patch(1, { flexible_window_minutes: 15 });
  expect(await models.run(1, minutesAgo(5))).toMatchObject({ status: 'no_data' });
  expect(await models.missed(1)).toEqual(missed);
});

describe.each([
  ['another expression', { cron_expression: '0 0 29 2 *' }],
  ['another time zone', { cron_expression: '0 0 29 2 *', timezone: 'Asia/Tokyo' }],
  ['a pause', { enabled: false }],
])('due times that are on their way at %s', (_, change) => {
  /** Due four times in the last half hour, with an hour to come; none has. */
  const openChange = async (catch_up: 'none' | 'last' | 'all' = 'last') => {
    await models.insert(
      1,
      { cron_expression: hourlyAt(35, 25, 15, 5), flexible_window_minutes: 57, catch_up },
      minutesAgo(36),
    );
    expect(await look()).toEqual({ missed: 0, invoked: 0, revised: 0 });
    await models.patch(1, change);
  };

  test('are run', async () => {
    await openChange();
    expect(await models.run(1, minutesAgo(15))).toMatchObject({ status: 'no_data' });
    expect(await models.history(1)).toMatchObject([{ scheduled_time: minutesAgo(15).toISOString() }]);
  });

  test('are told as missed when their own time is over, not before, and not those that ran', async () => {
    await openChange();
    await models.run(1, minutesAgo(25));
    expect(await look()).toEqual({ missed: 0, invoked: 0, revised: 0 });
    expect(await models.missed(1)).toEqual({ items: [], unlisted: 0 });
    expect(await models.result(1)).toMatchObject({ stale: false });
    await timePasses(world.db, 40);
    await look();
    expect(await models.missed(1)).toEqual({ items: iso(minutesAgo(75)), unlisted: 0 });
    await timePasses(world.db, 20);
    await look();
    expect((await models.missed(1)).items).toEqual(iso(minutesAgo(65), minutesAgo(75), minutesAgo(95)));
    expect(await models.run(1, minutesAgo(95))).toMatchObject({ status: 'no_data' });
    expect((await models.missed(1)).items).toEqual(iso(minutesAgo(65), minutesAgo(75)));
  });

  test.each([
    ['none', []],
    ['last', [65]],
    ['all', [95, 85, 75, 65]],
  ] as const)('are caught up as "%s" says', async (catch_up, ages) => {
    await openChange(catch_up);
    await timePasses(world.db, 60);
    await look();
    const invoked = world.runs.events.map(({ scheduled_time }) => scheduled_time);
    expect(invoked.sort()).toEqual(iso(...ages.map(minutesAgo)));
  });
});

test('a due time that the schedule had before a change and has after it is expected once', async () => {
  await models.insert(1, { cron_expression: hourlyAt(5), flexible_window_minutes: 30 }, minutesAgo(20));
  await look();
  await models.patch(1, { cron_expression: hourlyAt(25, 5) });
  await models.patch(1, { cron_expression: hourlyAt(15, 5) });
  await timePasses(world.db, 60);
  await look();
  const { items } = await models.missed(1);
  expect(new Set(items).size).toBe(items.length);
  expect(items.filter((item) => item === minutesAgo(65).toISOString())).toHaveLength(1);
});
