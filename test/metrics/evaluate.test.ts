import fc from 'fast-check';
import { metricsOf } from '../../lib/metrics/catalogue';
import { readNumbers } from '../../lib/metrics/decode/numbers';
import { allOf, ask, type Given, ok } from './ask';

const runs = { numRuns: 100 };

describe('a baseline', () => {
  test('is what the best constant prediction has', () => {
    const { baseline } = ok(
      ask({
        metrics: [
          'accuracy',
          'balanced_accuracy',
          'f1',
          'recall',
          'f1_macro',
          'matthews_corrcoef',
          'roc_auc',
        ],
        y_true: [0, 0, 0, 1],
        y_pred: [0, 1, 0, 1],
        y_score: [0.1, 0.6, 0.2, 0.9],
      }),
    );
    expect(baseline).toEqual({
      accuracy: 0.75,
      balanced_accuracy: 0.5,
      f1: 0.4,
      recall: 1,
      f1_macro: 3 / 7,
      matthews_corrcoef: null,
      roc_auc: 0.5,
    });
  });

  test('of a regression takes the constant that suits the metric', () => {
    const { baseline } = ok(
      ask({
        task: 'regression',
        metrics: ['mean_absolute_error', 'mean_squared_error', 'max_error', 'median_absolute_error', 'r2'],
        y_true: [0, 0, 1, 2, 7],
        y_pred: [1, 1, 1, 1, 1],
      }),
    );
    expect(baseline).toEqual({
      mean_absolute_error: 1.8,
      mean_squared_error: 6.8,
      max_error: 3.5,
      median_absolute_error: 0.5,
      r2: 0,
    });
  });

  test('no constant of a regression beats it', () => {
    const metrics = allOf('regression').filter((one) => !String(one).includes('log'));
    const number = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(fc.array(number, { minLength: 2, maxLength: 15 }), number, (y_true, constant) => {
        const { metrics: found, baseline } = ok(
          ask({ task: 'regression', metrics, y_true, y_pred: y_true.map(() => constant / 2) }),
        );
        for (const { name, better } of metricsOf('regression').filter((one) => metrics.includes(one.name))) {
          const [value, best] = [found[name] as number, baseline[name] as number];
          if (better === 'higher') expect(value).toBeLessThanOrEqual(best + 1e-9);
          else expect(value).toBeGreaterThanOrEqual(best * (1 - 1e-9) - 1e-9);
        }
      }),
      runs,
    );
  });
});

describe('a hint', () => {
  const hints = (y_true: unknown[], y_pred: unknown[]) =>
    ok(ask({ metrics: ['matthews_corrcoef'], y_true, y_pred })).hints;

  test.each([
    [['cat', 'dog'], ['Cat', 'dog'], /upper and lower case/],
    [['cat', 'dog'], ['cat ', 'dog'], /white space/],
    [['1', '0'], ['1.0', '0'], /how numbers are written/],
    [
      ['cat', 'Cat', 'dog'],
      ['cat', 'dog', 'dog'],
      /"Cat" of y_true and "cat" of y_pred differ in upper and lower/,
    ],
    [['a', 'b'], ['c', 'd'], /no label in common/],
    [[1, 2], [0, 3], /no label in common/],
  ])('is given for %j against %j', (y_true, y_pred, hint) => {
    expect(hints(y_true, y_pred).join()).toMatch(hint);
  });

  test.each([
    [
      ['cat', 'dog'],
      ['dog', 'cat'],
    ],
    [
      [1, 0],
      [1.0, true],
    ],
    [
      [0, 1],
      [1, 2],
    ],
    [
      ['12345678901234567890', 'b'],
      ['12345678901234567891', 'b'],
    ],
    [
      [2 ** 53, 1],
      [2 ** 53 + 2, 1],
    ],
  ])('is not given for %j against %j', (y_true, y_pred) => {
    expect(hints(y_true, y_pred)).toEqual([]);
  });

  test('says in words that few samples leave the first metric open', () => {
    const { hints } = ok(ask({ metrics: ['accuracy'], y_true: [0, 1, 1, 0], y_pred: [0, 1, 1, 1] }));
    expect(hints).toEqual(['4 samples are few: accuracy may well lie anywhere between 0.30 and 0.95']);
  });

  test('speaks of the first metric that has an interval', () => {
    const metrics = ['expected_calibration_error', 'accuracy'];
    const { hints } = ok(
      ask({ metrics, y_true: [0, 1, 1, 0], y_pred: [0, 1, 1, 1], y_score: [0.1, 0.9, 0.8, 0.6] }),
    );
    expect(hints).toEqual([expect.stringMatching(/^4 samples are few: accuracy/)]);
  });
});

describe('what cannot be scored', () => {
  test.each<[string, Given, string]>([
    ['strings against numbers', { y_true: ['a'], y_pred: [1] }, 'y_true holds strings but y_pred does not'],
    [
      'rows in a classification',
      { y_true: [[0, 1]] },
      'the samples have rows of labels: that is the task multilabel',
    ],
    [
      'single labels in a multilabel task',
      { task: 'multilabel', y_true: [0, 1] },
      'the samples have single labels, and the task multilabel wants rows of 0 and 1',
    ],
    [
      'rows of other values than 0 and 1',
      { task: 'multilabel', y_true: [[0, 2]] },
      'y_true has rows with 2; rows of several labels hold 0 and 1 only',
    ],
    [
      'a string in a regression',
      { task: 'regression', y_true: [1, 'a'] },
      'y_true holds a string, which is no number (sample 1, counted from 0)',
    ],
    [
      'null as a prediction',
      { task: 'regression', y_true: [1, 2], y_pred: [1, null] },
      'y_pred holds null, which is no number (sample 1, counted from 0)',
    ],
  ])('%s: the reason', (_, given, error) => {
    expect(ask(given)).toMatchObject({ status: 'invalid_data', error });
  });

  test('scores that are missing or wrong leave the metrics of labels alone', () => {
    const metrics = ['accuracy', 'roc_auc'];
    for (const [y_score, reason] of [
      [undefined, /no y_score/],
      [[0.5], /y_score has 1 samples but y_true has 2/],
      ['no list', /y_score is not a list/],
      [[0.1, 'x'], /y_score holds a string/],
    ] as const) {
      const found = ok(ask({ metrics, y_true: [0, 1], y_score }));
      expect(found.metrics).toEqual({ accuracy: 1, roc_auc: null });
      expect(found.undefined.roc_auc).toMatch(reason);
    }
  });

  test('where all that is asked for needs scores, a row without them is invalid data', () => {
    expect(ask({ metrics: ['roc_auc'], y_true: [0, 1] })).toMatchObject({ status: 'invalid_data' });
  });
});

test('the report has the classes and the confusion matrix', () => {
  const { report } = ok(ask({ metrics: ['accuracy'], y_true: ['a', 'b', 'b'], y_pred: ['a', 'b', 'c'] }));
  expect(report).toEqual({
    classes: [
      { label: 'a', precision: 1, recall: 1, f1: 1, support: 1, predicted: 1 },
      { label: 'b', precision: 1, recall: 0.5, f1: 2 / 3, support: 2, predicted: 1 },
      { label: 'c', precision: 0, recall: null, f1: 0, support: 0, predicted: 1 },
    ],
    classes_left_out: 0,
    confusion: [
      [1, 0, 0],
      [0, 1, 1],
      [0, 0, 0],
    ],
  });
});

test('the report tells of 200 classes and how many there are besides', () => {
  const y_true = Array.from({ length: 450 }, (_, i) => i % 230);
  const { report } = ok(ask({ metrics: ['accuracy'], y_true }));
  expect(report?.classes).toHaveLength(200);
  expect(report?.confusion).toHaveLength(200);
  expect(report?.classes_left_out).toBe(30);
});

describe('of a column with nulls', () => {
  test('the sample that is told is the one that is wrong', () => {
    const found = ask({
      task: 'multilabel',
      y_true: [null, [0.5, 1]],
      y_pred: [
        [0, 1],
        [0, 1],
      ],
    });
    expect(found).toMatchObject({
      status: 'invalid_data',
      error: expect.stringMatching(/y_true holds 0\.5.*sample 1,/),
    });
  });

  test('null may stand among the rows of a column vector', () => {
    for (const task of ['classification', 'regression'] as const) {
      const found = ask({
        task,
        metrics: task === 'regression' ? ['r2'] : ['accuracy'],
        y_true: [null, [1], [2]],
        y_pred: [3, 1, 2],
      });
      expect(found).toMatchObject({ n_samples: 2, n_unlabelled: 1 });
      expect(Object.values(ok(found).metrics)).toEqual([1]);
    }
  });
});

test('more numbers than a run has memory for are refused', () => {
  const read = (count: number) => readNumbers('y_true', Buffer.from(`[${'1,'.repeat(count - 1)}1]`), false);
  expect(read(2 ** 23).samples).toBe(2 ** 23);
  expect(() => read(2 ** 23 + 1)).toThrow('y_true has more than 8388608 numbers: store fewer samples a row');
});

test('so are more labels', () => {
  const y_true = Array.from({ length: 500_001 }, (_, i) => i);
  expect(ask({ metrics: ['accuracy'], y_true })).toEqual({
    status: 'invalid_data',
    error: 'y_true has more than 500000 distinct labels: store fewer samples a row',
  });
});

test('labels that are nearly all different are classes too', () => {
  const y_true = Array.from({ length: 150_000 }, (_, i) => i);
  const found = ok(ask({ metrics: ['accuracy'], y_true, y_pred: y_true.map((i) => i + y_true.length) }));
  expect(found.metrics).toEqual({ accuracy: 0 });
  expect(found.hints.join()).toMatch('have no label in common');
});

test('roc_auc_ovo is the mean of what each pair of classes has by itself', () => {
  const y_true = Array.from({ length: 60 }, (_, i) => i % 4);
  const y_score = y_true.map((label, i) => {
    const row = [0, 1, 2, 3].map((place) => (place === label ? 3 : 1) + ((i * 7 + place * 5) % 11));
    const sum = row.reduce((a, b) => a + b);
    return row.map((value) => value / sum);
  });
  const area = (positive: number, negative: number): number => {
    const pair = y_true.flatMap((label, i) => (label === positive || label === negative ? [i] : []));
    const { metrics } = ok(
      ask({
        metrics: ['roc_auc'],
        pos_label: positive,
        y_true: pair.map((i) => y_true[i]),
        y_score: pair.map((i) => y_score[i]?.[positive]),
      }),
    );
    return metrics.roc_auc as number;
  };
  const areas = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].filter((b) => b !== a).map((b) => area(a, b)));
  const { metrics } = ok(ask({ metrics: ['roc_auc_ovo', 'roc_auc_ovo_weighted'], y_true, y_score }));
  const mean = areas.reduce((a, b) => a + b) / areas.length;
  expect(metrics.roc_auc_ovo).toBeCloseTo(mean, 12);
  expect(metrics.roc_auc_ovo_weighted).toBeCloseTo(mean, 12);
});
