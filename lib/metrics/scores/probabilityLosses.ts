import { type Ranking, rankingOf } from '../counts/ranking';
import type { Scores } from '../counts/scores';
import { lossInterval } from '../intervals/mean';
import type { Metric, Options } from '../metric';
import { sumOf } from '../sum';
import { positiveOf, whyNoColumns, whyNoProbabilities } from './shape';

/** A mean over the samples of what the probabilities of each cost. */
interface Loss {
  name: string;
  range: readonly [number, number];
  /** Of a sample of two classes, from the probability of the one it has. */
  ofTwo(probability: number): number;
  /** Of a sample of several, from the probabilities of all. */
  ofRow(values: Float64Array, start: number, width: number, label: number): number;
  positiveOf(scores: Scores, options: Options): number | string;
}

interface Losses {
  /** Values of the loss, and how many samples have each. */
  size: number;
  loss(i: number): number;
  count(i: number): number;
}

const whyNot = (loss: Loss, scores: Scores, options: Options): string | undefined => {
  if (scores.width > 1) return whyNoProbabilities(scores) ?? whyNoColumns(scores);
  const positive = loss.positiveOf(scores, options);
  return typeof positive === 'string' ? positive : whyNoValues(loss, scores, options);
};

const whyNoValues = (loss: Loss, scores: Scores, options: Options): string | undefined =>
  loss.name === 'log_loss' && options.posLabel === undefined
    ? whyNoProbabilities(scores)
    : whyNoProbabilities({ ...scores, labels: ['', ''] });

const ofRanking = ({ ofTwo }: Loss, { scores, positiveAt, negativeAt }: Ranking): Losses => ({
  size: 2 * scores.length,
  loss: (i) => {
    const score = scores[i >> 1] as number;
    return ofTwo(i & 1 ? 1 - score : score);
  },
  count: (i) => (i & 1 ? negativeAt : positiveAt)[i >> 1] as number,
});

const lossesOf = (loss: Loss, scores: Scores, options: Options): Losses => {
  if (scores.width === 1) {
    return ofRanking(loss, rankingOf(scores, loss.positiveOf(scores, options) as number, 0));
  }
  const { n, width, values, classes } = scores;
  return { size: n, loss: (i) => loss.ofRow(values, i * width, width, classes[i] as number), count: () => 1 };
};

const weigh = (losses: Losses, n: number, of: (loss: number) => number): number =>
  sumOf(losses.size, (i) => {
    const count = losses.count(i);
    return count === 0 ? 0 : count * of(losses.loss(i));
  }) / n;

/** The shares of the classes, given to every sample. */
const constant = (scores: Scores, options: Options, loss: Loss): Scores => {
  const { n, width, classes } = scores;
  const positive = width === 1 ? (loss.positiveOf(scores, options) as number) : 0;
  const shares = new Float64Array(Math.max(width, 1));
  for (const label of classes) {
    if (width > 1) shares[label] = (shares[label] as number) + 1 / n;
    else if (label === positive) shares[0] = (shares[0] as number) + 1 / n;
  }
  const values = new Float64Array(n * width);
  for (let i = 0; i < n; i++) values.set(shares, i * width);
  return { ...scores, values: values.map((value) => Math.min(1, value)), rankings: new Map() };
};

export const lossMetric = (loss: Loss): Metric<'scores'> => {
  const compute = (scores: Scores, options: Options): number =>
    whyNot(loss, scores, options)
      ? Number.NaN
      : weigh(lossesOf(loss, scores, options), scores.n, (value) => value);
  return {
    name: loss.name,
    tasks: ['classification'],
    needs: 'scores',
    range: loss.range,
    better: 'lower',
    compute,
    undefined: (scores, options) => whyNot(loss, scores, options),
    interval(scores, options, mean) {
      const variance = weigh(lossesOf(loss, scores, options), scores.n, (value) => (value - mean) ** 2);
      return lossInterval(mean, variance, scores.n);
    },
    baseline: (scores, options) =>
      whyNot(loss, scores, options) ? Number.NaN : compute(constant(scores, options, loss), options),
  };
};

const clip = (probability: number): number =>
  Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability));

/** sklearn.metrics.log_loss: natural logarithms, clipped at the epsilon of a double. */
export const logLoss = lossMetric({
  name: 'log_loss',
  range: [0, -Math.log(Number.EPSILON)],
  ofTwo: (probability) => -Math.log(clip(probability)),
  ofRow: (values, start, _width, label) => -Math.log(clip(values[start + label] as number)),
  positiveOf,
});

/** The positive label of sklearn.metrics.brier_score_loss, if none is said: 1 of {0, 1} or {-1, 1}, else the greatest number. */
const brierPositive = (scores: Scores, options: Options): number | string => {
  const { labels, present, width } = scores;
  if (width > 1 || options.posLabel !== undefined || present.length > 2) return positiveOf(scores, options);
  const names = present.map((place) => labels[place]);
  if (names.some((name) => typeof name === 'string'))
    return 'pos_label has to be said where labels are strings';
  const usual = [
    [0, 1],
    [-1, 1],
  ].some((set) => names.every((name) => set.includes(Number(name))));
  return usual ? labels.indexOf(1) : (present.at(-1) as number);
};

/** sklearn.metrics.brier_score_loss: of two classes half the sum over both, of several the whole sum. */
export const brierScore = lossMetric({
  name: 'brier_score',
  range: [0, 2],
  ofTwo: (probability) => (1 - probability) ** 2,
  ofRow(values, start, width, label) {
    let sum = 0;
    for (let place = 0; place < width; place++) {
      sum += ((values[start + place] as number) - (place === label ? 1 : 0)) ** 2;
    }
    return width < 3 ? sum / 2 : sum;
  },
  positiveOf: brierPositive,
});
