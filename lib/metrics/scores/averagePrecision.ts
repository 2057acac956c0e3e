import { type Ranking, rankingOf } from '../counts/ranking';
import type { Scores } from '../counts/scores';
import { logitInterval, student } from '../intervals/mean';
import { z } from '../intervals/normal';
import { labelText, listLabels } from '../labelText';
import type { Metric, Options } from '../metric';

/** Precision at each step of the recall, never between steps. */
const stepwise = ({ positives, positiveAt, negativeAt }: Ranking): number => {
  let [sum, hits, taken] = [0, 0, 0];
  for (let i = 0; i < positiveAt.length; i++) {
    const p = positiveAt[i] as number;
    hits += p;
    taken += p + (negativeAt[i] as number);
    if (p > 0) sum += (p / positives) * (hits / taken);
  }
  return positives === 0 ? Number.NaN : sum;
};

/**
 * The standard error, by how far each sample moves the sum (its influence function). Student's quantile in place of the
 * normal one, for the rarer label, makes up for what few samples say of their own spread.
 */
const standardError = (value: number, { positives, negatives, positiveAt, negativeAt }: Ranking): number => {
  const freedom = Math.min(positives, negatives) - 1;
  if (freedom < 1) return Number.NaN;
  let [hits, taken] = [positives, positives + negatives];
  let [ofPositive, ofAny, squares] = [0, 0, 0];
  for (let i = positiveAt.length - 1; i >= 0; i--) {
    const p = positiveAt[i] as number;
    const q = negativeAt[i] as number;
    const precision = hits / taken;
    ofPositive += p / taken;
    ofAny += (precision * p) / taken;
    squares += p * (precision - value + ofPositive - ofAny) ** 2 + q * ofAny ** 2;
    hits -= p;
    taken -= p + q;
  }
  return ((student(freedom) / z) * Math.sqrt(squares)) / positives;
};

const binary = ({ width, present }: Scores, { posLabel }: Options): boolean =>
  width === 1 && (present.length < 3 || posLabel !== undefined);

const whyNot = (scores: Scores, options: Options): string | undefined => {
  const { labels, present, width } = scores;
  if (binary(scores, options)) {
    if (options.pos >= 0 || present.length < 2) return undefined;
    return `pos_label ${labelText(options.posLabel ?? 1)} is none of the labels ${listLabels(labels)}`;
  }
  if (present.length < 3) return 'of two classes it takes one score a sample';
  if (width === present.length && labels.length === present.length) return undefined;
  return `y_score has ${width} scores a sample, and y_true ${present.length} classes`;
};

/** sklearn.metrics.average_precision_score; of several classes the mean of each against the rest. */
export const averagePrecision: Metric<'scores'> = {
  name: 'average_precision',
  tasks: ['classification'],
  needs: 'scores',
  range: [0, 1],
  better: 'higher',
  compute(scores, options) {
    if (whyNot(scores, options)) return Number.NaN;
    if (binary(scores, options)) return stepwise(rankingOf(scores, options.pos, 0));
    const each = scores.labels.map((_, label) => stepwise(rankingOf(scores, label, label)));
    return each.reduce((sum, value) => sum + value, 0) / each.length;
  },
  undefined: (scores, options) =>
    whyNot(scores, options) ??
    (binary(scores, options) && rankingOf(scores, options.pos, 0).positives === 0
      ? '0/0: y_true has no positive label'
      : undefined),
  interval(scores, options, value) {
    if (!binary(scores, options)) return null;
    return logitInterval(value, standardError(value, rankingOf(scores, options.pos, 0)));
  },
  /** All scores alike: the share of the positive label, or of each class in turn. */
  baseline(scores, options) {
    if (whyNot(scores, options)) return Number.NaN;
    if (!binary(scores, options)) return 1 / scores.labels.length;
    const { positives } = rankingOf(scores, options.pos, 0);
    return positives === 0 ? Number.NaN : positives / scores.n;
  },
};
