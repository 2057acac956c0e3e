import type { Metric } from '../metric';
import { sumOf } from '../sum';
import { quantile, sortedTrue } from './constants';

/** sklearn.metrics.d2_absolute_error_score: the share of the absolute error around the median that the prediction explains. */
export const d2AbsoluteError: Metric<'numbers'> = {
  name: 'd2_absolute_error',
  tasks: ['regression'],
  needs: 'numbers',
  range: [Number.NEGATIVE_INFINITY, 1],
  better: 'higher',
  compute(numbers) {
    const { n, yTrue, yPred } = numbers;
    const median = quantile(sortedTrue(numbers), 0.5);
    // Half of it, a pinball loss, as scikit-learn has it: that decides where the numbers are next to too large or too small.
    const left = sumOf(n, (i) => Math.abs((yTrue[i] as number) - (yPred[i] as number)) / 2);
    const all = sumOf(n, (i) => Math.abs((yTrue[i] as number) - median) / 2);
    if (n < 2) return Number.NaN;
    return left === 0 ? 1 : all === 0 ? 0 : 1 - left / all;
  },
  undefined: ({ n }) => (n < 2 ? 'for two samples or more' : undefined),
  baseline: ({ n, yTrue }) => (n < 2 ? Number.NaN : yTrue.every((value) => value === yTrue[0]) ? 1 : 0),
};
