import type { Interval } from '../metric';
import { student } from './mean';
import { binomialOf, randomOf } from './random';

const seed = 20_260_101;

/** So many numbers are looked at in all, about; that takes seconds. */
const mostWork = 400_000_000;

/** More for few cells, which are cheap; fewer than a hundred where one resample takes long. */
const replicatesFor = (cells: number, work: number): number => {
  const wanted = Math.min(500, Math.max(100, Math.round(200_000 / cells)));
  return Math.max(fewest, Math.min(wanted, Math.floor(mostWork / work)));
};

/** So many can tell by their spread how sure a number is. */
const fewest = 12;

/** So many show by themselves where the outermost twentieth begins. */
const forPercentiles = 100;

/** Up to so many samples per cell are drawn one by one. */
const singleDraws = 8;

/**
 * The 95 % intervals of several numbers of counted cells, all from the same multinomial resamples of the cells, with a fixed
 * seed: the same counts have the same intervals.
 * @param compute the numbers of resampled counts, into `values`
 * @param work how many numbers that looks at
 */
export const bootstrap = (
  counts: Float64Array,
  estimates: readonly number[],
  compute: (resampled: Float64Array, values: Float64Array) => void,
  work = counts.length,
): (Interval | null)[] => {
  const replicates = replicatesFor(counts.length, work);
  const found = estimates.map(() => new Float64Array(replicates));
  const resample = resampler(counts);
  const values = new Float64Array(estimates.length);
  for (let replicate = 0; replicate < replicates; replicate++) {
    compute(resample(), values);
    for (const [i, list] of found.entries()) list[replicate] = values[i] as number;
  }
  const interval = replicates < forPercentiles ? bySpread : percentiles;
  return found.map((list, i) => interval(list.sort(), estimates[i] as number));
};

const resampler = (counts: Float64Array): (() => Float64Array) => {
  const random = randomOf(seed);
  const n = counts.reduce((sum, count) => sum + count, 0);
  const drawn = new Float64Array(counts.length);
  return n <= counts.length * singleDraws
    ? oneByOne(counts, n, drawn, random)
    : byCell(counts, n, drawn, random);
};

const oneByOne = (counts: Float64Array, n: number, drawn: Float64Array, random: () => number) => {
  const cellOf = new Int32Array(n);
  let next = 0;
  counts.forEach((count, cell) => {
    cellOf.fill(cell, next, next + count);
    next += count;
  });
  return () => {
    drawn.fill(0);
    for (let i = 0; i < n; i++) {
      const cell = cellOf[Math.floor(random() * n)] as number;
      drawn[cell] = (drawn[cell] as number) + 1;
    }
    return drawn;
  };
};

/** Each cell takes its share of what the cells before have left. */
const byCell = (counts: Float64Array, all: number, drawn: Float64Array, random: () => number) => {
  const binomial = binomialOf(random);
  return () => {
    let samples = Math.round(all);
    let weight = all;
    for (let cell = 0; cell < counts.length; cell++) {
      const count = counts[cell] as number;
      const taken = count >= weight ? samples : binomial(samples, count / weight);
      drawn[cell] = taken;
      samples -= taken;
      weight -= count;
    }
    return drawn;
  };
};

/** A number of very many samples is nearly normal: some resamples tell its standard error, Student how well they do. */
const bySpread = (values: Float64Array, estimate: number): Interval | null => {
  const n = values.length;
  const centre = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const half = student(n - 1) * Math.sqrt(squares / (n - 1));
  return half > 0 ? [estimate - half, estimate + half] : null;
};

/** Of sorted values, undefined ones at the end. None where too many are undefined, or all are the same. */
const percentiles = (sorted: Float64Array, estimate: number): Interval | null => {
  let size = sorted.length;
  while (size > 0 && Number.isNaN(sorted[size - 1])) size--;
  if (size < sorted.length * 0.95 || sorted[0] === sorted[size - 1] || Number.isNaN(estimate)) return null;
  const at = (q: number) => sorted[Math.min(size - 1, Math.floor(q * size))] as number;
  return [Math.min(at(0.025), estimate), Math.max(at(0.975), estimate)];
};
