import { sumOf } from '../sum';

export const mean = (values: Float64Array): number =>
  sumOf(values.length, (i) => values[i] as number) / values.length;

/** Half way between the two values that the share falls between, if it falls between two. */
export const quantile = (values: Float64Array, share: number): number => {
  const sorted = values.slice().sort();
  const at = share * sorted.length;
  const low = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(at) - 1))] as number;
  const high = sorted[Math.min(sorted.length - 1, Math.max(0, Math.floor(at)))] as number;
  return low + (high - low) / 2;
};

/** The value with half of the weight on either side. */
export const weightedMedian = (values: Float64Array, weight: (value: number) => number): number => {
  const sorted = values.slice().sort();
  const half = sumOf(sorted.length, (i) => weight(sorted[i] as number)) / 2;
  let sum = 0;
  for (const value of sorted) {
    sum += weight(value);
    if (sum >= half) return value;
  }
  return sorted.at(-1) ?? Number.NaN;
};

/** The middle of the shortest stretch that holds half of the values: what the median absolute error is least for. */
export const middleOfShortestHalf = (values: Float64Array): number => {
  const sorted = values.slice().sort();
  const n = sorted.length;
  const held = (n >> 1) + 1;
  let best = 0;
  const length = (from: number) => (sorted[from + held - 1] as number) - (sorted[from] as number);
  for (let from = 1; from + held <= n; from++) if (length(from) < length(best)) best = from;
  return (sorted[best] as number) + length(best) / 2;
};
