import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accuracy } from '../../lib/metrics/accuracy';
import { evaluate } from '../../lib/metrics/evaluate';
import { openDatabase } from '../../lib/postgres/database';
import { loadTestData } from '../../localstack/testData';
import { openStores } from '../setup/stores';

const sql = readFileSync(join(__dirname, '../../sql/test_data.sql'), 'utf8');
const read = (name: string) => JSON.parse(readFileSync(join(__dirname, 'data', name), 'utf8'));
const expected = read('expected.json');
const { model_id, n_samples, ...metrics } = read('expectedPredictions.json');

test('every row of the test data scores what scikit-learn reported, to the last digit', () => {
  const rows = sql.matchAll(/\('(.+?)'::uuid, '(.+?)'::timestamptz,\s+'(.+?)'::json,\s+'(.+?)'::json\)/g);
  const scores = Array.from(rows, ([, model_id, timestamp, yTrue = '', yPred = '']) => {
    const { status: _, ...score } = accuracy(Buffer.from(yTrue), Buffer.from(yPred));
    return { model_id, timestamp, ...score };
  });
  expect(scores).toEqual(expected);
});

test('its predictions by id score what scikit-learn reported', () => {
  const lines = [...sql.matchAll(/\(\d+, '.+?', '(.+?)', (.+?), '(.+?)'\)/g)];
  const column = (at: number) => Buffer.from(JSON.stringify(lines.map((line) => line[at])));
  const found = evaluate(
    { task: 'classification', metrics: Object.keys(metrics), pos_label: 'malignant' },
    { y_true: column(3), y_pred: column(1), y_score: Buffer.from(`[${lines.map((line) => line[2])}]`) },
  );
  const close = Object.entries(metrics).map(([name, value]) => [name, expect.closeTo(Number(value), 12)]);
  expect(found).toMatchObject({ status: 'ok', n_samples, metrics: Object.fromEntries(close) });
});

test('loaded twice it is there once, and the newest predictions wait for their labels', async () => {
  const stores = await openStores();
  await loadTestData(stores.databaseUrl);
  await loadTestData(stores.databaseUrl);
  const db = openDatabase(stores.databaseUrl, 1);
  const [rows] = await db.query('SELECT count(*)::int AS n FROM results');
  const [predictions] = await db.query(
    'SELECT count(*)::int AS n, count(y_true)::int AS labelled FROM predictions WHERE model_id = $1',
    [model_id],
  );
  await db.end();
  await stores.close();
  expect(rows).toEqual({ n: expected.length });
  expect(predictions).toEqual({ n: n_samples, labelled: n_samples - 10 });
});
