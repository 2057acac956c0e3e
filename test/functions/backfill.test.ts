import { backfill } from '../../functions/backfill';
import { cancelBackfill } from '../../functions/cancelBackfill';
import { computeAccuracy } from '../../functions/computeAccuracy';
import { getBackfill } from '../../functions/getBackfill';
import { runBackfills } from '../../lib/runs/backfill';
import { modelsOf } from '../setup/models';
import { minutesAgo } from '../setup/time';
import { modelNamed, openWorld, type World } from '../setup/world';

let world: World;
let models: ReturnType<typeof modelsOf>;
beforeAll(async () => {
  world = await openWorld();
  models = modelsOf(world);
});
afterAll(() => world.close());

let n = 0;
let model_id: string;
beforeEach(async () => {
  model_id = modelNamed(++n);
  await models.post(n, { cron_expression: '*/10 * * * *' });
});

const tenMinutes = (ago: number) => new Date(Math.floor(Date.now() / 600_000 - ago) * 600_000);
const start = (from: Date, to: Date) => backfill({ db: world.db, keepDays: 90 })({ model_id, from, to });
const progress = async () => (await getBackfill(world)({ model_id })).body;

/** As Lambda does, which invokes computeAccuracy and waits. */
const runs = {
  invoke: async (event: object) => {
    const { scheduled_time, ...more } = event as { scheduled_time: string };
    return computeAccuracy(world)({ ...more, scheduled_time: new Date(scheduled_time) } as never);
  },
};
const soon = () => new Date(Date.now() + 60_000);
const addRow = (yPred: string, timestamp: Date) =>
  world.db.query(
    `INSERT INTO results (model_id, y_true, y_pred, "timestamp") VALUES ($1, '[1,1,1,1]', $2, $3)`,
    [model_id, yPred, timestamp],
  );

test('each due time gets a run with the data of its time, and the newest result stays', async () => {
  await addRow('[1,0,0,0]', tenMinutes(30));
  await addRow('[1,1,0,0]', tenMinutes(20));
  await addRow('[1,1,1,1]', tenMinutes(1));
  await models.run(n, tenMinutes(0));
  const { status, body } = await start(tenMinutes(31), tenMinutes(18));
  expect([status, body]).toMatchObject([202, { state: 'running', total: 14, done: 0 }]);
  expect(await runBackfills({ db: world.db, runs }, soon())).toBe(14);
  expect(await progress()).toMatchObject({ state: 'done', total: 14, done: 14, failed: 0 });
  const history = await models.history(n);
  expect(history.slice(1).map(({ trigger, status, accuracy }) => [trigger, status, accuracy])).toEqual([
    ...Array(3).fill(['backfill', 'ok', 0.5]),
    ...Array(10).fill(['backfill', 'ok', 0.25]),
    ['backfill', 'no_data', null],
  ]);
  expect(await models.result(n)).toMatchObject({ accuracy: 1, scheduled_time: tenMinutes(0).toISOString() });
});

test('the same again does no harm: a due time that has a run keeps it', async () => {
  await addRow('[1,1,0,0]', tenMinutes(40));
  await models.run(n, tenMinutes(3));
  await start(tenMinutes(5), tenMinutes(1));
  expect(await start(tenMinutes(5), tenMinutes(1))).toMatchObject({ body: { total: 5, done: 1 } });
  await runBackfills({ db: world.db, runs }, soon());
  const before = await models.history(n);
  expect(before.map(({ trigger }) => trigger)).toEqual([
    'backfill',
    'backfill',
    'schedule',
    'backfill',
    'backfill',
  ]);
  expect(await start(tenMinutes(5), tenMinutes(1))).toMatchObject({ body: { state: 'done', done: 5 } });
  expect(await runBackfills({ db: world.db, runs }, soon())).toBe(0);
  expect(await models.history(n)).toEqual(before);
});

test('a missed due time is run, and the model stays overdue for the schedule to end', async () => {
  await addRow('[1,1,0,0]', tenMinutes(40));
  const missed = tenMinutes(2);
  await world.db.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at)
      VALUES ($1, $2, 'schedule', 'missed', $2, $2)`,
    [model_id, missed],
  );
  await world.db.query('UPDATE model_states SET missed_at = $2 WHERE model_id = $1', [model_id, missed]);
  await start(missed, missed);
  await runBackfills({ db: world.db, runs }, soon());
  expect(await models.history(n)).toMatchObject([{ trigger: 'backfill', status: 'ok' }]);
  const [state] = await world.db.query('SELECT missed_at FROM model_states WHERE model_id = $1', [model_id]);
  expect(state).toEqual({ missed_at: missed });
});

test('what is left can be cancelled, and another range then begun', async () => {
  await start(tenMinutes(20), tenMinutes(1));
  await expect(start(tenMinutes(30), tenMinutes(1))).rejects.toMatchObject({ status: 409 });
  expect(await runBackfills({ db: world.db, runs }, new Date(0))).toBe(0);
  expect((await cancelBackfill(world)({ model_id })).body).toMatchObject({
    state: 'cancelled',
    total: 20,
    done: 0,
  });
  expect(await runBackfills({ db: world.db, runs }, soon())).toBe(0);
  expect((await cancelBackfill(world)({ model_id })).body).toMatchObject({ state: 'cancelled', total: 20 });
  expect((await start(tenMinutes(2), tenMinutes(1))).body).toMatchObject({ state: 'running', total: 2 });
  await runBackfills({ db: world.db, runs }, soon());
});

test('a run that fails is tried five times, a minute apart, and then told; the others go on', async () => {
  await start(tenMinutes(2), tenMinutes(1));
  const bad = tenMinutes(1).toISOString();
  const failing = {
    invoke: async (event: object) => {
      if ((event as { scheduled_time: string }).scheduled_time === bad) throw new Error('out of memory');
      return runs.invoke(event);
    },
  };
  expect(await runBackfills({ db: world.db, runs: failing }, soon())).toBe(1);
  expect(await runBackfills({ db: world.db, runs: failing }, soon())).toBe(0); // not yet
  for (let attempt = 2; attempt <= 5; attempt++) {
    expect(await progress()).toMatchObject({ state: 'running', done: 1, failed: 0 });
    await world.db.query('UPDATE due_backfills SET take_at = now() WHERE model_id = $1', [model_id]);
    await runBackfills({ db: world.db, runs: failing }, soon());
  }
  expect(await progress()).toMatchObject({ state: 'done', done: 1, failed: 1, error: 'out of memory' });
  await start(tenMinutes(2), tenMinutes(1));
  expect(await progress()).toMatchObject({ state: 'running', done: 1, failed: 0, error: null });
  expect(await runBackfills({ db: world.db, runs }, soon())).toBe(1);
});

test('what a killed watch had taken is taken again after five minutes', async () => {
  await start(tenMinutes(1), tenMinutes(1));
  const never = { invoke: () => new Promise<never>(() => {}) };
  void runBackfills({ db: world.db, runs: never }, soon());
  const leased = 'SELECT FROM due_backfills WHERE model_id = $1 AND attempts = 1 AND take_at > now()';
  while ((await world.db.query(leased, [model_id])).length === 0);
  expect(await runBackfills({ db: world.db, runs }, soon())).toBe(0);
  await world.db.query(
    `UPDATE due_backfills SET take_at = take_at - interval '5 minutes' WHERE model_id = $1`,
    [model_id],
  );
  expect(await runBackfills({ db: world.db, runs }, soon())).toBe(1);
});

test.each([
  [tenMinutes(1), tenMinutes(2), 'before', 'no due time that has passed lies between'],
  [minutesAgo(91 * 24 * 60), minutesAgo(90 * 24 * 60), 'old', 'must be within the last 90 days'],
])('from %j to %j is refused (%s)', async (from, to, _, message) => {
  await expect(start(from, to)).rejects.toMatchObject({
    status: 400,
    errors: [{ path: 'from', message: expect.stringContaining(message) }],
  });
});

test('what may still run in time is left to that, also in a range that ends later', async () => {
  await models.patch(n, { cron_expression: '* * * * *' });
  const inFourMinutes = new Date(Date.now() + 4 * 60_000);
  await start(minutesAgo(5), inFourMinutes);
  while ((await runBackfills({ db: world.db, runs }, soon())) > 0);
  const [newest] = await models.history(n);
  expect(Date.parse(newest?.scheduled_time ?? '')).toBeLessThanOrEqual(Date.now() - 2 * 60_000);
  await expect(start(new Date(), inFourMinutes)).rejects.toMatchObject({ status: 400 });
});

test('more than 10,000 due times are refused, and it says where to begin', async () => {
  await models.patch(n, { cron_expression: '* * * * *' });
  const to = minutesAgo(10);
  await expect(start(minutesAgo(10_010), to)).rejects.toMatchObject({
    errors: [{ message: expect.stringContaining(minutesAgo(10_009).toISOString()) }],
  });
  expect(await start(minutesAgo(10_009), to)).toMatchObject({ body: { total: 10_000 } });
  await cancelBackfill(world)({ model_id });
});

test('a model without a schedule has none, and one without a backfill has no progress', async () => {
  model_id = modelNamed(99);
  await expect(start(tenMinutes(2), tenMinutes(1))).rejects.toMatchObject({ status: 404 });
  await expect(progress()).rejects.toMatchObject({ status: 404 });
  await expect(cancelBackfill(world)({ model_id })).rejects.toMatchObject({ status: 404 });
});
