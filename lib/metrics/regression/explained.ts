import type { Numbers } from '../counts/numbers';
import { lossInterval } from '../intervals/mean';
import { mapInterval } from '../intervals/wilson';
import type { Interval, Metric } from '../metric';
import { sumOf } from '../sum';
import { mean } from './constants';

/** What is left of the squares after the prediction, and what there was around the mean. */
interface Squares {
  left: number;
  all: number;
  /** Of one sample. */
  leftOf(i: number): number;
  allOf(i: number): number;
}

const squares = ({ n, yTrue, yPred }: Numbers, aroundMean: boolean): Squares => {
  const centre = mean(yTrue);
  const errorAt = (i: number) => (yTrue[i] as number) - (yPred[i] as number);
  const bias = aroundMean ? sumOf(n, errorAt) / n : 0;
  const leftOf = (i: number) => (errorAt(i) - bias) ** 2;
  const allOf = (i: number) => ((yTrue[i] as number) - centre) ** 2;
  const constant = yTrue.every((value) => value === yTrue[0]); // whose mean may be rounded
  return { left: sumOf(n, leftOf), all: constant ? 0 : sumOf(n, allOf), leftOf, allOf };
};

/** With `force_finite`, as scikit-learn has it: 1 if nothing is left, else 0 if there was nothing to explain. */
const share = ({ left, all }: Squares): number => (left === 0 ? 1 : all === 0 ? 0 : 1 - left / all);

/** By the delta method: how far each sample moves the quotient. */
const shareInterval = (numbers: Numbers, found: Squares, value: number): Interval | null => {
  const { n } = numbers;
  if (found.left === 0 || found.all === 0) return null;
  const moves = (i: number) => (((1 - value) * found.allOf(i) - found.leftOf(i)) * n) / found.all;
  const left = lossInterval(1 - value, sumOf(n, (i) => moves(i) ** 2) / n, n);
  return mapInterval(left, (share) => 1 - share);
};

const shareMetric = (name: string, aroundMean: boolean, fewest: number): Metric<'numbers'> => ({
  name,
  tasks: ['regression'],
  needs: 'numbers',
  range: [Number.NEGATIVE_INFINITY, 1],
  better: 'higher',
  compute: (numbers) => (numbers.n < fewest ? Number.NaN : share(squares(numbers, aroundMean))),
  undefined: ({ n }) => (n < fewest ? 'for two samples or more' : undefined),
  interval: (numbers, _options, value) => shareInterval(numbers, squares(numbers, aroundMean), value),
  /** The mean explains nothing, unless there is nothing to explain. */
  baseline: (numbers) => (numbers.n < fewest ? Number.NaN : squares(numbers, aroundMean).all === 0 ? 1 : 0),
});

/** sklearn.metrics.r2_score and explained_variance_score. */
export const explainedMetrics: Metric<'numbers'>[] = [
  shareMetric('r2', false, 2),
  shareMetric('explained_variance', true, 1),
];
