import { addPredictionsById } from '../../functions/addPredictions';
import { computeAccuracy } from '../../functions/computeAccuracy';
import { getReport } from '../../functions/getReport';
import { schedule } from '../../functions/schedule';
import type { Settings } from '../../lib/schedule/schedule';
import { minutesAgo } from '../setup/time';
import { modelNamed, openWorld, settingsOf, type World } from '../setup/world';

// The report of a model whose runs look at windows of predictions.

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

const due = minutesAgo(0);
const at = (minutes: number) => minutesAgo(minutes).toISOString();
const hour = { window: 'PT1H', delay: 'PT0S' };

const ran = async (changes: Partial<Settings>, lines: string[]) => {
  await schedule(world)(settingsOf(n, changes));
  const bytes = Buffer.from(['id,y_pred,y_true,timestamp,country', ...lines].join('\n'));
  const upload = { type: 'text/csv', bytes } as const;
  await addPredictionsById({ db: world.db, keepDays: 90 })({ model_id, label_type: undefined }, upload);
  await computeAccuracy(world)({ model_id, scheduled_time: due, trigger: 'schedule' });
};
const report = async () => (await getReport(world)({ model_id })).body;

const lines = [
  `early,cat,dog,${at(70)},DE`,
  `a,cat,cat,${at(9)},DE`,
  `b,cat,dog,${at(8)},FR`,
  `c,dog,dog,${at(7)},DE`,
  `d,dog,,${at(6)},DE`,
];

test.each<[string, Partial<Settings>]>([
  ['all its metrics are counts', {}],
  ['metrics want the predictions one by one', { metrics: ['accuracy', 'log_loss'] }],
  ['it has segments', { segments: ['country'] }],
])('is of the labelled predictions of the newest window, where %s', async (_, changes) => {
  await ran({ data: hour, ...changes }, lines);
  expect(await report()).toEqual({
    model_id,
    scheduled_time: due.toISOString(),
    results_id: null,
    window_start: at(60),
    window_end: due.toISOString(),
    classes: [
      { label: 'cat', precision: 0.5, recall: 1, f1: 2 / 3, support: 1, predicted: 2 },
      { label: 'dog', precision: 1, recall: 0.5, f1: 2 / 3, support: 2, predicted: 1 },
    ],
    classes_left_out: 0,
    confusion: [
      [1, 0],
      [1, 1],
    ],
  });
});

test('of the last so many labelled ones it has as many, though others are of the same time', async () => {
  const same = ['a', 'b', 'c', 'd'].map((id) => `${id},cat,cat,${at(9)},DE`);
  await ran({ data: { last: 2 } }, same);
  expect(await report()).toMatchObject({ window_start: at(9), confusion: [[2]] });
});

test('of rows of labels it tells each', async () => {
  const rows = [`a,"[0, 1]","[0, 1]",${at(9)},DE`, `b,"[1, 1]","[0, 1]",${at(8)},DE`];
  await ran({ data: hour, task: 'multilabel', metrics: ['f1_macro'], labels: ['cat', 'dog'] }, rows);
  expect(await report()).toMatchObject({
    classes: [
      { label: 'cat', support: 0, predicted: 1 },
      { label: 'dog', support: 2, predicted: 2 },
    ],
    confusion: null,
  });
});

test('to read it notes nothing: only a run counts as having looked', async () => {
  await ran({ data: hour }, lines);
  const until = () =>
    world.db.query('SELECT computed_until FROM model_states WHERE model_id = $1', [model_id]);
  const before = await until();
  await report();
  expect(await until()).toEqual(before);
});

test('where the predictions are deleted it says so', async () => {
  await ran({ data: hour }, lines);
  await world.db.query('DELETE FROM predictions WHERE model_id = $1', [model_id]);
  await expect(report()).rejects.toMatchObject({ status: 404, message: expect.stringContaining('window') });
});
