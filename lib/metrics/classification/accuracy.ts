import type { Multilabel } from '../counts/multilabel';
import { wilson } from '../intervals/wilson';
import type { AnyMetric, Interval, Metric } from '../metric';

const matches = ({ hits }: { hits: Float64Array }): number => {
  let sum = 0;
  for (let i = 0; i < hits.length; i++) sum += hits[i] as number;
  return sum;
};

/** Rows that are right in every place. */
const exactRows = ({ rows }: Multilabel): number => {
  let sum = 0;
  for (let i = 0; i < rows.counts.length; i++) {
    if (rows.hits[i] === rows.support[i] && rows.hits[i] === rows.predicted[i])
      sum += rows.counts[i] as number;
  }
  return sum;
};

const wrongPlaces = ({ hits, support, predicted }: Multilabel): number => {
  let sum = 0;
  for (let i = 0; i < hits.length; i++) {
    sum += (support[i] as number) + (predicted[i] as number) - 2 * (hits[i] as number);
  }
  return sum;
};

const lossOf = (interval: Interval | null): Interval | null => interval && [1 - interval[1], 1 - interval[0]];

const right = { range: [0, 1], better: 'higher' } as const;
const wrong = { range: [0, 1], better: 'lower' } as const;

/** sklearn.metrics.accuracy_score, zero_one_loss and hamming_loss of single labels. */
const ofLabels: Omit<Metric<'classes'>, 'tasks' | 'needs'>[] = [
  {
    name: 'accuracy',
    ...right,
    compute: (counts) => matches(counts) / counts.n,
    interval: (counts) => wilson(matches(counts), counts.n),
  },
  {
    name: 'zero_one_loss',
    ...wrong,
    compute: (counts) => 1 - matches(counts) / counts.n,
    interval: (counts) => lossOf(wilson(matches(counts), counts.n)),
  },
  {
    name: 'hamming_loss',
    ...wrong,
    compute: (counts) => (counts.n - matches(counts)) / counts.n,
    interval: (counts) => lossOf(wilson(matches(counts), counts.n)),
  },
];

/** The same of rows: a row is right if all of it is; hamming_loss counts each label. */
const ofRows: Omit<Metric<'multilabel'>, 'tasks' | 'needs'>[] = [
  {
    name: 'accuracy',
    ...right,
    compute: (counts) => exactRows(counts) / counts.n,
    interval: (counts) => wilson(exactRows(counts), counts.n),
  },
  {
    name: 'zero_one_loss',
    ...wrong,
    compute: (counts) => 1 - exactRows(counts) / counts.n,
    interval: (counts) => lossOf(wilson(exactRows(counts), counts.n)),
  },
  {
    name: 'hamming_loss',
    ...wrong,
    compute: (counts) => wrongPlaces(counts) / (counts.n * counts.labels.length),
    interval: 'bootstrap',
  },
];

export const accuracyMetrics: AnyMetric[] = [
  ...ofLabels.map((metric) => ({ ...metric, tasks: ['classification'], needs: 'classes' }) as const),
  ...ofRows.map((metric) => ({ ...metric, tasks: ['multilabel'], needs: 'multilabel' }) as const),
];
