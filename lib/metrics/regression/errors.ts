import type { Numbers } from '../counts/numbers';
import { z } from '../intervals/normal';
import type { Interval, Metric } from '../metric';
import { middleOfShortestHalf, sortedErrors, sortedTrue } from './constants';
import { constantly } from './meanLosses';

const median = (sorted: Float64Array): number => {
  const half = sorted.length >> 1;
  const high = sorted[half] as number;
  return sorted.length % 2 === 1 ? high : ((sorted[half - 1] as number) + high) / 2;
};

/** The order statistics that a binomial count of half the samples lies between. */
const medianInterval = (sorted: Float64Array): Interval | null => {
  const n = sorted.length;
  const half = (z * Math.sqrt(n)) / 2;
  const low = Math.floor(n / 2 - half) - 1;
  const high = Math.ceil(n / 2 + half);
  return low < 0 || high >= n ? null : [sorted[low] as number, sorted[high] as number];
};

const common = {
  tasks: ['regression'],
  needs: 'numbers',
  range: [0, Number.POSITIVE_INFINITY],
  better: 'lower',
} as const;

/** sklearn.metrics.median_absolute_error. */
export const medianAbsoluteError: Metric<'numbers'> = {
  name: 'median_absolute_error',
  ...common,
  compute: (numbers) => median(sortedErrors(numbers)),
  interval: (numbers) => medianInterval(sortedErrors(numbers)),
  baseline: (numbers) => median(sortedErrors(constantly(numbers, middleOfShortestHalf(sortedTrue(numbers))))),
};

const largest = ({ n, yTrue, yPred }: Numbers): number => {
  let most = 0;
  for (let i = 0; i < n; i++) most = Math.max(most, Math.abs((yTrue[i] as number) - (yPred[i] as number)));
  return most;
};

/** sklearn.metrics.max_error. What the next sample may add to a maximum, no interval knows. */
export const maxError: Metric<'numbers'> = {
  name: 'max_error',
  ...common,
  compute: largest,
  baseline(numbers) {
    const sorted = sortedTrue(numbers);
    const low = sorted[0] as number;
    return largest(constantly(numbers, low + ((sorted.at(-1) as number) - low) / 2));
  },
};
