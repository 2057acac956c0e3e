import { type Database, openDatabase } from '../../lib/postgres/database';
import countWindowSql from '../../sql/queries/countWindow.sql';
import readWindowSql from '../../sql/queries/readWindow.sql';
import { mostRows, planOf } from '../setup/plan';
import { openStores, type Stores } from '../setup/stores';
import { modelNamed } from '../setup/world';

const model = modelNamed(1);
const from = new Date('2026-01-01T00:00:00Z');
const to = new Date('2026-01-02T00:00:00Z');

let stores: Stores;
let db: Database;

// No ANALYZE: so it is until autovacuum has seen what came in.
beforeAll(async () => {
  stores = await openStores();
  db = openDatabase(stores.databaseUrl, 1, 30_000);
  await db.query(
    `INSERT INTO predictions (model_id, id, "timestamp", y_pred, y_true, y_score, segments)
      SELECT $1::uuid, n::text, $2::timestamptz + n * interval '1 second', to_json(n % 50), to_json(n % 7), '0.5',
        jsonb_build_object('country', n % 5)
      FROM generate_series(1, 5000) AS n`,
    [model, from],
  );
});
afterAll(async () => {
  await db.end();
  await stores.close();
});

test.each([
  ['countWindow', countWindowSql],
  ['readWindow', readWindowSql],
])(
  '%s passes over a window a few times at most, also before PostgreSQL has statistics of it',
  async (_, text) => {
    const values = [model, from, '', to, ['country'], 100, 10_000_000];
    const plan = await planOf(db, text, values);
    // The whole and one segment; a join of each row with the 6 values is no harm.
    expect(mostRows(plan)).toBeLessThanOrEqual(2 * 5000 * 6);
  },
);
