import type { AskedMetric } from '../checkMetrics';
import { confusion } from '../counts/confusion';
import { recounted } from '../counts/multilabel';
import type { AnyMetric, Counts, Interval, Options } from '../metric';
import { bootstrap } from './bootstrap';

interface Valued extends AskedMetric {
  options: Options;
  value: number;
}

/** The interval of each metric by its key, all resampled ones from the same resamples. */
export const intervalsOf = (
  asked: readonly Valued[],
  counts: Partial<Counts>,
): Record<string, Interval | null> => {
  const intervals: Record<string, Interval | null> = {};
  const resampled: Valued[] = [];
  for (const one of asked) {
    const { key, metric, options, value } = one;
    intervals[key] = null;
    if (!Number.isFinite(value)) continue;
    if (metric.interval === 'bootstrap') resampled.push(one);
    else if (metric.interval) {
      intervals[key] = within(metric, metric.interval(counts[metric.needs] as never, options, value));
    }
  }
  for (const [i, interval] of resampledIntervals(resampled, counts).entries()) {
    const { key, metric } = resampled[i] as Valued;
    intervals[key] = within(metric, interval);
  }
  return intervals;
};

const within = ({ range: [low, high] }: AnyMetric, interval: Interval | null): Interval | null =>
  interval && [Math.max(low, interval[0]), Math.min(high, interval[1])];

const resampledIntervals = (asked: readonly Valued[], counts: Partial<Counts>): (Interval | null)[] => {
  if (asked.length === 0) return [];
  const of = resampling(counts);
  return bootstrap(
    of.cells,
    asked.map(({ value }) => value),
    (drawn, values) => {
      const replicate = of.withCounts(drawn) as never;
      for (const [i, { metric, options }] of asked.entries()) values[i] = metric.compute(replicate, options);
    },
  );
};

/** The counted cells, and what they would count with other counts. */
const resampling = ({ confusion: ofClasses, multilabel: ofRows }: Partial<Counts>) => {
  if (ofClasses) {
    const { labels, cells } = ofClasses;
    return {
      cells: cells.counts,
      withCounts: (counts: Float64Array) => confusion(labels, { ...cells, counts }),
    };
  }
  if (!ofRows) throw new Error('only counted cells can be resampled');
  return { cells: ofRows.pairs.counts, withCounts: (counts: Float64Array) => recounted(ofRows, counts) };
};
