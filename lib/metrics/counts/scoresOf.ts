import { InvalidData } from '../decode/invalidData';
import type { Label } from '../decode/labels';
import { listLabels } from '../labelText';
import type { Confusion, SinglePairs } from './confusion';
import { comparable } from './matches';
import { noLabel, readScores, type Scores } from './scores';

/**
 * The scores of samples whose pairs of labels have been read.
 * @param labels all classes, if the settings say so; else those that y_true has
 * @throws {InvalidData} where y_score cannot be scored
 */
export const scoresOf = (
  yScore: Buffer,
  { trueCodes, unlabelled, yTrue, yPred }: SinglePairs,
  { labels: all, support }: Confusion,
  labels: readonly Label[] = all.filter((_, i) => (support[i] as number) > 0),
): Scores => {
  const place = new Map(labels.map((label, i) => [label, i]));
  const missing = all.filter((label, i) => (support[i] as number) > 0 && !place.has(label));
  if (missing.length > 0) {
    throw new InvalidData('not_a_list', `y_true has ${listLabels(missing)}, and labels does not`);
  }
  const read = comparable(yTrue, yPred);
  const placeOf = Int32Array.from(yTrue.labels, (label) =>
    label === undefined ? noLabel : (place.get(read(label)) ?? noLabel),
  );
  const classes = (trueCodes as Int32Array).map((code) => placeOf[code] as number);
  return readScores(yScore, labels, classes, unlabelled);
};
