import { deleteSchedule } from '../../functions/deleteSchedule';
import { getReport } from '../../functions/getReport';
import type { Result } from '../../lib/runs/result';
import { metricModelsOf } from '../setup/metricModels';
import { minutesAgo } from '../setup/time';
import { modelNamed, openWorld, type World } from '../setup/world';

let world: World;
let models: ReturnType<typeof metricModelsOf>;

beforeAll(async () => {
  world = await openWorld();
  models = metricModelsOf(world);
});
afterAll(() => world.close());

const spam = { y_true: ['spam', 'ham', 'spam', 'ham'], y_pred: ['spam', 'spam', 'spam', 'ham'] };

describe('what a model is asked for is what its result, its history and its report have', () => {
  test('of a schedule that says nothing, accuracy, as before', async () => {
    const n = await models.ran({}, { y_true: [1, 0, 1, 1], y_pred: [1, 0, 0, 1] });
    const expected = {
      status: 'ok',
      accuracy: 0.75,
      metrics: { accuracy: 0.75 },
      intervals: { accuracy: [expect.closeTo(0.3006, 3), expect.closeTo(0.9544, 3)] },
      undefined: {},
      baseline: { accuracy: 0.75 },
      n_samples: 4,
      n_unlabelled: 0,
      reference: null,
    };
    expect(await models.result(n)).toMatchObject(expected);
    expect(await models.history(n)).toMatchObject([expected]);
    expect(await models.report(n)).toMatchObject({
      classes: [
        { label: 0, precision: 0.5, recall: 1, support: 1, predicted: 2 },
        { label: 1, precision: 1, recall: 2 / 3, support: 3, predicted: 2 },
      ],
      confusion: [
        [1, 0],
        [1, 2],
      ],
    });
    expect(await models.listed(n)).toMatchObject({ metric: 'accuracy', value: 0.75, better: 'higher' });
  });

  test('of classes with scores, a positive label and parameters', async () => {
    const settings = {
      metrics: ['f1', { name: 'fbeta', beta: 2 }, 'roc_auc', 'log_loss'],
      pos_label: 'spam',
      labels: ['ham', 'spam'],
    };
    const n = await models.ran(settings, { ...spam, y_score: [0.9, 0.6, 0.8, 0.1] });
    const expected = {
      status: 'ok',
      accuracy: null,
      metrics: {
        f1: 0.8,
        fbeta_2: expect.closeTo(10 / 11),
        roc_auc: 1,
        log_loss: expect.closeTo(0.33754, 5),
      },
      baseline: { f1: expect.closeTo(2 / 3), roc_auc: 0.5, log_loss: expect.closeTo(Math.LN2) },
    };
    expect(await models.result(n)).toMatchObject(expected);
    expect(await models.history(n)).toMatchObject([expected]);
    expect(await models.report(n)).toMatchObject({ classes: [{ label: 'ham' }, { label: 'spam' }] });
  });

  test('of rows of labels', async () => {
    const columns = { y_true: [[1, 0], [1, 1]], y_pred: [[1, 0], [0, 1]] }; // biome-ignore format: rows
    const n = await models.ran({ task: 'multilabel', metrics: ['f1_samples', 'hamming_loss'] }, columns);
    expect(await models.result(n)).toMatchObject({
      status: 'ok',
      metrics: { f1_samples: expect.closeTo(5 / 6), hamming_loss: 0.25 },
    });
    expect(await models.report(n)).toMatchObject({
      confusion: null,
      classes: [{ support: 2 }, { support: 1 }],
    });
  });

  test('of numbers, which have no report', async () => {
    const columns = { y_true: [1, 2, 3, null], y_pred: [1, 2, 5, 4] };
    const n = await models.ran({ task: 'regression', metrics: ['mean_absolute_error', 'r2'] }, columns);
    expect(await models.result(n)).toMatchObject({
      status: 'ok',
      accuracy: null,
      metrics: { mean_absolute_error: expect.closeTo(2 / 3), r2: -1 },
      baseline: { r2: 0 },
      n_samples: 3,
      n_unlabelled: 1,
    });
    await expect(models.report(n)).rejects.toMatchObject({ status: 404 });
  });

  test('scores without a report of their own: the report needs labels only', async () => {
    const n = await models.ran(
      { metrics: ['roc_auc'] },
      { y_true: [0, 1], y_pred: [0, 1], y_score: [0.1, 0.9] },
    );
    const rows: (Buffer | null)[][] = [];
    const copyRow = async (...args: Parameters<typeof world.db.copyRow>) => {
      rows.push(await world.db.copyRow(...args));
      return rows.at(-1) as (Buffer | null)[];
    };
    const { body } = await getReport({ db: { ...world.db, copyRow } })({ model_id: modelNamed(n) });
    expect(body).toMatchObject({ confusion: [[1, 0], [0, 1]] }); // biome-ignore format: rows
    expect(rows.map((row) => row.map((column) => column?.toString()))).toEqual([
      ['[0,1]', '[0,1]', undefined], // y_score is not even read
    ]);
  });

  test('rows of labels under the default schedule still have their accuracy', async () => {
    const columns = { y_true: [[1, 0], [1, 1]], y_pred: [[1, 0], [0, 1]] }; // biome-ignore format: rows
    const n = await models.ran({}, columns);
    expect(await models.result(n)).toMatchObject({ status: 'ok', accuracy: 0.5, metrics: { accuracy: 0.5 } });
  });
});

test('metrics come in the order asked for, from either store and in the history', async () => {
  const metrics = ['recall_macro', 'f1_macro', 'accuracy', 'zero_one_loss', 'jaccard_macro'];
  const n = await models.ran({ metrics }, spam);
  const keysOf = (found: Pick<Result, 'metrics' | 'intervals' | 'baseline'>) =>
    [found.metrics, found.intervals, found.baseline].map((values) => Object.keys(values));
  const expected = [metrics, metrics, metrics];
  expect(keysOf(await models.result(n))).toEqual(expected);
  expect((await models.history(n)).map(keysOf)).toEqual([expected]);
  const cached = await world.results.read(modelNamed(n));
  expect(Object.keys(cached?.metrics ?? {})).toEqual(metrics);
});

test('a report that there is not says what it lacks', async () => {
  const lacks = (n: number, detail: string) =>
    expect(models.report(n)).rejects.toMatchObject({ status: 404, message: expect.stringContaining(detail) });
  const n = await models.ran({}, { y_true: [1, 0], y_pred: [1, 1] });
  await world.db.query('DELETE FROM results WHERE model_id = $1', [modelNamed(n)]);
  await lacks(n, 'of the newest run');
  await deleteSchedule(world)({ model_id: modelNamed(n) });
  await lacks(n, 'has no schedule');
  const other = models.next();
  await models.post(other);
  await lacks(other, 'has no run with a number');
});

describe('pairs without a true label', () => {
  test('are left out and counted', async () => {
    const n = await models.ran({}, { y_true: [1, null, 0, null], y_pred: [1, 1, 1, 1] });
    expect(await models.result(n)).toMatchObject({ accuracy: 0.5, n_samples: 2, n_unlabelled: 2 });
  });

  test.each(['classification', 'regression'])('and nothing else are insufficient_data: %s', async (task) => {
    const metrics = [task === 'regression' ? 'r2' : 'accuracy'];
    const n = await models.ran({ task, metrics }, { y_true: [null, null], y_pred: [1, 2] });
    const expected = {
      status: 'insufficient_data',
      accuracy: null,
      metrics: {},
      n_samples: 0,
      n_unlabelled: 2,
      error: expect.stringContaining('none of the 2 samples has a label yet'),
    };
    expect(await models.result(n)).toMatchObject(expected);
    expect(await models.history(n)).toMatchObject([expected]);
    expect(await models.listed(n)).toMatchObject({ status: 'insufficient_data', value: null });
    const { counts, total } = await models.list({ status: 'insufficient_data' });
    expect(counts.insufficient_data).toBe(total);
    await expect(models.report(n)).rejects.toMatchObject({ status: 404 });
  });
});

test('one metric that is undefined has its reason, and the others their values', async () => {
  const columns = { y_true: [1, 1], y_pred: [1, 0], y_score: [0.9, 0.4] };
  const n = await models.ran({ metrics: ['accuracy', 'roc_auc'] }, columns);
  expect(await models.result(n)).toMatchObject({
    metrics: { accuracy: 0.5, roc_auc: null },
    undefined: { roc_auc: expect.stringMatching(/class/) },
  });
  await models.runOver(n, { y_true: [1, 0], y_pred: [1, 0] }, 50);
  expect(await models.result(n)).toMatchObject({
    metrics: { accuracy: 1, roc_auc: null },
    undefined: { roc_auc: 'the sample row has no y_score' },
  });
});

test('labels that differ in spelling only are hinted at', async () => {
  const n = await models.ran({}, { y_true: ['cat', 'dog'], y_pred: ['Cat', 'dog'] });
  expect(await models.result(n)).toMatchObject({
    status: 'ok',
    hints: expect.arrayContaining([expect.stringContaining('upper and lower case')]),
  });
});

describe('the first metric', () => {
  test('is the value and the change of a model, and says which way is better', async () => {
    const n = await models.ran(
      { task: 'regression', metrics: ['mean_absolute_error', 'r2'] },
      { y_true: [1, 2], y_pred: [1, 3] },
    );
    await models.runOver(n, { y_true: [1, 2], y_pred: [1, 2.00001] }, 50);
    expect(await models.listed(n)).toMatchObject({
      metric: 'mean_absolute_error',
      value: expect.closeTo(0.000005, 9),
      change: expect.closeTo(-0.499995, 9),
      better: 'lower',
      recent: [0.5, expect.closeTo(0.000005, 9)],
    });
  });

  test('decides where a model stands in the list, whatever it is', async () => {
    const page = async (order: string) => (await models.list({ sort: 'value', order, limit: '100' })).items;
    const values = (await page('asc')).map(({ value }) => value ?? Number.POSITIVE_INFINITY);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    const known = (await page('desc')).flatMap(({ value }) => value ?? []);
    expect(known).toEqual([...known].sort((a, b) => b - a));
  });

  test('when it is another, is compared with nothing before', async () => {
    const n = await models.ran({ metrics: ['accuracy', 'f1_macro'] }, { y_true: [1, 0], y_pred: [1, 0] });
    await models.patch(n, { metrics: ['f1_macro', 'accuracy'] });
    expect(await models.listed(n)).toMatchObject({ metric: 'accuracy', value: 1 });
    await models.runOver(n, { y_true: [1, 0], y_pred: [1, 1] }, 50);
    expect(await models.listed(n)).toMatchObject({
      metric: 'f1_macro',
      value: expect.closeTo(1 / 3),
      change: null,
      recent: [1, expect.closeTo(1 / 3, 4)],
    });
    await models.runOver(n, { y_true: [1, 0], y_pred: [1, 0] }, 40);
    expect(await models.listed(n)).toMatchObject({ value: 1, change: expect.closeTo(2 / 3) });
  });

  test('of another task leaves the model with what its newest run had, until the next', async () => {
    const n = await models.ran({}, { y_true: [1, 0], y_pred: [1, 0] });
    await models.patch(n, { task: 'regression', metrics: ['mean_absolute_error'] });
    expect(await models.listed(n)).toMatchObject({ metric: 'accuracy', value: 1, better: 'higher' });
    await models.run(n, minutesAgo(50));
    expect(await models.listed(n)).toMatchObject({ metric: 'mean_absolute_error', value: 0, change: null });
    expect(await models.history(n)).toMatchObject([
      { metrics: { mean_absolute_error: 0 } },
      { metrics: { accuracy: 1 } },
    ]);
  });
});
