import { type Ranking, rank, rankingOf, scoresByLabel } from '../counts/ranking';
import type { Scores } from '../counts/scores';
import { logitInterval } from '../intervals/mean';
import { listLabels } from '../labelText';
import type { Interval, Metric, Options } from '../metric';
import { positiveOf, whyNoColumns } from './shape';

/** sklearn.metrics.roc_auc_score of one label: the chance that a positive scores higher, ties counted half. */
const areaUnder = ({ positives, negatives, positiveAt, negativeAt }: Ranking): number => {
  let above = 0;
  let pairs = 0;
  for (let i = 0; i < positiveAt.length; i++) {
    pairs += (negativeAt[i] as number) * (above + (positiveAt[i] as number) / 2);
    above += positiveAt[i] as number;
  }
  return pairs / (positives * negatives);
};

/** The interval of DeLong, DeLong and Clarke-Pearson (1988), on the scale of log-odds. */
const deLong = ({ positives, negatives, positiveAt, negativeAt }: Ranking, area: number): Interval | null => {
  if (positives < 2 || negatives < 2) return null;
  let [above, below, ofPositives, ofNegatives] = [0, negatives, 0, 0];
  for (let i = 0; i < positiveAt.length; i++) {
    const p = positiveAt[i] as number;
    const n = negativeAt[i] as number;
    below -= n;
    ofPositives += p * ((below + n / 2) / negatives - area) ** 2;
    ofNegatives += n * ((above + p / 2) / positives - area) ** 2;
    above += p;
  }
  const variance = ofPositives / ((positives - 1) * positives) + ofNegatives / ((negatives - 1) * negatives);
  return logitInterval(area, Math.sqrt(variance));
};

const oneClass = '0/0: y_true has one class only';

const binaryRanking = (scores: Scores, options: Options): Ranking | string => {
  const positive = positiveOf(scores, options);
  return typeof positive === 'string' ? positive : rankingOf(scores, positive, 0);
};

const binaryArea = (scores: Scores, options: Options): number => {
  const ranking = binaryRanking(scores, options);
  return typeof ranking === 'string' ? Number.NaN : areaUnder(ranking);
};

const whyNoArea = (scores: Scores, options: Options): string | undefined => {
  const ranking = binaryRanking(scores, options);
  if (typeof ranking === 'string') return ranking;
  return ranking.positives * ranking.negatives === 0 ? oneClass : undefined;
};

const binaryInterval = (scores: Scores, options: Options, area: number): Interval | null => {
  const ranking = binaryRanking(scores, options);
  return typeof ranking === 'string' ? null : deLong(ranking, area);
};

/** As numpy.allclose has it. */
const whyNotSummingToOne = ({ n, width, values }: Scores): string | undefined => {
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let at = i * width; at < (i + 1) * width; at++) sum += values[at] as number;
    if (!(Math.abs(1 - sum) <= 1e-8 + 1e-5 * Math.abs(sum))) {
      return `the scores of sample ${i} sum to ${sum}, and those of several classes have to sum to 1`;
    }
  }
  return undefined;
};

const whyNoRows = (scores: Scores): string | undefined => {
  if (scores.present.length < 3 && scores.width === 2) return 'of two classes it takes one score a sample';
  return whyNoColumns(scores) ?? whyNotSummingToOne(scores);
};

type Average = 'macro' | 'weighted';

/** Each class against the rest. */
const oneVersusRest = (scores: Scores, average: Average): number => {
  let sum = 0;
  for (let label = 0; label < scores.labels.length; label++) {
    const ranking = rankingOf(scores, label, label);
    const weight = average === 'macro' ? 1 / scores.labels.length : ranking.positives / scores.n;
    if (weight > 0) sum += weight * areaUnder(ranking);
  }
  return sum;
};

/** Each pair of classes that y_true has, by Hand and Till (2001). */
const oneVersusOne = (scores: Scores, average: Average): number => {
  const { present } = scores;
  let [sum, weights] = [0, 0];
  for (const a of present) {
    const sorted = scoresByLabel(scores, a);
    for (const b of present) {
      if (a === b) continue;
      const ranking = rank(sorted[a] as Float64Array, sorted[b] as Float64Array);
      const weight = average === 'macro' ? 1 : ranking.positives + ranking.negatives;
      sum += weight * areaUnder(ranking);
      weights += weight;
    }
  }
  return sum / weights;
};

const common = {
  tasks: ['classification'],
  needs: 'scores',
  range: [0, 1],
  better: 'higher',
} as const;

type Area = (scores: Scores, average: Average) => number;

const severalMetric = (name: string, average: Average, area: Area): Metric<'scores'> => {
  const needsAll = area === oneVersusRest && average === 'macro';
  const whyNot = (scores: Scores, options: Options): string | undefined => {
    if (scores.width === 1) return whyNoArea(scores, options);
    return whyNoRows(scores) ?? whyNoAverage(scores, needsAll);
  };
  return {
    name,
    ...common,
    compute(scores, options) {
      if (scores.width === 1) return binaryArea(scores, options);
      return whyNot(scores, options) ? Number.NaN : area(scores, average);
    },
    undefined: whyNot,
    interval: (scores, options, value) =>
      scores.width === 1 ? binaryInterval(scores, options, value) : null,
    baseline: (scores, options) => (whyNot(scores, options) ? Number.NaN : 0.5),
  };
};

/** @param needsAll whether y_true has to have each of the labels */
const whyNoAverage = ({ labels, present }: Scores, needsAll: boolean): string | undefined => {
  if (present.length > 1 && (!needsAll || present.length === labels.length)) return undefined;
  const there = new Set(present);
  const absent = labels.filter((_, label) => !there.has(label));
  return absent.length > 0 ? `0/0: y_true has no ${listLabels(absent)}` : oneClass;
};

export const rocAucMetrics: Metric<'scores'>[] = [
  {
    name: 'roc_auc',
    ...common,
    binary: true,
    compute: binaryArea,
    undefined: whyNoArea,
    interval: binaryInterval,
    baseline: (scores, options) => (whyNoArea(scores, options) ? Number.NaN : 0.5),
  },
  severalMetric('roc_auc_ovr', 'macro', oneVersusRest),
  severalMetric('roc_auc_ovr_weighted', 'weighted', oneVersusRest),
  severalMetric('roc_auc_ovo', 'macro', oneVersusOne),
  severalMetric('roc_auc_ovo_weighted', 'weighted', oneVersusOne),
];
