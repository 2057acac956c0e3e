import type { Numbers } from '../counts/numbers';
import { sumOf } from '../sum';

export const mean = (values: Float64Array): number =>
  sumOf(values.length, (i) => values[i] as number) / values.length;

const sortedBy = (of: (numbers: Numbers) => Float64Array) => {
  const known = new WeakMap<Numbers, Float64Array>();
  return (numbers: Numbers): Float64Array => {
    const sorted = known.get(numbers) ?? of(numbers).sort();
    known.set(numbers, sorted);
    return sorted;
  };
};

/** Sorted once for all metrics that want them so. */
export const sortedTrue = sortedBy(({ yTrue }) => yTrue.slice());
export const sortedErrors = sortedBy(({ yTrue, yPred }) =>
  yTrue.map((value, i) => Math.abs(value - (yPred[i] as number))),
);

/** Half way between the two values that the share falls between, if it falls between two. */
export const quantile = (sorted: Float64Array, share: number): number => {
  const at = share * sorted.length;
  const last = sorted.length - 1;
  const low = Math.min(last, Math.max(0, Math.ceil(at) - 1));
  const high = Math.min(last, Math.floor(at));
  return low === high ? (sorted[low] as number) : ((sorted[low] as number) + (sorted[high] as number)) / 2;
};

/** The value with half of the weight on either side. */
export const weightedMedian = (sorted: Float64Array, weight: (value: number) => number): number => {
  const half = sumOf(sorted.length, (i) => weight(sorted[i] as number)) / 2;
  let sum = 0;
  for (const value of sorted) {
    sum += weight(value);
    if (sum >= half) return value;
  }
  return sorted.at(-1) ?? Number.NaN;
};

/** The middle of the shortest stretch that holds half of the values: what the median absolute error is least for. */
export const middleOfShortestHalf = (sorted: Float64Array): number => {
  const n = sorted.length;
  const held = (n >> 1) + 1;
  let best = 0;
  const length = (from: number) => (sorted[from + held - 1] as number) - (sorted[from] as number);
  for (let from = 1; from + held <= n; from++) if (length(from) < length(best)) best = from;
  return (sorted[best] as number) + length(best) / 2;
};
