import { openDatabase } from '../../lib/postgres/database';
import readRunInputSql from '../../sql/queries/readRunInput.sql';
import { planOf } from '../setup/plan';
import { openStores, type Stores } from '../setup/stores';
import { modelNamed } from '../setup/world';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const busy = modelNamed(1);

test('the newest of a million sample rows of a model is one index probe, and so are those of a time to come', async () => {
  const db = openDatabase(stores.databaseUrl, 1, 150_000);
  await db.query(
    `INSERT INTO results (model_id, y_true, y_pred, "timestamp")
      SELECT $1::uuid, '[1]', '[1]', timestamptz '2026-01-01' + n * interval '1 second'
      FROM generate_series(1, 1000000) AS n`,
    [busy],
  );
  const insert = 'INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, $2)';
  await db.query(insert, [busy, '* * * * *']);
  await db.query('ANALYZE');
  const plan = await planOf(db, readRunInputSql, [busy, new Date(), 1_000_000, false]);
  const probes = plan
    .filter((node) => node['Relation Name'] === 'results')
    .sort((one, other) => Number(one?.['Actual Rows']) - Number(other?.['Actual Rows']));
  expect(probes).toMatchObject([
    { 'Index Name': 'results_newest', 'Actual Rows': 0, 'Actual Loops': 1 },
    { 'Index Name': 'results_newest', 'Actual Rows': 1, 'Actual Loops': 1 },
  ]);
  // Of each: four levels of the index and one page of the table.
  for (const probe of probes) {
    expect(probe['Shared Hit Blocks'] + probe['Shared Read Blocks']).toBeLessThanOrEqual(6);
  }
  await db.end();
});
