import { setReference } from '../../functions/setReference';
import { bodyOf } from '../http/event';
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

test.each([
  [
    { metrics: ['acuracy'] },
    'metrics.0',
    'there are accuracy, zero_one_loss, hamming_loss, balanced_accuracy',
  ],
  [{ metrics: ['accuracy_score'] }, 'metrics.0', 'but accuracy'],
  [{ metrics: ['r2'] }, 'metrics.0', 'r2 is for regression'],
  [{ task: 'regression' }, 'metrics.0', 'mean_absolute_error'],
  [{ metrics: [] }, 'metrics', 'for classification there are accuracy'],
  [{ metrics: ['f1', 'f1'] }, 'metrics.1', 'twice'],
  [{ metrics: [{ name: 'fbeta' }] }, 'metrics.0.beta', 'a number'],
  [{ metrics: [{ name: 'fbeta', beta: -1 }] }, 'metrics.0.beta', 'wants beta'],
  [{ metrics: [{ name: 'f1', beta: 2 }] }, 'metrics.0.beta', 'it has none'],
  [{ metrics: ['f1'], labels: ['a', 'b', 'c'] }, 'metrics', 'f1_macro'],
  [{ metrics: ['f1'], labels: ['ham', 'spam'] }, 'pos_label', '"ham", "spam"'],
  [{ pos_label: 'eggs', labels: ['ham', 'spam'] }, 'pos_label', 'none of the labels'],
  [{ task: 'regression', metrics: ['r2'], labels: [1, 2] }, 'labels', 'no labels'],
  [{ labels: ['a\u0000', 'b'] }, 'labels.0', 'NUL'],
  [{ pos_label: '\ud800' }, 'pos_label', 'surrogate'],
  [{ task: 'clustering' }, 'task', 'multilabel'],
])('%j does not fit together, is refused, and what would be right is told', async (settings, path, words) => {
  const n = models.next();
  const refused = await models.post(n, settings);
  expect(refused.statusCode).toBe(400);
  expect(bodyOf(refused).errors[0]).toEqual({ path, message: expect.stringContaining(words) });
  await models.post(n);
  const changed = await models.patch(n, settings);
  expect(changed.statusCode).toBe(400);
  expect(bodyOf(changed).errors[0]).toEqual({ path, message: expect.stringContaining(words) });
});

test('a change is checked together with what stays', async () => {
  const n = models.next();
  await models.post(n, { metrics: ['f1'], pos_label: 'spam', labels: ['ham', 'spam'] });
  const refused = await models.patch(n, { labels: ['ham', 'eggs'] });
  expect(bodyOf(refused).errors).toMatchObject([{ path: 'pos_label' }]);
  const changed = await models.patch(n, { labels: ['ham', 'eggs'], pos_label: 'eggs' });
  expect(bodyOf(changed)).toMatchObject({ metrics: ['f1'], pos_label: 'eggs', labels: ['ham', 'eggs'] });
  const cleared = await models.patch(n, { labels: null, pos_label: null });
  expect(bodyOf(cleared)).toMatchObject({ pos_label: null, labels: null });
});

test('settings that mean what is there change nothing', async () => {
  const n = models.next();
  const settings = { metrics: ['f1', { name: 'fbeta', beta: 2 }], pos_label: 1, labels: [0, 1] };
  const { updated_at } = bodyOf(await models.post(n, settings));
  const same = { metrics: [{ name: 'f1' }, { beta: 2, name: 'fbeta' }], pos_label: true, labels: [true, 0] };
  expect(bodyOf(await models.post(n, same))).toMatchObject({ ...settings, updated_at });
  expect(bodyOf(await models.patch(n, same))).toMatchObject({ ...settings, updated_at });
  const other = bodyOf(await models.patch(n, { metrics: [{ name: 'fbeta', beta: 2 }, 'f1'] }));
  expect(other.updated_at).not.toBe(updated_at);
});

describe('what was written before there were metrics, or past the API', () => {
  const oldRun = async (n: number) => {
    await models.post(n);
    await world.db.query(
      `INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, started_at, finished_at)
        VALUES ($1, $2, 'schedule', 'ok', 0.5, 2, $2, $2)`,
      [modelNamed(n), minutesAgo(60)],
    );
  };

  test('a run without details has its accuracy as its metric, and can be a reference', async () => {
    const n = models.next();
    await oldRun(n);
    const expected = {
      metrics: { accuracy: 0.5 },
      intervals: {},
      baseline: {},
      hints: [],
      n_unlabelled: null,
    };
    expect(await models.result(n)).toMatchObject(expected);
    expect(await models.history(n)).toMatchObject([expected]);
    await setReference(world)({ model_id: modelNamed(n), scheduled_time: undefined });
    expect(await models.result(n)).toMatchObject({
      reference: { difference: { accuracy: 0 }, overlaps: { accuracy: null } },
    });
    await expect(models.report(n)).rejects.toMatchObject({ status: 404 });
  });

  test('a result in Redis without metrics is answered with its accuracy as its metric', async () => {
    const n = models.next();
    await oldRun(n);
    const {
      metrics,
      intervals,
      undefined: _,
      baseline,
      hints,
      n_unlabelled,
      ...old
    } = await models.result(n);
    const time = minutesAgo(1).toISOString();
    const stored = { ...old, scheduled_time: time, accuracy: 0.25 };
    await world.redis.putNewest(`result:${modelNamed(n)}`, JSON.stringify(stored), time, 60);
    expect(await models.result(n)).toMatchObject({ metrics: { accuracy: 0.25 }, intervals: {}, hints: [] });
  });

  test.each([
    ['["acuracy"]', 'there are accuracy'],
    ['[null]', 'metrics.0'],
    ['[]', 'metrics'],
  ])('metrics %s make a run invalid, and are told', async (metrics, words) => {
    const n = models.next();
    await models.post(n);
    await models.predict(n, spam);
    await world.db.query('UPDATE metrics_executions SET metrics = $2 WHERE model_id = $1', [
      modelNamed(n),
      metrics,
    ]);
    await models.run(n, minutesAgo(60));
    expect(await models.result(n)).toMatchObject({
      status: 'invalid_data',
      error: expect.stringContaining(words),
    });
    expect((await models.patch(n, { enabled: false })).statusCode).toBe(400);
    expect((await models.patch(n, { metrics: ['accuracy'] })).statusCode).toBe(200);
  });
});
