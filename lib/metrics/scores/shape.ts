import type { Scores } from '../counts/scores';
import { labelText, listLabels } from '../labelText';
import type { Options } from '../metric';

/** The place of the positive label, or why there is none: said, or else the greater of two. */
export const positiveOf = (scores: Scores, { posLabel, pos }: Options): number | string => {
  const { labels, present, width } = scores;
  if (width > 1) return `y_score has ${width} scores a sample, and it takes one: that of the positive label`;
  if (posLabel !== undefined) {
    return pos >= 0 ? pos : `pos_label ${labelText(posLabel)} is none of the labels ${listLabels(labels)}`;
  }
  if (present.length > 2) return `y_score has one score a sample, and y_true ${present.length} classes`;
  return labels.length === 2 ? 1 : (present.at(-1) as number);
};

/** Why there is no score for each label, in the order of the sorted labels. */
export const whyNoColumns = ({ labels, width }: Scores): string | undefined =>
  width === labels.length
    ? undefined
    : `y_score has ${width} scores a sample, and there are ${labels.length} labels (${listLabels(labels)}): give all classes as labels`;

/** What scikit-learn wants of probabilities. */
export const whyNoProbabilities = (scores: Scores): string | undefined => {
  for (const value of scores.values) {
    if (value < 0 || value > 1) return `y_score has ${value}, which is no probability`;
  }
  if (scores.labels.length > 1) return undefined;
  return `y_true has one class only (${listLabels(scores.labels)}): give all classes as labels`;
};
