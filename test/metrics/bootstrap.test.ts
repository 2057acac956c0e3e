import { bootstrap } from '../../lib/metrics/intervals/bootstrap';
import { wilson } from '../../lib/metrics/intervals/wilson';

/** The interval of the share of the first of two cells, and how many resamples it took. */
const shareOf = (hits: number, misses: number, work?: number) => {
  let resamples = 0;
  const counts = Float64Array.of(hits, misses);
  const compute = ([drawn = 0]: Float64Array, values: Float64Array) => {
    resamples++;
    values[0] = drawn / (hits + misses);
  };
  const [interval] = bootstrap(counts, [hits / (hits + misses)], compute, work);
  return { interval, resamples };
};

test('an interval is of five hundred resamples, or of as few as twelve where each takes long, and hardly another', () => {
  const [low, high] = wilson(60_000, 100_000) as [number, number];
  for (const [work, resamples] of [
    [2, 500],
    [4_000_000, 100],
    [20_000_000, 20],
    [1e9, 12],
  ] as const) {
    const found = shareOf(60_000, 40_000, work);
    expect(found.resamples).toBe(resamples);
    const [from, to] = found.interval as [number, number];
    expect((to - from) / (high - low)).toBeGreaterThan(0.6);
    expect((to - from) / (high - low)).toBeLessThan(1.6);
    expect((from + to) / 2).toBeCloseTo(0.6, 2);
  }
});
