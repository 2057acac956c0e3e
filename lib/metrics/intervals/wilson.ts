import type { Interval } from '../metric';
import { z } from './normal';

/** Wilson's interval of a proportion; null without trials. */
export const wilson = (successes: number, trials: number): Interval | null => {
  if (trials === 0) return null;
  const p = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (p + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / trials + z ** 2 / (4 * trials ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
};

/** The interval of a function of the proportion that grows, or falls, all the way. */
export const mapInterval = (interval: Interval | null, map: (value: number) => number): Interval | null => {
  if (!interval) return null;
  const [a, b] = interval.map(map) as Interval;
  return a < b ? [a, b] : [b, a];
};

/**
 * The interval of a weighted sum of independent proportions from their own intervals (MOVER: Zou, Huang and Zhang 2009).
 */
export const sumOfProportions = (
  terms: readonly { weight: number; successes: number; trials: number }[],
): Interval | null => {
  let value = 0;
  let below = 0;
  let above = 0;
  for (const { weight, successes, trials } of terms) {
    const interval = wilson(successes, trials);
    if (!interval) return null;
    const p = successes / trials;
    value += weight * p;
    below += (weight * (p - interval[0])) ** 2;
    above += (weight * (interval[1] - p)) ** 2;
  }
  return [Math.max(0, value - Math.sqrt(below)), Math.min(1, value + Math.sqrt(above))];
};
