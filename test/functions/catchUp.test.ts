import { deleteSchedule } from '../../functions/deleteSchedule';
import { watch } from '../../functions/watch';
import { Unavailable } from '../../lib/runtime/failures';
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

/** What watch has invoked since this was asked last. */
const invoked = () => world.runs.events.splice(0);

const event = (n: number, due: Date) => ({ model_id: modelNamed(n), scheduled_time: due.toISOString() });

const everyTenMinutes = () => hourlyAt(25, 15, 5);

test('of the due times that were missed, "none" invokes none, "last" the newest and "all" each', async () => {
  const cron_expression = everyTenMinutes();
  await models.insert(1, { cron_expression, catch_up: 'none' }, minutesAgo(26));
  await models.insert(2, { cron_expression, catch_up: 'last' }, minutesAgo(26));
  await models.insert(3, { cron_expression, catch_up: 'all' }, minutesAgo(26));
  expect(await look()).toEqual({ missed: 9, invoked: 4, revised: 0 });
  expect(invoked()).toHaveLength(4);
  expect(world.runs.events).toEqual([]);
  for (const n of [1, 2, 3]) expect((await models.missed(n)).items).toHaveLength(3);
});

test('the newest missed due time is the one that "last" invokes, and "all" invokes the last hundred of a long downtime', async () => {
  await models.insert(1, { cron_expression: everyTenMinutes() }, minutesAgo(26));
  await look();
  expect(invoked()).toEqual([event(1, minutesAgo(5))]);
  await models.insert(2, { cron_expression: '* * * * *', catch_up: 'all' }, minutesAgo(1000));
  expect(await look()).toEqual({ missed: 100, invoked: 100, revised: 0 });
});

test('what was invoked is invoked again after ten minutes while it is still missed', async () => {
  const hourlyIn = (minutes: number) => hourlyAt(5 - minutes);
  await models.insert(1, { cron_expression: hourlyIn(0) }, minutesAgo(20));
  await look();
  expect(invoked()).toHaveLength(1);
  await timePasses(world.db, 9);
  await look();
  expect(invoked()).toEqual([]);
  await timePasses(world.db, 1);
  await look();
  expect(invoked()).toEqual([event(1, minutesAgo(15))]);
});

test('what came late is not invoked again', async () => {
  await models.insert(1, { cron_expression: hourlyAt(5), catch_up: 'all' }, minutesAgo(20));
  await look();
  expect(invoked()).toEqual([event(1, minutesAgo(5))]);
  await models.run(1, minutesAgo(5));
  await timePasses(world.db, 30);
  await look();
  expect(invoked()).toEqual([]);
});

test('after a day a missed due time is left alone', async () => {
  await models.insert(1, { cron_expression: '0 0 29 2 *', catch_up: 'all' }, minutesAgo(20));
  await world.db.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at, catch_up_at)
      SELECT $1, due, 'schedule', 'missed', due, due, now() FROM unnest($2::timestamptz[]) AS due`,
    [modelNamed(1), [minutesAgo(24 * 60 + 2), minutesAgo(24 * 60 - 2)]],
  );
  await look();
  expect(invoked()).toEqual([event(1, minutesAgo(24 * 60 - 2))]);
  expect((await models.missed(1)).items).toHaveLength(2);
  await timePasses(world.db, 3 * 24 * 60);
  await look();
  expect(invoked()).toEqual([]);
});

test('however many are left alone, one that is wanted is invoked in the same look', async () => {
  const cron_expression = '0 0 29 2 *';
  await models.insert(1, { cron_expression, catch_up: 'none' }, minutesAgo(20));
  await models.insert(2, { cron_expression, catch_up: 'all' }, minutesAgo(20));
  const insert = (n: number, count: number, sinceMinutes: number) =>
    world.db.query(
      `INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at, catch_up_at)
        SELECT $1, due, 'schedule', 'missed', due, due, now() - $3::int * interval '1 minute'
        FROM generate_series(1, $2::int) AS n, LATERAL (SELECT $4::timestamptz - n * interval '1 second') AS run (due)`,
      [modelNamed(n), count, sinceMinutes, minutesAgo(5)],
    );
  await insert(1, 2500, 2);
  await insert(2, 1, 1);
  await look();
  expect(invoked()).toHaveLength(1);
});

test('with "last" a missed due time is not invoked again once a newer one is missed', async () => {
  await models.insert(1, { cron_expression: hourlyAt(5) }, minutesAgo(20));
  await look();
  expect(invoked()).toEqual([event(1, minutesAgo(5))]);
  await timePasses(world.db, 60);
  await look();
  expect(invoked()).toEqual([event(1, minutesAgo(5))]);
  await timePasses(world.db, 120);
  await look();
  expect(invoked()).toEqual([event(1, minutesAgo(5))]);
});

test('with "last" nothing is invoked whose model has run since', async () => {
  await models.insert(1, { cron_expression: '* * * * *' }, minutesAgo(10));
  await models.run(1, minutesAgo(3));
  await world.db.query('UPDATE model_states SET next_due = $1, expected_by = now()', [minutesAgo(9)]);
  await look();
  expect(
    invoked().filter(({ scheduled_time }) => new Date(scheduled_time as string) < minutesAgo(3)),
  ).toEqual([]);
});

test('the policy at the moment of the look counts', async () => {
  await models.insert(1, { cron_expression: hourlyAt(5) }, minutesAgo(20));
  await look();
  expect(invoked()).toHaveLength(1);
  await models.patch(1, { catch_up: 'none' });
  await timePasses(world.db, 60);
  await look();
  expect(invoked()).toEqual([]);
});

test('a model that was deleted is not invoked', async () => {
  await models.insert(1, { cron_expression: hourlyAt(5) }, minutesAgo(20));
  await look();
  invoked();
  await deleteSchedule(world)({ model_id: modelNamed(1) });
  await timePasses(world.db, 60);
  expect(await look()).toEqual({ missed: 0, invoked: 0, revised: 0 });
  expect(invoked()).toEqual([]);
});

describe('a Lambda that does not take an invoke', () => {
  const refuse = (isRefused: (modelId: unknown) => boolean) => ({
    ...world.runs,
    invokeLater: async (event: object) => {
      if (isRefused((event as { model_id: string }).model_id))
        throw new Unavailable('Lambda', new Error('throttled'));
      await world.runs.invokeLater(event);
    },
  });

  test('holds up no other due time', async () => {
    for (const n of [1, 2, 3, 4]) await models.insert(n, { cron_expression: hourlyAt(5) }, minutesAgo(20));
    await watch({ ...world, runs: refuse((id) => id === modelNamed(2)) })().catch(() => {});
    expect(
      invoked()
        .map(({ model_id }) => model_id)
        .sort(),
    ).toEqual([1, 3, 4].map(modelNamed));
  });

  test('is asked again at the next look', async () => {
    await models.insert(1, { cron_expression: hourlyAt(5) }, minutesAgo(20));
    await watch({ ...world, runs: refuse(() => true) })().catch(() => {});
    await timePasses(world.db, 1);
    await look();
    expect(invoked()).toEqual([event(1, minutesAgo(6))]);
  });
});
