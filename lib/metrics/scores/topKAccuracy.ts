import type { Scores } from '../counts/scores';
import { wilson } from '../intervals/wilson';
import type { Metric, Options } from '../metric';
import { positiveOf, whyNoColumns } from './shape';

const whyNot = (scores: Scores, options: Options): string | undefined => {
  const { labels, present, width } = scores;
  if (width > 1) {
    if (present.length < 3 && labels.length < 3) return 'of two classes it takes one score a sample';
    return whyNoColumns(scores);
  }
  const positive = positiveOf(scores, options);
  if (typeof positive === 'string') return positive;
  if (options.posLabel !== undefined) return undefined;
  if (labels.length > 2) return `y_score has one score a sample, and there are ${labels.length} labels`;
  return labels.length === 2 ? undefined : 'y_true has one class only: give all classes as labels';
};

/** Samples whose label is among the k of highest score; of equal scores the later class comes first. */
const hitsOf = (scores: Scores, options: Options): number => {
  const { n, width, values, classes } = scores;
  const k = options.params.k as number;
  if (width === 1) return k > 1 ? n : hitsOfTwo(scores, positiveOf(scores, options) as number);
  let hits = 0;
  for (let i = 0; i < n; i++) {
    const label = classes[i] as number;
    const own = values[i * width + label] as number;
    let before = 0;
    for (let place = 0; place < width; place++) {
      const score = values[i * width + place] as number;
      if (score > own || (score === own && place > label)) before++;
    }
    if (before < k) hits++;
  }
  return hits;
};

/** Probabilities are cut at one half, other scores at 0. */
const hitsOfTwo = ({ n, values, classes }: Scores, positive: number): number => {
  let probabilities = true;
  for (let i = 0; i < n; i++)
    if (!((values[i] as number) >= 0 && (values[i] as number) <= 1)) probabilities = false;
  const threshold = probabilities ? 0.5 : 0;
  let hits = 0;
  for (let i = 0; i < n; i++) if ((values[i] as number) > threshold === (classes[i] === positive)) hits++;
  return hits;
};

/** sklearn.metrics.top_k_accuracy_score. */
export const topKAccuracy: Metric<'scores'> = {
  name: 'top_k_accuracy',
  tasks: ['classification'],
  needs: 'scores',
  params: { k: { default: 2, integer: true, min: 1 } },
  range: [0, 1],
  better: 'higher',
  compute: (scores, options) => (whyNot(scores, options) ? Number.NaN : hitsOf(scores, options) / scores.n),
  undefined: whyNot,
  interval: (scores, options) => wilson(hitsOf(scores, options), scores.n),
  /** The k most frequent classes, whatever the sample. */
  baseline(scores, options) {
    if (whyNot(scores, options)) return Number.NaN;
    const shares = new Float64Array(Math.max(2, scores.labels.length));
    for (const label of scores.classes) shares[label] = (shares[label] as number) + 1;
    const best = [...shares].sort((a, b) => b - a).slice(0, options.params.k);
    return best.reduce((sum, count) => sum + count, 0) / scores.n;
  },
};
