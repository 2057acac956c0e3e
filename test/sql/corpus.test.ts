import { readFileSync } from 'node:fs';
import { accuracy } from '../../lib/metrics/accuracy';
import { openStores, type Stores } from '../setup/stores';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

interface Pair {
  y_true: string;
  y_pred: string;
  accuracy?: number;
}

test('the conformance corpus scores the same on its way through the json columns of PostgreSQL', async () => {
  const lines = readFileSync('test/metrics/accuracyCorpus.jsonl', 'utf8').trim().split('\n');
  const corpus: Pair[] = lines.map((line) => JSON.parse(line));
  const rows = await stores.db.query<{ y_true: string; y_pred: string }>(
    `WITH stored AS (
      INSERT INTO results (model_id, y_true, y_pred)
      SELECT gen_random_uuid(), y_true::json, y_pred::json
      FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS pair (y_true, y_pred, n) ORDER BY n
      RETURNING id, y_true::text, y_pred::text
    ) SELECT y_true, y_pred FROM stored ORDER BY id`,
    [corpus.map(({ y_true }) => y_true), corpus.map(({ y_pred }) => y_pred)],
  );
  expect(rows).toHaveLength(corpus.length);
  const wrong = corpus.filter((pair, n) => {
    const { y_true = '', y_pred = '' } = rows[n] ?? {};
    const score = accuracy(Buffer.from(y_true), Buffer.from(y_pred));
    return score.status === 'ok' ? !Object.is(score.accuracy, pair.accuracy) : pair.accuracy !== undefined;
  });
  expect(wrong).toEqual([]);
});
