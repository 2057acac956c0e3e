import fc from 'fast-check';
import { metricsOf } from '../../lib/metrics/catalogue';
import type { Task } from '../../lib/metrics/metric';
import { ask, ok } from './ask';

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
          const [a, b] = [ok(ask({ task, ...columns(rows) })), ok(ask({ task, ...columns(other) }))];
          same(a.metrics, b.metrics);
          same(a.baseline, b.baseline);
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
