import type { Interval } from '../metric';
import { z } from './normal';

/** The 97.5 % quantile of Student's distribution, by its expansion for many degrees of freedom. */
export const student = (freedom: number): number =>
  z +
  (z ** 3 + z) / (4 * freedom) +
  (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
  (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3);

/** Fewer samples say too little about their own spread. */
const fewest = 10;

/**
 * The interval of a mean of losses by the central limit theorem, on the scale of logarithms: losses are above 0 and skewed,
 * and so are their means. @param variance of one sample, not of the mean
 */
export const lossInterval = (mean: number, variance: number, n: number): Interval | null => {
  if (n < fewest || !(variance > 0 && mean > 0)) return null;
  const half = (student(n - 1) * Math.sqrt(variance / (n - 1))) / mean;
  return Number.isFinite(half) ? [mean * Math.exp(-half), mean * Math.exp(half)] : null;
};

/** The same on the scale of log-odds, which keeps it between 0 and 1. @param error the standard error of the value */
export const logitInterval = (value: number, error: number): Interval | null => {
  if (!(error > 0) || !(value > 0 && value < 1)) return null;
  const centre = Math.log(value / (1 - value));
  const half = (z * error) / (value * (1 - value));
  return [1 / (1 + Math.exp(half - centre)), 1 / (1 + Math.exp(-half - centre))];
};
