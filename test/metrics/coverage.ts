import type { MetricSetting } from '../../lib/metrics/checkMetrics';
import type { Columns } from '../../lib/metrics/count';
import { evaluate } from '../../lib/metrics/evaluate';
import { normalOf, randomOf } from '../../lib/metrics/intervals/random';
import type { Task } from '../../lib/metrics/metric';

/** Samples that can be drawn again and again, the same ones every time. */
interface Population {
  name: string;
  task: Task;
  metrics: MetricSetting[];
  draw(n: number): Columns;
}

export interface Coverage {
  population: string;
  n: number;
  metric: string;
  /** How many intervals of a hundred hold the value of the population. */
  percent: number;
  /** Batches without an interval. */
  without: number;
}

const random = randomOf(7);
const normal = normalOf(random);
const json = (values: unknown): Buffer => Buffer.from(JSON.stringify(values));
const times = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make);

const averages = ['precision', 'recall', 'f1', 'jaccard'].flatMap((name) =>
  ['macro', 'micro', 'weighted'].map((average) => `${name}_${average}`),
);
const ofClasses = ['accuracy', 'balanced_accuracy', ...averages, 'matthews_corrcoef', 'cohen_kappa'];
const ofTwo = ['precision', 'recall', 'f1', 'jaccard', { name: 'fbeta', beta: 2 }];

/** Pairs of classes by the shares of the cells of a confusion matrix. */
const classes = (name: string, metrics: MetricSetting[], matrix: number[][]): Population => {
  const cell = () => {
    let left = random();
    for (const [i, row] of matrix.entries()) {
      for (const [j, share] of row.entries()) {
        left -= share;
        if (left < 0) return [i, j] as const;
      }
    }
    return [0, 0] as const;
  };
  const draw = (n: number) => {
    const pairs = times(n, cell);
    return { y_true: json(pairs.map(([label]) => label)), y_pred: json(pairs.map(([, label]) => label)) };
  };
  return { name, task: 'classification', metrics, draw };
};

const scores = (name: string, share: number, distance: number): Population => ({
  name,
  task: 'classification',
  metrics: ['roc_auc', 'average_precision', 'log_loss', 'brier_score', { name: 'top_k_accuracy', k: 1 }],
  draw(n) {
    const labels = times(n, () => Number(random() < share));
    const y_score = labels.map((label) => 1 / (1 + Math.exp(distance / 2 - distance * label - normal())));
    return { y_true: json(labels), y_pred: json(labels), y_score: json(y_score) };
  },
});

const numbers: Population = {
  name: 'normal errors',
  task: 'regression',
  metrics: [
    'mean_absolute_error',
    'mean_squared_error',
    'root_mean_squared_error',
    'mean_absolute_percentage_error',
    'mean_squared_log_error',
    'root_mean_squared_log_error',
    { name: 'mean_pinball_loss', alpha: 0.9 },
    'median_absolute_error',
    'r2',
    'explained_variance',
  ],
  draw(n) {
    const y_true = times(n, () => 20 + 2 * normal());
    return { y_true: json(y_true), y_pred: json(y_true.map((value) => value + normal())) };
  },
};

const rows: Population = {
  name: 'three labels a row',
  task: 'multilabel',
  metrics: [
    'accuracy',
    'hamming_loss',
    ...averages,
    'precision_samples',
    'recall_samples',
    'f1_samples',
    'jaccard_samples',
  ],
  draw(n) {
    const y_true = times(n, () => {
      const common = normal();
      return [0.5, 0.3, 0.6].map((bound) => Number(normal() + common > bound));
    });
    const y_pred = y_true.map((row) => row.map((bit) => (random() < 0.15 ? 1 - bit : bit)));
    return { y_true: json(y_true), y_pred: json(y_pred) };
  },
};

export const populations: Population[] = [
  classes(
    'two classes',
    [...ofTwo, ...ofClasses],
    [
      [0.5, 0.1],
      [0.08, 0.32],
    ],
  ),
  classes(
    'a rare class',
    [...ofTwo, ...ofClasses],
    [
      [0.78, 0.05],
      [0.05, 0.12],
    ],
  ),
  classes('three classes', ofClasses, [
    [0.3, 0.05, 0.03],
    [0.04, 0.25, 0.04],
    [0.02, 0.05, 0.22],
  ]),
  scores('scores far apart', 0.3, 2),
  scores('scores that overlap', 0.5, 1),
  numbers,
  rows,
];

/** So large that its values are as good as the population's. */
const large = 100_000;

/** How often the intervals of so many batches hold what they should. */
export const coverageOf = (
  { name, task, metrics, draw }: Population,
  n: number,
  batches: number,
): Coverage[] => {
  const ask = (size: number) => {
    const found = evaluate({ task, metrics }, draw(size));
    if (found.status !== 'ok') throw new Error(found.error);
    return found;
  };
  const truth = ask(large).metrics;
  const found = times(batches, () => ask(n).intervals);
  return Object.entries(truth).map(([metric, value]) => {
    const intervals = found.flatMap((batch) => batch[metric] ?? []);
    let held = 0;
    for (let i = 0; i < intervals.length; i += 2) {
      if ((intervals[i] as number) <= (value as number) && (value as number) <= (intervals[i + 1] as number))
        held++;
    }
    const percent = (100 * held) / (intervals.length / 2);
    return { population: name, n, metric, percent, without: batches - intervals.length / 2 };
  });
};
