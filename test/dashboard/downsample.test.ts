import fc from 'fast-check';
import { clientModule } from './clientModule';

type Values = (number | null)[];
interface Range {
  min: number;
  max: number;
}

const { extremes } = clientModule<{
  extremes: (times: number[], series: Values[], range: Range, buckets: number) => number[];
}>('downsample');

const everything = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
const series = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.option(fc.double({ noNaN: true }))), { minLength: 1 })
  .map((steps) => {
    let time = 0;
    return steps.map(([step, value]) => {
      time += step;
      return [time, value] as const;
    });
  });

test('few points are drawn as they are, with one beyond each edge of what is in sight', () => {
  const times = [1, 2, 3, 4, 5, 6];
  expect(extremes(times, [[1, 2, 3, 4, 5, 6]], everything, 10)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(extremes(times, [[1, 2, 3, 4, 5, 6]], { min: 2.5, max: 4.5 }, 10)).toEqual([1, 2, 3, 4]);
});

test('of 50,000 points a peak, a dip, a gap and both ends are drawn, and few others', () => {
  const times = Array.from({ length: 50_000 }, (_, at) => at * 60);
  const values: Values = times.map(() => 0.9);
  values[12_345] = 0.95;
  values[23_456] = 0.1;
  values[34_567] = null;
  const drawn = extremes(times, [values], { min: 0, max: 50_000 * 60 }, 250);
  expect(drawn).toEqual(expect.arrayContaining([0, 12_345, 23_456, 34_567, 49_999]));
  expect(drawn.length).toBeLessThanOrEqual(250 * 5);
});

test('in each bucket the lowest and the highest value stay, in order and none twice', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 8 }), (points, buckets) => {
      const times = points.map(([time]) => time);
      const values = points.map(([, value]) => value);
      const [min, max] = [times[0] as number, times.at(-1) as number];
      const drawn = extremes(times, [values], { min, max }, buckets);
      expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
      const bucketOf = (time: number) => Math.floor((time - min) / ((max - min) / buckets));
      for (const bucket of new Set(times.map(bucketOf))) {
        const here = (at: number) => bucketOf(times[at] as number) === bucket;
        const known = (places: number[]) => places.filter(here).flatMap((at) => values[at] ?? []);
        const all = known(times.map((_, at) => at));
        if (all.length === 0) continue;
        expect(Math.min(...known(drawn))).toBe(Math.min(...all));
        expect(Math.max(...known(drawn))).toBe(Math.max(...all));
      }
    }),
  );
});

test('however the points lie, no more are drawn than five in each bucket', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 8 }), (points, buckets) => {
      const times = points.map(([time]) => time);
      const range = { min: times[0] as number, max: times.at(-1) as number };
      const drawn = extremes(times, [points.map(([, value]) => value)], range, buckets);
      expect(drawn.length).toBeLessThanOrEqual(5 * (buckets + 1));
    }),
  );
});
