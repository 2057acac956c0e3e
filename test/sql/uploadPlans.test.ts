import { type Database, openDatabase } from '../../lib/postgres/database';
import addLabelsSql from '../../sql/queries/addLabels.sql';
import addPredictionsByIdSql from '../../sql/queries/addPredictionsById.sql';
import stagePredictionsSql from '../../sql/queries/stagePredictions.sql';
import { mostRows, planOf } from '../setup/plan';
import { openStores, type Stores } from '../setup/stores';
import { modelNamed } from '../setup/world';

const [known, grown, recent] = [modelNamed(1), modelNamed(2), modelNamed(3)];
const stored = 60_000;
const uploaded = 100;

let stores: Stores;
let db: Database;

const insert = (model: string, first: number, last: number) =>
  db.query(
    `INSERT INTO predictions (model_id, id, "timestamp", y_pred)
      SELECT $1, 'known-' || n, now() - n * interval '1 second', '1' FROM generate_series($2::int, $3::int) AS n`,
    [model, first, last],
  );

beforeAll(async () => {
  stores = await openStores();
  db = openDatabase(stores.databaseUrl, 1, 30_000);
  await insert(known, 1, stored);
  await insert(grown, 1, 500);
});
afterAll(async () => {
  await db.end();
  await stores.close();
});

/** How an upload is carried out. */
const planOfUpload = (text: string, model: string, ids: string) =>
  db.transaction(async (connection) => {
    await connection.query(stagePredictionsSql);
    await connection.query(
      `INSERT INTO incoming (line, id, "timestamp", y_pred, y_true)
        SELECT n, $1 || n, now(), '1', '1' FROM generate_series(1, $2::int) AS n`,
      [ids, uploaded],
    );
    return planOf(connection, text, [model, 'json']);
  });

const uploads: [string, string, string][] = [
  ['new predictions', addPredictionsByIdSql, 'new-'],
  ['labels of predictions', addLabelsSql, 'known-'],
];

describe('an upload walks through none of the predictions of a model', () => {
  test('before there are statistics: new predictions', async () => {
    expect(mostRows(await planOfUpload(addPredictionsByIdSql, known, 'new-'))).toBeLessThan(stored);
  });

  describe.each([
    ['of which there are statistics', known],
    ['that has grown since', grown],
    ['that is newer than all statistics', recent],
  ])('%s', (_, model) => {
    beforeAll(async () => {
      await db.query('VACUUM ANALYZE predictions');
      if (model !== known) await insert(model, 501, 500 + stored);
    });
    test.each(uploads)('%s', async (_, text, ids) => {
      expect(mostRows(await planOfUpload(text, model, ids))).toBeLessThan(stored);
    });
  });
});
