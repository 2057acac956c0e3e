import { Client } from 'pg';
import { listMissed } from '../../functions/listMissed';
import { overview } from '../../functions/overview';
import { route } from '../../lib/http/routes/overview';
import { openStores, type Stores } from '../setup/stores';
import { fleetModel, insertFleet, kindOf } from './fleet';

const models = 120;
let stores: Stores;
let client: Client;

beforeAll(async () => {
  stores = await openStores();
  client = new Client({ connectionString: stores.databaseUrl });
  await client.connect();
  await insertFleet(client, { models, runsEach: 40 });
});
afterAll(async () => {
  await client.end();
  await stores.close();
});

const ask = async (query: Record<string, string> = {}) =>
  (await overview(stores)(route.query.parse(query))).body;

const all = async (query: Record<string, string>) => [
  ...(await ask({ ...query, limit: '100' })).items,
  ...(await ask({ ...query, limit: '100', offset: '100' })).items,
];

test('each model has the status of its kind, and each status its count', async () => {
  const { counts } = await ask({ limit: '1' });
  expect(counts).toEqual({ invalid_data: 6, stale: 6, no_data: 3, pending: 3, ok: 96, paused: 6 });
  const byModel = new Map((await all({})).map((model) => [model.model_id, model]));
  for (let n = 0; n < models; n++) expect([n, byModel.get(fleetModel(n))?.status]).toEqual([n, kindOf(n)]);
});

test.each([
  ['accuracy', 'accuracy'],
  ['change', 'change'],
  ['last_run', 'scheduled_time'],
  ['next_run', 'next_run_at'],
  ['model_id', 'model_id'],
] as const)('sorted by %s over all pages, both ways, nulls last', async (sort, key) => {
  for (const order of ['asc', 'desc']) {
    const values = (await all({ sort, order })).map((model) => model[key]);
    const known = values.filter((value) => value !== null);
    const sorted = [...known].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0) * (order === 'asc' ? 1 : -1));
    expect(values).toEqual([...sorted, ...Array(models - known.length).fill(null)]);
  }
});

test('a status and a part of the model_id choose among all, and the total says how many', async () => {
  const stale = await ask({ status: 'stale', limit: '2' });
  expect([stale.total, stale.items.length]).toEqual([6, 2]);
  const found = await ask({ q: fleetModel(99).slice(2, 14).toUpperCase() });
  expect(found.items.map(({ model_id }) => model_id)).toEqual([fleetModel(99)]);
  expect(found.counts.ok).toBe(1);
  expect((await ask({ offset: '1000' })).items).toEqual([]);
});

test('the change is against the run before, and recent has the last thirty, oldest first', async () => {
  const [model] = (await ask({ q: fleetModel(8) })).items;
  const { rows } = await client.query(
    'SELECT accuracy FROM runs WHERE model_id = $1 ORDER BY scheduled_time DESC LIMIT 30',
    [fleetModel(8)],
  );
  const [newest, before] = rows;
  expect(model?.accuracy).toBe(newest.accuracy);
  expect(model?.change).toBe(newest.accuracy - before.accuracy);
  expect(model?.recent).toEqual(
    rows.reverse().map(({ accuracy }) => (accuracy === null ? null : expect.closeTo(accuracy, 3))),
  );
});

test('a status follows the run at once, not the next minute', async () => {
  const ask = overview(stores);
  const status = async () => (await ask(route.query.parse({ q: fleetModel(1) }))).body.items[0]?.status;
  expect(await status()).toBe('stale');
  await client.query(
    `INSERT INTO runs VALUES ($1, date_trunc('milliseconds', now()), 'manual', 'no_data', NULL, NULL, NULL, NULL, NULL, now(), now())`,
    [fleetModel(1)],
  );
  expect(await status()).toBe('no_data');
});

test.each([
  ['sort', 'name'],
  ['status', 'good'],
  ['q', 'model x'],
  ['offset', '-1'],
  ['limit', '101'],
])('%s=%s is refused', (name, value) => {
  expect(route.query.safeParse({ [name]: value }).success).toBe(false);
});

describe('missed due times', () => {
  const model = '00000000-0000-4000-8000-000000000001';
  const minutesAgo = (minutes: number) => {
    const minute = Math.floor(Date.now() / 60_000) - minutes;
    return new Date(minute * 60_000);
  };
  beforeAll(async () => {
    await client.query(
      `INSERT INTO metrics_executions (model_id, cron_expression, created_at, updated_at) VALUES ($1, '* * * * *', $2, $2)`,
      [model, minutesAgo(10)],
    );
    for (const minutes of [10, 9, 6, 5]) {
      await client.query(
        `INSERT INTO runs VALUES ($1, $2, 'schedule', 'no_data', NULL, NULL, NULL, NULL, NULL, now(), now())`,
        [model, minutesAgo(minutes)],
      );
    }
  });
  const missed = async (input: { after?: Date; limit?: number } = {}) =>
    (await listMissed(stores)({ model_id: model, limit: 100, after: undefined, ...input })).body.items;
  const iso = (minutes: number) => minutesAgo(minutes).toISOString();

  test('are those without a run since the schedule was changed, older than two minutes, newest first', async () => {
    const found = await missed();
    expect(found.slice(-4)).toEqual([iso(4), iso(3), iso(8), iso(7)].sort().reverse());
    expect(found.length).toBeLessThanOrEqual(5);
  });

  test('after a time, and no more than asked for', async () => {
    expect(await missed({ after: minutesAgo(8) })).not.toContain(iso(8));
    expect(await missed({ limit: 1 })).toHaveLength(1);
  });

  test('within a window are not yet missed', async () => {
    const all = await missed();
    await client.query('UPDATE metrics_executions SET flexible_window_minutes = 4 WHERE model_id = $1', [
      model,
    ]);
    expect(await missed()).toEqual(all.slice(-2));
  });

  test('a paused schedule has none, and a model without one is not found', async () => {
    await client.query('UPDATE metrics_executions SET enabled = false WHERE model_id = $1', [model]);
    expect(await missed()).toEqual([]);
    await client.query('DELETE FROM metrics_executions WHERE model_id = $1', [model]);
    await expect(missed()).rejects.toMatchObject({ status: 404 });
  });
});
