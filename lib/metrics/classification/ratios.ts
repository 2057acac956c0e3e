import type { ClassCounts } from '../counts/confusion';
import type { Label } from '../decode/labels';
import { mapInterval, wilson } from '../intervals/wilson';
import { listLabels } from '../labelText';
import type { AnyMetric, Interval, Metric, Options, Param } from '../metric';
import { whyNotBinary } from './binary';

/** A ratio of a class's counts: sklearn.metrics.precision_score and its kin, one sum over another. */
interface Ratio {
  name: string;
  params?: Record<string, Param>;
  over(hits: number, support: number, predicted: number, options: Options): number;
  under(hits: number, support: number, predicted: number, options: Options): number;
  /** What is missing where the lower sum is 0. */
  missing: string;
  /** A proportion of samples that are drawn independently, and the ratio as a function of it. */
  proportion?: { trials(hits: number, support: number, predicted: number): number; map?(p: number): number };
}

const square = ({ params }: Options): number => (params.beta ?? 1) ** 2;

const union = (hits: number, support: number, predicted: number): number => support + predicted - hits;

const fbeta: Omit<Ratio, 'name'> = {
  over: (hits, _support, _predicted, options) => (1 + square(options)) * hits,
  under: (_hits, support, predicted, options) => square(options) * support + predicted,
  missing: 'true or predicted',
};

const ratios: Ratio[] = [
  {
    name: 'precision',
    over: (hits) => hits,
    under: (_hits, _support, predicted) => predicted,
    missing: 'predicted',
    proportion: { trials: (_hits, _support, predicted) => predicted },
  },
  {
    name: 'recall',
    over: (hits) => hits,
    under: (_hits, support) => support,
    missing: 'true',
    proportion: { trials: (_hits, support) => support },
  },
  { name: 'f1', ...fbeta, proportion: { trials: union, map: (jaccard) => (2 * jaccard) / (1 + jaccard) } },
  { name: 'fbeta', ...fbeta, params: { beta: { min: 0 } } },
  {
    name: 'jaccard',
    over: (hits) => hits,
    under: union,
    missing: 'true or predicted',
    proportion: { trials: union },
  },
];

type Average = 'macro' | 'micro' | 'weighted';

/** The classes that are asked for; those in neither column are no classes unless they are. */
const forEachClass = (
  ratio: Ratio,
  { labels, hits, support, predicted }: ClassCounts,
  options: Options,
  take: (over: number, under: number, support: number, place: number) => void,
): void => {
  const { chosen } = options;
  const size = chosen?.length ?? labels.length;
  for (let place = 0; place < size; place++) {
    const at = chosen ? (chosen[place] as number) : place;
    const h = hits[at] ?? 0;
    const s = support[at] ?? 0;
    const p = predicted[at] ?? 0;
    if (!chosen && s + p === 0) continue;
    take(ratio.over(h, s, p, options), ratio.under(h, s, p, options), s, place);
  }
};

const averaged = (ratio: Ratio, average: Average, counts: ClassCounts, options: Options): number => {
  let [over, under, sum, classes, weighted, weights] = [0, 0, 0, 0, 0, 0];
  forEachClass(ratio, counts, options, (top, bottom, support) => {
    const value = bottom === 0 ? 0 : top / bottom;
    over += top;
    under += bottom;
    sum += value;
    classes++;
    weighted += support * value;
    weights += support;
  });
  if (average === 'micro') return over / under;
  return average === 'weighted' && weights > 0 ? weighted / weights : sum / classes;
};

const whyUndefined = (ratio: Ratio, counts: ClassCounts, options: Options): string | undefined => {
  const names: Label[] = [];
  forEachClass(ratio, counts, options, (_over, under, _support, place) => {
    if (under === 0) names.push((options.labels ?? counts.labels)[place] as Label);
  });
  if (names.length === 0) return undefined;
  return `0/0 counted as 0: no ${ratio.missing} samples of ${listLabels(names)}`;
};

const averageMetric = (ratio: Ratio, average: Average): Metric<'classes'> => ({
  ...entry(ratio, average),
  tasks: ['classification', 'multilabel'],
  needs: 'classes',
  compute: (counts, options) => averaged(ratio, average, counts, options),
  undefined(counts, options) {
    if (average !== 'micro') return whyUndefined(ratio, counts, options);
    const value = averaged(ratio, average, counts, options);
    return Number.isNaN(value) ? `0/0: there are no ${ratio.missing} samples` : undefined;
  },
  interval: 'bootstrap',
});

const binaryMetric = (ratio: Ratio): Metric<'classes'> => ({
  ...entry(ratio),
  binary: true,
  tasks: ['classification'],
  needs: 'classes',
  compute(counts, options) {
    if (whyNotBinary(counts, options)) return Number.NaN;
    const [h, s, p] = positive(counts, options);
    return ratio.over(h, s, p, options) / ratio.under(h, s, p, options);
  },
  undefined(counts, options) {
    const reason = whyNotBinary(counts, options);
    if (reason) return reason;
    const under = ratio.under(...positive(counts, options), options);
    return under === 0 ? `0/0: there are no ${ratio.missing} samples of the positive label` : undefined;
  },
  interval: ratio.proportion ? (counts, options) => positiveInterval(ratio, counts, options) : 'bootstrap',
});

const positive = ({ hits, support, predicted }: ClassCounts, { pos }: Options): [number, number, number] => [
  hits[pos] ?? 0,
  support[pos] ?? 0,
  predicted[pos] ?? 0,
];

const positiveInterval = (ratio: Ratio, counts: ClassCounts, options: Options): Interval | null => {
  const found = positive(counts, options);
  const trials = ratio.proportion?.trials(...found) ?? 0;
  return mapInterval(wilson(found[0], trials), ratio.proportion?.map ?? ((p) => p));
};

/** A mean over the samples of the ratio of their rows. */
const samplesMetric = (ratio: Ratio): Metric<'multilabel'> => ({
  ...entry(ratio, 'samples'),
  tasks: ['multilabel'],
  needs: 'multilabel',
  compute: ({ n, rows }, options) => {
    let sum = 0;
    for (const { hits, support, predicted, count } of rows) {
      const under = ratio.under(hits, support, predicted, options);
      if (under > 0) sum += (count * ratio.over(hits, support, predicted, options)) / under;
    }
    return sum / n;
  },
  undefined({ rows }, options) {
    let samples = 0;
    for (const { hits, support, predicted, count } of rows) {
      if (ratio.under(hits, support, predicted, options) === 0) samples += count;
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
  averageMetric(ratio, 'macro'),
  averageMetric(ratio, 'micro'),
  averageMetric(ratio, 'weighted'),
  samplesMetric(ratio),
]);
