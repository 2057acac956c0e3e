import { watch } from '../../functions/watch';
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
beforeEach(async () => {
  await world.db.query(
    'TRUNCATE metrics_executions, model_states, runs, results, alerts, alert_notifications CASCADE',
  );
});

const addRow = (minutes: number) =>
  world.db.query(
    `INSERT INTO results (model_id, y_true, y_pred, "timestamp") VALUES ($1, '[1]', '[1]', $2)`,
    [modelNamed(1), minutesAgo(minutes)],
  );
const told = async () =>
  (
    await world.db.query<{ told: string }>(
      `SELECT rule || ' ' || kind AS told FROM alert_notifications ORDER BY id`,
    )
  ).map(({ told }) => told);
const yearly = { cron_expression: '0 0 1 1 *' };

test('data older than max_data_age_minutes is stale in the result and the alerts, and data that came in time is not', async () => {
  await models.post(1, { ...yearly, max_data_age_minutes: 60 });
  await addRow(90);
  await models.run(1, minutesAgo(20));
  expect(await models.result(1)).toMatchObject({
    status: 'ok',
    data_stale: true,
    alerts: [{ rule: 'stale_data', severity: 'warning' }],
  });
  await addRow(30);
  await models.run(1, minutesAgo(10));
  expect(await models.result(1)).toMatchObject({ data_stale: false, alerts: [] });
  expect(await told()).toEqual(['stale_data firing', 'stale_data resolved']);
});

test('data becomes stale without a run: watch finds it, once', async () => {
  await models.post(1, { ...yearly, max_data_age_minutes: 60 });
  await addRow(30);
  await models.run(1, minutesAgo(20));
  expect(await told()).toEqual([]);
  await world.db.query(`UPDATE model_states SET data_timestamp = now() - interval '55 minutes'`);
  await watch(world)();
  expect(await told()).toEqual([]);
  await world.db.query(
    `UPDATE model_states SET data_timestamp = now() - interval '60 minutes' + interval '50 milliseconds'`,
  );
  while (!(await models.result(1)).data_stale) await new Promise(setImmediate);
  expect(await told()).toEqual([]);
  await Promise.all([watch(world)(), watch(world)()]);
  await watch(world)();
  expect(await told()).toEqual(['stale_data firing']);
});

test('a change of max_data_age_minutes counts at once; a paused model has no stale data', async () => {
  await models.post(1, yearly);
  await addRow(90);
  await models.run(1, minutesAgo(20));
  expect(await models.result(1)).toMatchObject({ data_stale: false });
  await models.patch(1, { max_data_age_minutes: 60 });
  expect(await told()).toEqual(['stale_data firing']);
  await models.patch(1, { enabled: false });
  expect(await models.result(1)).toMatchObject({ data_stale: false, alerts: [] });
  await models.patch(1, { enabled: true });
  await models.patch(1, { max_data_age_minutes: null });
  expect(await told()).toEqual(Array(2).fill(['stale_data firing', 'stale_data resolved']).flat());
});

test('runs over the same sample row say since when they do', async () => {
  await models.post(1, yearly);
  await addRow(90);
  for (const minutes of [30, 20, 10]) {
    await models.run(1, minutesAgo(minutes));
    const since = minutes === 30 ? null : minutesAgo(30).toISOString();
    expect(await models.result(1)).toMatchObject({ same_data_since: since });
  }
  await models.run(1, minutesAgo(25)); // late
  expect(await models.result(1)).toMatchObject({ same_data_since: minutesAgo(30).toISOString() });
  await addRow(1);
  await models.run(1, minutesAgo(5));
  expect(await models.result(1)).toMatchObject({ same_data_since: null });
});
