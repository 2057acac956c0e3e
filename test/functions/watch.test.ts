import { listMissed } from '../../functions/listMissed';
import { overview } from '../../functions/overview';
import { watch } from '../../functions/watch';
import { countDues, parseCron } from '../../lib/schedule/cron/cron';
import type { Settings } from '../../lib/schedule/schedule';
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

test('a due time without a run is recorded as missed once: told by the history, the list and the overview alike', async () => {
  await models.insert(1, { cron_expression: hourlyAt(10, 5) }, minutesAgo(20));
  expect(await look()).toMatchObject({ missed: 2 });
  expect(await look()).toEqual({ missed: 0, invoked: 0, revised: 0 });
  expect(await models.missed(1)).toEqual({ items: iso(minutesAgo(5), minutesAgo(10)), unlisted: 0 });
  expect(await models.history(1)).toMatchObject([
    { status: 'missed', scheduled_time: minutesAgo(5).toISOString(), accuracy: null, trigger: 'schedule' },
    { status: 'missed', scheduled_time: minutesAgo(10).toISOString(), accuracy: null, trigger: 'schedule' },
  ]);
  const page = await overview(world)({ limit: 10, offset: 0, sort: 'status', order: 'asc' });
  expect(page.body).toMatchObject({ items: [{ status: 'stale' }], counts: { stale: 1 } });
  expect(await models.result(1)).toMatchObject({ status: 'pending', stale: true });
});

test('a due time is missed two minutes after its window', async () => {
  const settings = { cron_expression: hourlyAt(6) };
  await models.insert(1, { ...settings, flexible_window_minutes: 2 }, minutesAgo(20));
  await models.insert(2, { ...settings, flexible_window_minutes: 7 }, minutesAgo(20));
  expect(await look()).toMatchObject({ missed: 1 });
  expect((await models.missed(1)).items).toEqual(iso(minutesAgo(6)));
  expect((await models.history(1))[0]?.computed_at).toBe(minutesAgo(2).toISOString());
});

test('a run that comes late takes the place of its missed row', async () => {
  await models.insert(1, { cron_expression: hourlyAt(10, 5) }, minutesAgo(20));
  await look();
  await models.run(1, minutesAgo(10));
  expect(await models.missed(1)).toMatchObject({ items: iso(minutesAgo(5)) });
  expect(await models.result(1)).toMatchObject({ stale: true });
  await models.run(1, minutesAgo(5));
  expect(await models.missed(1)).toEqual({ items: [], unlisted: 0 });
  expect(await models.history(1)).toMatchObject([{ status: 'no_data' }, { status: 'no_data' }]);
  expect(await models.result(1)).toMatchObject({ stale: false });
});

test('a run by hand hides no missed due time', async () => {
  await models.insert(1, { cron_expression: hourlyAt(10, 5) }, minutesAgo(20));
  await models.run(1, minutesAgo(7), 'manual');
  await look();
  await models.run(1, minutesAgo(0), 'manual');
  expect(await models.missed(1)).toMatchObject({ items: iso(minutesAgo(5), minutesAgo(10)) });
  expect(await models.result(1)).toMatchObject({ status: 'no_data', stale: true });
});

test('a due time that was passed over while a later one ran is missed, but the model is not stale', async () => {
  await models.insert(1, { cron_expression: '* * * * *' }, minutesAgo(10));
  await world.db.query('UPDATE model_states SET next_due = $1', [minutesAgo(9)]);
  await models.run(1, minutesAgo(0));
  await look();
  expect((await models.missed(1)).items).toContain(minutesAgo(9).toISOString());
  expect(await models.result(1)).toMatchObject({ stale: false });
});

test('due times whose runs came in another order, and all in time, make nobody stale before watch looks', async () => {
  await models.post(1, { cron_expression: '* * * * *' });
  const first = (await models.state(1)).next_due as Date;
  const due = (n: number, passed: number) => new Date(first.getTime() + (n - passed) * 60_000);
  await timePasses(world.db, 3);
  for (const n of [1, 0]) await models.run(1, due(n, 3));
  await timePasses(world.db, 1);
  await models.run(1, due(3, 4));
  await models.run(1, due(2, 4));
  await timePasses(world.db, 1);
  await models.run(1, due(4, 5));
  expect(await models.result(1)).toMatchObject({ stale: false });
});

test('pausing records none for the paused time', async () => {
  await models.post(1, { cron_expression: '* * * * *' });
  await models.patch(1, { enabled: false });
  await timePasses(world.db, 10);
  await look();
  await models.patch(1, { enabled: true });
  await timePasses(world.db, 4);
  await look();
  const { items } = await models.missed(1);
  expect(items.length).toBeGreaterThanOrEqual(1);
  expect(items.every((item) => new Date(item) > minutesAgo(5))).toBe(true);
});

test('a paused schedule is not stale, and what it missed before stays listed', async () => {
  await models.insert(1, { cron_expression: hourlyAt(10) }, minutesAgo(20));
  await look();
  await models.patch(1, { enabled: false });
  expect(await models.result(1)).toMatchObject({ stale: false });
  expect((await models.missed(1)).items).toEqual(iso(minutesAgo(10)));
});

test('years of downtime end in a hundred rows, and in how many more there were, exactly', async () => {
  const since = minutesAgo(3 * 365 * 24 * 60);
  const cron_expression = hourlyAt(30, 20, 10);
  await models.insert(1, { cron_expression, timezone: 'America/New_York' }, since);
  expect(await look()).toMatchObject({ missed: 100 });
  const all = countDues(parseCron(cron_expression), 'America/New_York', since, minutesAgo(5));
  const { items, unlisted } = await models.missed(1);
  expect([items.length, unlisted]).toEqual([100, all - 100]);
  expect((await models.history(1)).at(-1)).toMatchObject({ status: 'missed', missed_before: unlisted });
});

test('what a long downtime missed is counted once, also when watch looks again', async () => {
  const cron_expression = hourlyAt(30, 20, 10);
  await models.insert(1, { cron_expression }, minutesAgo(400 * 60));
  await look();
  await timePasses(world.db, 200 * 60);
  await look();
  const all = countDues(parseCron(cron_expression), 'UTC', minutesAgo(600 * 60), minutesAgo(5));
  const { items, unlisted } = await models.missed(1);
  expect([items.length, unlisted]).toEqual([200, all - 200]);
});

test('a due time that was listed as missed and ran late is one fewer, and what came before it stays counted', async () => {
  await models.insert(1, { cron_expression: '* * * * *' }, minutesAgo(200));
  await look();
  const before = await models.missed(1);
  await models.run(1, new Date(before.items.at(-1) as string));
  const after = await models.missed(1);
  expect([after.items.length, after.unlisted]).toEqual([99, before.unlisted]);
});

test('only due times after a moment, and no more than asked for, are listed', async () => {
  await models.insert(1, { cron_expression: hourlyAt(15, 10, 5) }, minutesAgo(16));
  await look();
  const list = async (limit: number, after?: Date) =>
    (await listMissed(world)({ model_id: modelNamed(1), limit, after })).body.items;
  expect(await list(10, minutesAgo(10))).toEqual(iso(minutesAgo(5)));
  expect(await list(1)).toEqual(iso(minutesAgo(5)));
  await expect(
    listMissed(world)({ model_id: modelNamed(2), limit: 1, after: undefined }),
  ).rejects.toMatchObject({
    status: 404,
  });
});

test('a schedule that nobody can read is stale and holds up no other', async () => {
  await models.insert(1, { cron_expression: 'often' }, minutesAgo(20));
  await models.insert(2, { timezone: 'Mars/Base' }, minutesAgo(20));
  await models.insert(3, { cron_expression: hourlyAt(5) }, minutesAgo(20));
  expect(await look()).toEqual({ missed: 1, invoked: 1, revised: 0 });
  for (const n of [1, 2, 3]) expect(await models.result(n)).toMatchObject({ stale: true });
  expect(await models.missed(1)).toEqual({ items: [], unlisted: 0 });
  expect(await look()).toEqual({ missed: 0, invoked: 0, revised: 0 });
  await models.patch(1, { cron_expression: '0 0 1 1 *' });
  await models.run(1, minutesAgo(0));
  expect(await models.result(1)).toMatchObject({ stale: false });
});

test('a change by SQL is planned by watch, and a pause by SQL ends what is expected', async () => {
  await models.post(1, { cron_expression: '0 0 1 1 *' });
  await models.post(2, { cron_expression: '* * * * *' });
  await world.db.query('UPDATE metrics_executions SET cron_expression = $2 WHERE model_id = $1', [
    modelNamed(1),
    '* * * * *',
  ]);
  await world.db.query('UPDATE metrics_executions SET enabled = false WHERE model_id = $1', [modelNamed(2)]);
  await look();
  await timePasses(world.db, 4);
  await look();
  expect((await models.missed(1)).items.length).toBeGreaterThanOrEqual(1);
  expect((await models.missed(2)).items).toEqual([]);
});

test('looks at the same time record and invoke each due time once', async () => {
  await world.db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, created_at, updated_at)
      SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, $2, $2 FROM generate_series(1, 1800) AS n`,
    [hourlyAt(10, 5), minutesAgo(20)],
  );
  const looks = await Promise.all(Array.from({ length: 4 }, look));
  expect(looks.reduce((sum, { missed }) => sum + missed, 0)).toBe(3600);
  expect(looks.reduce((sum, { invoked }) => sum + invoked, 0)).toBe(1800);
  const invoked = world.runs.events.map(({ model_id, scheduled_time }) => `${model_id} ${scheduled_time}`);
  expect(new Set(invoked).size).toBe(1800);
  expect(invoked).toHaveLength(1800);
});

describe('one run is lost, those after it come, and watch is away meanwhile', () => {
  const lostThenRuns = async (catch_up: Settings['catch_up'], runsAfter: number) => {
    await models.insert(1, { cron_expression: '* * * * *', catch_up }, minutesAgo(runsAfter + 4));
    await world.db.query('UPDATE model_states SET next_due = $1', [minutesAgo(runsAfter + 3)]);
    await world.db.query(
      `INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at)
       SELECT $1, time, 'schedule', 'no_data', time, time FROM generate_series($2::timestamptz, $3, '1 minute') AS time`,
      [modelNamed(1), minutesAgo(runsAfter + 2), minutesAgo(0)],
    );
  };

  test('more than a hundred runs came: it is listed, and nothing else counts as missed', async () => {
    await lostThenRuns('none', 250);
    expect(await look()).toEqual({ missed: 1, invoked: 0, revised: 0 });
    expect(await models.missed(1)).toEqual({ items: iso(minutesAgo(253)), unlisted: 0 });
  });

  test('runs came before and after a long downtime: what is listed and what is counted add up', async () => {
    await models.insert(1, { cron_expression: '* * * * *', catch_up: 'none' }, minutesAgo(400));
    await world.db.query('UPDATE model_states SET next_due = $1', [minutesAgo(400)]);
    for (const at of [399, 398, 397, 50, 49, 3]) {
      await world.db.query(
        `INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at)
         VALUES ($1, $2, 'schedule', 'no_data', $2, $2)`,
        [modelNamed(1), minutesAgo(at)],
      );
    }
    const first = minutesAgo(400).getTime();
    expect(await look()).toMatchObject({ missed: 100 });
    const { items, unlisted } = await models.missed(1);
    const last = new Date(items[0] as string).getTime();
    expect(items).toHaveLength(100);
    expect(items.length + (unlisted ?? 0)).toBe((last - first) / 60_000 + 1 - 6);
  });

  test('"last" invokes it, whether or not a later one ran', async () => {
    await lostThenRuns('last', 5);
    expect(await look()).toEqual({ missed: 1, invoked: 1, revised: 0 });
    expect(world.runs.events).toEqual([
      { model_id: modelNamed(1), scheduled_time: minutesAgo(8).toISOString() },
    ]);
  });
});
