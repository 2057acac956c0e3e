import { Client } from 'pg';
import { computeAccuracy } from '../../functions/computeAccuracy';
import { overview } from '../../functions/overview';
import { route } from '../../lib/http/routes/overview';
import { fleetModel, insertFleet, kindOf } from '../dashboard/fleet';
import { openStores, type Stores } from '../setup/stores';
import { minutesAgo } from '../setup/time';
import { modelNamed } from '../setup/world';

const models = 120;
let stores: Stores;
let client: Client;

beforeAll(async () => {
  stores = await openStores();
  client = new Client({ connectionString: stores.databaseUrl });
  await client.connect();
  await insertFleet(client, stores.databaseUrl, { models, runsEach: 40 });
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
  expect(counts).toEqual({
    invalid_data: 6,
    stale: 6,
    insufficient_data: 0,
    no_data: 3,
    pending: 3,
    ok: 96,
    paused: 6,
  });
  const byModel = new Map((await all({})).map((model) => [model.model_id, model]));
  for (let n = 0; n < models; n++) expect([n, byModel.get(fleetModel(n))?.status]).toEqual([n, kindOf(n)]);
});

test.each([
  ['value', 'value'],
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

test('each page from the first to the last has models that no other page has', async () => {
  for (const query of [{}, { sort: 'change' }, { sort: 'value', order: 'desc', status: 'ok' }]) {
    const { total } = await ask({ ...query, limit: '1' });
    const seen: string[] = [];
    for (let offset = 0; offset < total; offset += 7) {
      const page = await ask({ ...query, limit: '7', offset: String(offset) });
      seen.push(...page.items.map(({ model_id }) => model_id));
    }
    expect([seen.length, new Set(seen).size]).toEqual([total, total]);
  }
});

test('a status and the beginning of the model_id choose among all, and the total says how many', async () => {
  const stale = await ask({ status: 'stale', limit: '2' });
  expect([stale.total, stale.items.length]).toEqual([6, 2]);
  for (const length of [8, 9, 20, 36]) {
    const found = await ask({ q: fleetModel(99).slice(0, length).toUpperCase() });
    expect(found.items.map(({ model_id }) => model_id)).toEqual([fleetModel(99)]);
    expect(found).toMatchObject({ total: 1, counts: { ok: 1, stale: 0 } });
  }
  const digit = fleetModel(99).slice(0, 1);
  const all = Array.from({ length: models }, (_, n) => fleetModel(n)).filter((id) => id.startsWith(digit));
  expect((await ask({ q: digit, limit: '100' })).items.map(({ model_id }) => model_id).sort()).toEqual(
    all.sort(),
  );
  expect((await ask({ q: fleetModel(99).slice(2, 14) })).items).toEqual([]);
  expect((await ask({ offset: '1000' })).items).toEqual([]);
});

test('recent has the values of the last thirty runs, oldest first', async () => {
  const [model] = (await ask({ q: fleetModel(8) })).items;
  const { rows } = await client.query(
    'SELECT accuracy FROM runs WHERE model_id = $1 ORDER BY scheduled_time DESC LIMIT 30',
    [fleetModel(8)],
  );
  expect(model?.value).toBe(rows[0].accuracy);
  expect(model?.recent).toEqual(
    rows.reverse().map(({ accuracy }) => (accuracy === null ? null : expect.closeTo(accuracy, 3))),
  );
});

const model_id = modelNamed(1);
const ofModel = async () => (await ask({ q: model_id })).items[0];
const addRow = (y_pred: string) =>
  stores.db.query(`INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, '[1, 1, 1, 1]', $2)`, [
    model_id,
    y_pred,
  ]);
const runAt = (minutes: number) =>
  computeAccuracy(stores)({ model_id, scheduled_time: minutesAgo(minutes), trigger: 'schedule' });

test('a status follows the run at once, not the next minute', async () => {
  await stores.db.query('INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, $2)', [
    model_id,
    '0 0 29 2 *',
  ]);
  expect(await ofModel()).toMatchObject({ status: 'pending', scheduled_time: null });
  await runAt(9);
  expect(await ofModel()).toMatchObject({ status: 'no_data', scheduled_time: minutesAgo(9).toISOString() });
});

test('the change is against the newest run over another sample row, so that a drop stays visible', async () => {
  await addRow('[1, 1, 1, 1]');
  await runAt(8);
  expect(await ofModel()).toMatchObject({ status: 'ok', value: 1, change: null });
  await addRow('[1, 1, 1, 0]');
  for (const minutes of [7, 6, 5]) {
    await runAt(minutes);
    expect(await ofModel()).toMatchObject({ value: 0.75, change: -0.25 });
  }
  await addRow('{}');
  await runAt(4);
  expect(await ofModel()).toMatchObject({ status: 'invalid_data', value: null, change: null });
  await addRow('[0, 0, 0, 0]');
  await runAt(3);
  expect(await ofModel()).toMatchObject({ value: 0, change: -0.75 });
});

test('a run that comes late changes nothing of how a model stands now', async () => {
  const before = await ofModel();
  await addRow('[1, 1, 0, 0]');
  await runAt(10);
  const { recent: _, ...after } = { ...(await ofModel()) };
  expect(before).toMatchObject(after);
});

test.each([
  ['sort', 'name'],
  ['status', 'good'],
  ['q', 'x'.repeat(101)],
  ['tag', ' '],
  ['offset', '-1'],
  ['limit', '101'],
])('%s=%s is refused', (name, value) => {
  expect(route.query.safeParse({ [name]: value }).success).toBe(false);
});
