import { addLabels } from '../../functions/addLabels';
import { addPredictionsById } from '../../functions/addPredictions';
import { schedule } from '../../functions/schedule';
import type { LabelType } from '../../lib/samples/upload/csv';
import type { Upload } from '../../lib/samples/upload/rows';
import type { Settings } from '../../lib/schedule/schedule';
import { modelNamed, openWorld, settingsOf, type World } from '../setup/world';

// What the labels of a CSV are, which does not tell itself.

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

let n = 0;
let model_id: string;
beforeEach(() => {
  model_id = modelNamed(++n);
});

const csv = (text: string): Upload => ({ type: 'text/csv', bytes: Buffer.from(text) });

const predict = (upload: Upload, label_type?: LabelType) =>
  addPredictionsById({ db: world.db, keepDays: 90 })({ model_id, label_type }, upload);

const make = (changes: Partial<Settings>) => schedule(world)(settingsOf(n, changes));

const stored = async () => {
  const [row] = await world.db.query<{ y_pred: string; y_true: string | null }>(
    'SELECT y_pred::text, y_true::text FROM predictions WHERE model_id = $1',
    [model_id],
  );
  return row;
};

const regression: Partial<Settings> = { task: 'regression', metrics: ['rmse'] };

test.each<[what: string, changes: Partial<Settings>, text: string, json: string]>([
  ['strings', { labels: ['0', '1'] }, '1', '"1"'],
  ['numbers', { labels: [0, 1] }, '1', '1'],
  ['booleans', { labels: [false, true] }, 'True', 'true'],
  ['nothing, without labels: it goes by the file', {}, '1', '1'],
  ['nothing, with labels of several types', { labels: [1, 'b'] }, 'b', '"b"'],
  ['numbers, by the task', regression, '1.50', '1.50'],
])('a schedule says %s', async (_, changes, text, json) => {
  await make(changes);
  await predict(csv(`id,y_pred\na,${text}\n`));
  await addLabels(world)({ model_id, label_type: undefined }, csv(`id,y_true\na,${text}\n`));
  expect(await stored()).toEqual({ y_pred: json, y_true: json });
});

test('rows of a multilabel task are lists', async () => {
  await make({ task: 'multilabel', metrics: ['f1_macro'], labels: ['cat', 'dog'] });
  await predict(csv('id,y_pred\na,"[0, 1]"\n'));
  expect(await stored()).toMatchObject({ y_pred: '[0, 1]' });
});

test('a value of another type than the schedule says is refused with its line', async () => {
  await make(regression);
  await expect(predict(csv('id,y_pred\na,1\nb,high\n'))).rejects.toMatchObject({
    status: 400,
    errors: [
      { path: 'line 3, y_pred', message: 'must be a number of 64 bits, as the labels of this model are' },
    ],
  });
  expect(await stored()).toBeUndefined();
});

test('label_type goes before the schedule, and NDJSON says itself what it has', async () => {
  await make({ labels: ['0', '1'] });
  await predict(csv('id,y_pred\na,1\n'), 'number');
  expect(await stored()).toMatchObject({ y_pred: '1' });
  await predict({ type: 'application/x-ndjson', bytes: Buffer.from('{"id":"b","y_pred":1}\n') });
  const types = await world.db.query(
    'SELECT DISTINCT json_typeof(y_pred) AS type FROM predictions WHERE model_id = $1',
    [model_id],
  );
  expect(types).toEqual([{ type: 'number' }]);
});
