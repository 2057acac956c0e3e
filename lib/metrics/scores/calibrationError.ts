import type { Scores } from '../counts/scores';
import type { Metric, Options } from '../metric';
import { positiveOf, whyNoColumns, whyNoProbabilities } from './shape';

const whyNot = (scores: Scores, options: Options): string | undefined => {
  if (scores.width > 1) return whyNoProbabilities(scores) ?? whyNoColumns(scores);
  const positive = positiveOf(scores, options);
  return typeof positive === 'string' ? positive : whyNoProbabilities({ ...scores, labels: ['', ''] });
};

/** Of two classes the probability of the positive one; of several the highest, and whether it is the label's. */
const forecast = ({ width, values, classes }: Scores, i: number, positive: number): [number, boolean] => {
  if (width === 1) return [values[i] as number, classes[i] === positive];
  let best = 0;
  for (let place = 1; place < width; place++) {
    if ((values[i * width + place] as number) > (values[i * width + best] as number)) best = place;
  }
  return [values[i * width + best] as number, classes[i] === best];
};

/**
 * By how much the confidence of each bin's samples, summed up, exceeds how many of them came true. The bins are those of
 * sklearn.calibration.calibration_curve (strategy='uniform'): each begins above its lower bound.
 */
const excesses = (scores: Scores, options: Options): Float64Array => {
  const bins = options.params.bins as number;
  const positive = scores.width === 1 ? (positiveOf(scores, options) as number) : 0;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i < bins ? i * (1 / bins) : 1));
  const excess = new Float64Array(bins);
  for (let i = 0; i < scores.n; i++) {
    const [confidence, isTrue] = forecast(scores, i, positive);
    let bin = Math.min(bins - 1, Math.floor(confidence * bins));
    while (bin > 0 && confidence <= (edges[bin] as number)) bin--;
    while (confidence > (edges[bin + 1] as number)) bin++;
    excess[bin] = (excess[bin] as number) + confidence - Number(isTrue);
  }
  return excess;
};

/** How far confidence and frequency lie apart, weighted by the bins' samples (Naeini 2015, Guo 2017). Not in scikit-learn. */
export const calibrationError: Metric<'scores'> = {
  name: 'expected_calibration_error',
  tasks: ['classification'],
  needs: 'scores',
  params: { bins: { default: 10, integer: true, min: 1, max: 1000 } },
  range: [0, 1],
  better: 'lower',
  compute(scores, options) {
    if (whyNot(scores, options)) return Number.NaN;
    return excesses(scores, options).reduce((sum, excess) => sum + Math.abs(excess), 0) / scores.n;
  },
  undefined: whyNot,
  /** The share of the class, given to every sample, is right on average. */
  baseline: (scores, options) => (whyNot(scores, options) ? Number.NaN : 0),
};
