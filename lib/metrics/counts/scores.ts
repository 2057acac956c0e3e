import { InvalidData } from '../decode/invalidData';
import type { Label } from '../decode/labels';
import { readNumbers } from '../decode/numbers';
import type { Ranking } from './ranking';

/** Labels and what the model scored them with. */
export interface Scores {
  n: number;
  /** Sorted: those of the settings, or all that y_true has. */
  labels: readonly Label[];
  /** The places of those that y_true has, in order. */
  present: readonly number[];
  /** The label of each sample, as its place in `labels`; -1 if it is none of them. */
  classes: Int32Array;
  /** Scores per sample; 1 is the score of the positive label. */
  width: number;
  /** Sample by sample. */
  values: Float64Array;
  /** By the place of the positive label; made when first asked for. */
  rankings: Map<number, Ranking>;
}

/**
 * Reads the scores of samples whose labels are known already.
 * @param classes for each sample its place in `labels`, or undefined where it has no label
 * @throws {InvalidData} where y_score is no list of numbers, or of another length
 */
export const readScores = (
  yScore: Buffer,
  labels: readonly Label[],
  classes: Int32Array,
  unlabelled: number,
): Scores => {
  const list = readNumbers('y_score', yScore, false);
  if (list.samples !== classes.length) {
    const message = `y_score has ${list.samples} samples but y_true has ${classes.length}`;
    throw new InvalidData('lengths', message, 'y_score');
  }
  const width = Math.max(1, list.width);
  const kept =
    unlabelled > 0 ? withoutUnlabelled(classes, list.values, width) : { classes, values: list.values };
  const present = [...new Set(kept.classes)].sort((a, b) => a - b);
  return { n: kept.classes.length, labels, present, width, ...kept, rankings: new Map() };
};

/** A sample without a label. */
export const noLabel = -2;

const withoutUnlabelled = (classes: Int32Array, values: Float64Array, width: number) => {
  let n = 0;
  for (let i = 0; i < classes.length; i++) {
    if (classes[i] === noLabel) continue;
    classes[n] = classes[i] as number;
    values.copyWithin(n * width, i * width, (i + 1) * width);
    n++;
  }
  return { classes: classes.subarray(0, n), values: values.subarray(0, n * width) };
};
