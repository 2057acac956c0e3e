import { query } from '../../lib/postgres';
import readRunInputsSql from '../../sql/queries/readRunInputs.sql';
import { openStores, type Stores } from '../servers/stores';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const model = '00000000-0000-4000-8000-000000000001';

/** So many bytes of JSON; noise can hardly be compressed, a repetition to a ninetieth. */
const column = (bytes: number, noise: boolean) =>
  `["${Array.from({ length: bytes - 4 }, () => (noise ? Math.floor(Math.random() * 36).toString(36) : 'a')).join('')}"]`;

const read = async (y_true: string, limit: number) => {
  await stores.db.query('TRUNCATE metrics_executions, results');
  await stores.db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, '* * * * *')`,
    [model],
  );
  await stores.db.query('INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, $2, $3)', [
    model,
    y_true,
    '[ 1 ]',
  ]);
  const asked = [[model], [new Date(0)], limit, 0];
  const [row] = await query<Record<string, unknown>>(stores.db, readRunInputsSql, asked);
  return row;
};

test.each([
  [1000, false],
  [1000, true],
  [400_000, false],
  [400_000, true],
])('of %i bytes and not of one more, compressed or not, and as they are spelt', async (limit, noise) => {
  for (const bytes of [limit - 1, limit]) {
    const text = column(bytes, noise);
    expect(await read(text, limit)).toMatchObject({ y_true: text, y_pred: '[ 1 ]' });
  }
  expect(await read(column(limit + 1, noise), limit)).toMatchObject({ y_true: null, y_pred: '[ 1 ]' });
});
