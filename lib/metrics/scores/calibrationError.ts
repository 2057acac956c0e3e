import type { Scores } from '../counts/scores';
import type { Metric, Options } from '../metric';
import { positiveOf, whyNoColumns, whyNoProbabilities } from './shape';

/** Samples whose confidence lies in one of the bins that part the range from 0 to 1 evenly. */
export interface CalibrationBin {
  low: number;
  high: number;
  count: number;
  /** The mean confidence, and the share that came true; null where the bin is empty. */
  confidence: number | null;
  frequency: number | null;
}

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

/** The bins of sklearn.calibration.calibration_curve (strategy='uniform'): each begins above its lower bound. */
export const calibrationBins = (scores: Scores, options: Options): CalibrationBin[] | undefined => {
  if (whyNot(scores, options)) return undefined;
  const bins = options.params.bins as number;
  const positive = scores.width === 1 ? (positiveOf(scores, options) as number) : 0;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i < bins ? i * (1 / bins) : 1));
  const [counts, sums, trues] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)];
  for (let i = 0; i < scores.n; i++) {
    const [confidence, isTrue] = forecast(scores, i, positive);
    let bin = Math.min(bins - 1, Math.floor(confidence * bins));
    while (bin > 0 && confidence <= (edges[bin] as number)) bin--;
    while (confidence > (edges[bin + 1] as number)) bin++;
    counts[bin] = (counts[bin] as number) + 1;
    sums[bin] = (sums[bin] as number) + confidence;
    if (isTrue) trues[bin] = (trues[bin] as number) + 1;
  }
  return Array.from(counts, (count, bin) => ({
    low: edges[bin] as number,
    high: edges[bin + 1] as number,
    count,
    confidence: count > 0 ? (sums[bin] as number) / count : null,
    frequency: count > 0 ? (trues[bin] as number) / count : null,
  }));
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
    const bins = calibrationBins(scores, options);
    if (!bins) return Number.NaN;
    const gap = ({ count, confidence, frequency }: CalibrationBin) =>
      confidence === null || frequency === null ? 0 : count * Math.abs(confidence - frequency);
    return bins.reduce((sum, bin) => sum + gap(bin), 0) / scores.n;
  },
  undefined: whyNot,
  /** The share of the class, given to every sample, is right on average. */
  baseline: (scores, options) => (whyNot(scores, options) ? Number.NaN : 0),
};
