import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accuracy } from '../../lib/metrics/accuracy';

const sql = readFileSync(join(__dirname, '../../sql/test_data.sql'), 'utf8');
const expected = JSON.parse(readFileSync(join(__dirname, 'data/expected.json'), 'utf8'));

test('every row of the test data scores what scikit-learn reported, to the last digit', () => {
  const rows = sql.matchAll(/\('(.+?)'::uuid, '(.+?)'::timestamptz,\s+'(.+?)'::json,\s+'(.+?)'::json\)/g);
  const scores = Array.from(rows, ([, model_id, timestamp, yTrue = '', yPred = '']) => {
    const { status: _, ...score } = accuracy(Buffer.from(yTrue), Buffer.from(yPred));
    return { model_id, timestamp, ...score };
  });
  expect(scores).toEqual(expected);
});
