import fc from 'fast-check';
import { metricsOf } from '../../lib/metrics/catalogue';
import type { MetricSetting, MetricSettings } from '../../lib/metrics/checkMetrics';
import { type Evaluated, type Evaluation, evaluate } from '../../lib/metrics/evaluate';
import type { Task } from '../../lib/metrics/metric';

const json = (values: unknown): Buffer => Buffer.from(JSON.stringify(values));

/** All that a task has, with parameters where they have to be given. */
const allOf = (task: Task): MetricSetting[] =>
  metricsOf(task).map(({ name, params }) => (params?.beta ? { name, beta: 2 } : name));

type Given = Omit<MetricSettings, 'task' | 'metrics'> & {
  task?: Task;
  metrics?: MetricSetting[];
  y_true: unknown;
  y_pred?: unknown;
  y_score?: unknown;
};

const ask = ({
  task = 'classification',
  metrics = allOf(task),
  y_true,
  y_pred = y_true,
  y_score,
  ...given
}: Given) =>
  evaluate(
    { task, metrics, ...given },
    { y_true: json(y_true), y_pred: json(y_pred), y_score: y_score === undefined ? null : json(y_score) },
    true,
  );

const ok = (found: Evaluation): Evaluated => {
  if (found.status !== 'ok') throw new Error(JSON.stringify(found));
  return found;
};

const same = (a: Record<string, number | null>, b: Record<string, number | null>, digits = 9): void => {
  expect(Object.keys(a)).toEqual(Object.keys(b));
  for (const [key, value] of Object.entries(a)) {
    if (value === null) expect([key, b[key]]).toEqual([key, null]);
    else expect([key, (b[key] as number).toFixed(digits)]).toEqual([key, value.toFixed(digits)]);
  }
};

const pairs = <T>(label: fc.Arbitrary<T>) =>
  fc.array(
    fc.tuple(
      label,
      label,
      fc.integer({ min: 1, max: 999 }).map((n) => n / 1000),
    ),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
const columns = <T>(rows: [T, T, number][]) => ({
  y_true: rows.map(([label]) => label),
  y_pred: rows.map(([, label]) => label),
  y_score: rows.map(([, , score]) => score),
});
const shuffled = <T>(rows: T[]) =>
  fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length });
const runs = { numRuns: 100 };

describe('whatever the samples', () => {
  test.each([
    ['classification', fc.integer({ min: 0, max: 3 })],
    ['multilabel', fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(0, 1), fc.constantFrom(0, 1))],
    ['regression', fc.double({ min: -5, max: 5, noNaN: true })],
  ] as [Task, fc.Arbitrary<unknown>][])('their order changes nothing in a %s', (task, label) => {
    fc.assert(
      fc.property(
        pairs(label).chain((rows) => fc.tuple(fc.constant(rows), shuffled(rows))),
        ([rows, other]) => {
          const [a, b] = [rows, other].map((one) => ok(ask({ task, ...columns(one) })));
          same((a as Evaluated).metrics, (b as Evaluated).metrics);
          same((a as Evaluated).baseline, (b as Evaluated).baseline);
        },
      ),
      runs,
    );
  });

  test('the names of classes change no average', () => {
    const names = ['zebra', 'ant', 'mole', 'bee'];
    const metrics = metricsOf('classification')
      .filter(({ needs, binary }) => needs !== 'scores' && !binary)
      .map(({ name, params }) => (params?.beta ? { name, beta: 0.5 } : name));
    fc.assert(
      fc.property(pairs(fc.integer({ min: 0, max: 3 })), (rows) => {
        const named = rows.map(([a, b, score]) => [names[a], names[b], score] as [string, string, number]);
        same(ok(ask({ metrics, ...columns(rows) })).metrics, ok(ask({ metrics, ...columns(named) })).metrics);
      }),
      runs,
    );
  });

  test('the other class as the positive one, with its own scores, has the complement of the area and the same losses', () => {
    const metrics = ['roc_auc', 'log_loss', 'brier_score'];
    fc.assert(
      fc.property(pairs(fc.integer({ min: 0, max: 1 })), (rows) => {
        const of = columns(rows);
        const one = ok(ask({ metrics, ...of, pos_label: 1, labels: [0, 1] })).metrics;
        const other = ok(ask({ metrics, ...of, pos_label: 0, labels: [0, 1] })).metrics;
        const flipped = of.y_score.map((score) => 1 - score);
        const mirrored = ok(ask({ metrics, ...of, y_score: flipped, pos_label: 0, labels: [0, 1] })).metrics;
        same({ roc_auc: one.roc_auc ?? null }, { roc_auc: other.roc_auc == null ? null : 1 - other.roc_auc });
        same({ log_loss: one.log_loss ?? null }, { log_loss: mirrored.log_loss ?? null }, 6);
      }),
      runs,
    );
  });

  test('accuracy and zero_one_loss make one; weighted recall is accuracy', () => {
    fc.assert(
      fc.property(pairs(fc.integer({ min: 0, max: 5 })), (rows) => {
        const { metrics } = ok(
          ask({ metrics: ['accuracy', 'zero_one_loss', 'recall_weighted'], ...columns(rows) }),
        );
        expect((metrics.accuracy ?? 0) + (metrics.zero_one_loss ?? 0)).toBeCloseTo(1, 12);
        expect(metrics.recall_weighted).toBeCloseTo(metrics.accuracy ?? -1, 12);
      }),
      runs,
    );
  });

  test('samples without a label are left out, and counted', () => {
    const label = fc.option(fc.integer({ min: 0, max: 2 }), { nil: null });
    const rows = fc.array(
      fc.tuple(label, fc.integer({ min: 0, max: 2 }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        minLength: 1,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(rows, (all) => {
        const known = all.filter(([one]) => one !== null);
        const found = ask(columns(all as never));
        if (known.length === 0) {
          expect(found).toMatchObject({
            status: 'insufficient_data',
            n_samples: 0,
            n_unlabelled: all.length,
          });
          return;
        }
        const { n_unlabelled, ...rest } = ok(found);
        expect(n_unlabelled).toBe(all.length - known.length);
        expect({ ...rest, n_unlabelled: 0 }).toEqual(ask(columns(known as never)));
      }),
      runs,
    );
  });

  test('every number lies within its range, and its interval around it', () => {
    fc.assert(
      fc.property(pairs(fc.integer({ min: 0, max: 1 })), (rows) => {
        const { metrics, intervals } = ok(ask(columns(rows)));
        for (const { name, range } of metricsOf('classification')) {
          const value = metrics[name];
          if (value == null) continue;
          expect(value).toBeGreaterThanOrEqual(range[0] - 1e-12);
          expect(value).toBeLessThanOrEqual(range[1] + 1e-12);
          const interval = intervals[name];
          if (!interval) continue;
          expect(interval[0]).toBeLessThanOrEqual(value + 1e-12);
          expect(interval[1]).toBeGreaterThanOrEqual(value - 1e-12);
        }
      }),
      runs,
    );
  });

  test('the same counts have the same intervals every time', () => {
    const of = { y_true: [0, 1, 2, 1, 0, 2, 2, 1], y_pred: [0, 1, 1, 1, 0, 2, 0, 1] };
    expect(ask(of)).toEqual(ask(of));
  });
});

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
  ])('is not given for %j against %j', (y_true, y_pred) => {
    expect(hints(y_true, y_pred)).toEqual([]);
  });

  test('says in words that few samples leave the first metric open', () => {
    const { hints } = ok(ask({ metrics: ['accuracy'], y_true: [0, 1, 1, 0], y_pred: [0, 1, 1, 1] }));
    expect(hints).toEqual(['4 samples are few: accuracy may well lie anywhere between 0.30 and 0.95']);
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
