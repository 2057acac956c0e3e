import { type Cells, type Confusion, confusion } from '../counts/confusion';
import { recounted } from '../counts/multilabel';
import type { AnyMetric, Counts, Interval } from '../metric';
import type { Valued } from '../values';
import { bootstrap } from './bootstrap';

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
    of.work,
  );
};

/** The cells to resample, and what they would count with other counts. */
const resampling = ({ confusion: ofClasses, multilabel: ofRows }: Partial<Counts>) => {
  if (ofClasses) {
    const { labels } = ofClasses;
    const cells = labels.length <= mostSmoothed ? smoothed(ofClasses) : ofClasses.cells;
    return {
      cells: cells.counts,
      work: cells.counts.length + labels.length,
      withCounts: (counts: Float64Array) => confusion(labels, { ...cells, counts }),
    };
  }
  if (!ofRows) throw new Error('only counted cells can be resampled');
  return {
    cells: ofRows.pairs.counts,
    work: ofRows.pairs.trueRows.length,
    withCounts: (counts: Float64Array) => recounted(ofRows, counts),
  };
};

const mostSmoothed = 20;

/** Two samples more, spread over the whole matrix: a cell that was empty so far need not be empty in the next batch. */
const smoothed = ({ labels, cells }: Confusion): Cells => {
  const size = labels.length;
  const counts = new Float64Array(size ** 2).fill(2 / size ** 2);
  for (const [i, count] of cells.counts.entries()) {
    const cell = (cells.trueClasses[i] as number) * size + (cells.predClasses[i] as number);
    counts[cell] = (counts[cell] as number) + count;
  }
  return {
    trueClasses: Int32Array.from(counts, (_, cell) => Math.floor(cell / size)),
    predClasses: Int32Array.from(counts, (_, cell) => cell % size),
    counts,
  };
};
