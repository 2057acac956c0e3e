import type { ClassCounts } from '../counts/confusion';
import type { Label } from '../decode/labels';
import { mapInterval, sumOfProportions, wilson } from '../intervals/wilson';
import { listLabels } from '../labelText';
import type { AnyMetric, Interval, Metric, Options, Param, Task } from '../metric';
import { whyNotBinary } from './binary';

/** What a ratio takes of a class: hits over `hits` of the hits and so on. */
interface Shares {
  over: number;
  hits: number;
  support: number;
  predicted: number;
}

/** A ratio of a class's counts: sklearn.metrics.precision_score and its kin. */
interface Ratio {
  name: string;
  params?: Record<string, Param>;
  shares(options: Options): Shares;
  /** What is missing where the lower sum is 0. */
  missing: string;
  /** The ratio as a function of a proportion: that of hits among the samples of `trials`. */
  proportion?: { trials: Shares; map(p: number): number };
}

const precision: Shares = { over: 1, hits: 0, support: 0, predicted: 1 };
const recall: Shares = { over: 1, hits: 0, support: 1, predicted: 0 };
const jaccard: Shares = { over: 1, hits: -1, support: 1, predicted: 1 };
const fbeta = (beta: number): Shares => ({ over: 1 + beta ** 2, hits: 0, support: beta ** 2, predicted: 1 });

const itself = (p: number): number => p;

const ratios: Ratio[] = [
  {
    name: 'precision',
    shares: () => precision,
    missing: 'predicted',
    proportion: { trials: precision, map: itself },
  },
  { name: 'recall', shares: () => recall, missing: 'true', proportion: { trials: recall, map: itself } },
  {
    name: 'f1',
    shares: () => fbeta(1),
    missing: 'true or predicted',
    proportion: { trials: jaccard, map: (p) => (2 * p) / (1 + p) },
  },
  {
    name: 'fbeta',
    params: { beta: { min: 0, max: 1000 } },
    shares: ({ params }) => fbeta(params.beta as number),
    missing: 'true or predicted',
  },
  {
    name: 'jaccard',
    shares: () => jaccard,
    missing: 'true or predicted',
    proportion: { trials: jaccard, map: itself },
  },
];

type Average = 'macro' | 'micro' | 'weighted';

const under = ({ hits, support, predicted }: Shares, h: number, s: number, p: number): number =>
  hits * h + support * s + predicted * p;

/** Classes in neither column are no classes, unless they are asked for. */
const averaged = (ratio: Ratio, average: Average, counts: ClassCounts, options: Options): number => {
  const { hits, support, predicted } = counts;
  const { chosen } = options;
  const shares = ratio.shares(options);
  const size = chosen ? chosen.length : hits.length;
  let over = 0;
  let below = 0;
  let sum = 0;
  let classes = 0;
  let weighted = 0;
  let weights = 0;
  for (let place = 0; place < size; place++) {
    const at = chosen ? (chosen[place] as number) : place;
    const h = at < 0 ? 0 : (hits[at] as number);
    const s = at < 0 ? 0 : (support[at] as number);
    const p = at < 0 ? 0 : (predicted[at] as number);
    if (s + p === 0 && !chosen) continue;
    const bottom = under(shares, h, s, p);
    const value = bottom === 0 ? 0 : (shares.over * h) / bottom;
    over += shares.over * h;
    below += bottom;
    sum += value;
    classes++;
    weighted += s * value;
    weights += s;
  }
  if (average === 'micro') return over / below;
  return average === 'weighted' && weights > 0 ? weighted / weights : sum / classes;
};

const whyPartly = (ratio: Ratio, counts: ClassCounts, options: Options): string | undefined => {
  const { labels = counts.labels, chosen } = options;
  const shares = ratio.shares(options);
  const names: Label[] = [];
  for (const [place, label] of labels.entries()) {
    const found = countsAt(counts, chosen ? (chosen[place] as number) : place);
    if ((chosen || found[1] + found[2] > 0) && under(shares, ...found) === 0) names.push(label);
  }
  return names.length === 0
    ? undefined
    : `0/0 counted as 0: no ${ratio.missing} samples of ${listLabels(names)}`;
};

type Three = [hits: number, support: number, predicted: number];

const countsAt = ({ hits, support, predicted }: ClassCounts, at: number): Three => [
  hits[at] ?? 0,
  support[at] ?? 0,
  predicted[at] ?? 0,
];

const averageMetric = (task: Task, ratio: Ratio, average: Average): Metric<'classes'> => ({
  ...entry(ratio, average),
  tasks: [task],
  needs: 'classes',
  compute: (counts, options) => averaged(ratio, average, counts, options),
  undefined(counts, options) {
    if (average !== 'micro') return whyPartly(ratio, counts, options);
    const value = averaged(ratio, average, counts, options);
    return Number.isNaN(value) ? `0/0: there are no ${ratio.missing} samples` : undefined;
  },
  // Resamples of few samples put weighted precision too high: what is seldom predicted looks better than it is.
  interval:
    task === 'classification' && ratio.name === 'precision' && average === 'weighted'
      ? (counts, options) => weightedPrecisionInterval(counts, options)
      : 'bootstrap',
});

const weightedPrecisionInterval = (counts: ClassCounts, { chosen }: Options): Interval | null => {
  const asked = chosen ? [...chosen] : [...counts.hits.keys()];
  const found = asked
    .map((at) => countsAt(counts, at))
    .filter(([, support, predicted]) => support * predicted > 0);
  const all = asked.reduce((sum, at) => sum + (counts.support[at] ?? 0), 0);
  return sumOfProportions(
    found.map(([hits, support, predicted]) => ({
      weight: support / all,
      successes: hits,
      trials: predicted,
    })),
  );
};

const binaryMetric = (ratio: Ratio): Metric<'classes'> => ({
  ...entry(ratio),
  binary: true,
  tasks: ['classification'],
  needs: 'classes',
  compute(counts, options) {
    if (whyNotBinary(counts, options)) return Number.NaN;
    const found = countsAt(counts, options.pos);
    const shares = ratio.shares(options);
    return (shares.over * found[0]) / under(shares, ...found);
  },
  undefined(counts, options) {
    const reason = whyNotBinary(counts, options);
    if (reason) return reason;
    const bottom = under(ratio.shares(options), ...countsAt(counts, options.pos));
    return bottom === 0 ? `0/0: there are no ${ratio.missing} samples of the positive label` : undefined;
  },
  interval: ratio.proportion ? (counts, options) => positiveInterval(ratio, counts, options) : 'bootstrap',
});

const positiveInterval = ({ proportion }: Ratio, counts: ClassCounts, { pos }: Options): Interval | null => {
  if (!proportion) return null;
  const found = countsAt(counts, pos);
  return mapInterval(wilson(found[0], under(proportion.trials, ...found)), proportion.map);
};

/** A mean over the samples of the ratio of their rows. */
const samplesMetric = (ratio: Ratio): Metric<'multilabel'> => ({
  ...entry(ratio, 'samples'),
  tasks: ['multilabel'],
  needs: 'multilabel',
  compute({ n, rows }, options) {
    const shares = ratio.shares(options);
    let sum = 0;
    for (let i = 0; i < rows.counts.length; i++) {
      const h = rows.hits[i] as number;
      const bottom = under(shares, h, rows.support[i] as number, rows.predicted[i] as number);
      if (bottom > 0) sum += ((rows.counts[i] as number) * shares.over * h) / bottom;
    }
    return sum / n;
  },
  undefined({ rows }, options) {
    const shares = ratio.shares(options);
    let samples = 0;
    for (const [i, count] of rows.counts.entries()) {
      const found: Three = [rows.hits[i] as number, rows.support[i] as number, rows.predicted[i] as number];
      if (under(shares, ...found) === 0) samples += count;
    }
    return samples > 0 ? `0/0 counted as 0: ${samples} samples have no ${ratio.missing} labels` : undefined;
  },
  interval: 'bootstrap',
});

const entry = ({ name, params }: Ratio, average?: string) =>
  ({
    name: average ? `${name}_${average}` : name,
    ...(params && { params }),
    range: [0, 1],
    better: 'higher',
  }) as const;

export const ratioMetrics: AnyMetric[] = ratios.flatMap((ratio) => [
  binaryMetric(ratio),
  ...(['macro', 'micro', 'weighted'] as const).flatMap((average) => [
    averageMetric('classification', ratio, average),
    averageMetric('multilabel', ratio, average),
  ]),
  samplesMetric(ratio),
]);
