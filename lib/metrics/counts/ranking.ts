import type { Scores } from './scores';

/** How many positive and negative samples have each score, the highest score first. */
export interface Ranking {
  positives: number;
  negatives: number;
  scores: Float64Array;
  positiveAt: Uint32Array;
  negativeAt: Uint32Array;
}

/** The scores of one label against all others. @param column whose scores: 0 where there is one a sample */
export const rankingOf = (found: Scores, label: number, column: number): Ranking => {
  let ranking = found.rankings.get(label);
  if (!ranking) {
    const positives = scoresWhere(found, column, (place) => place === label);
    const negatives = scoresWhere(found, column, (place) => place !== label);
    ranking = rank(positives, negatives);
    found.rankings.set(label, ranking);
  }
  return ranking;
};

const scoresWhere = (
  { n, classes, values, width }: Scores,
  column: number,
  counts: (label: number) => boolean,
): Float64Array => {
  let size = 0;
  for (const label of classes) size += Number(counts(label));
  const found = new Float64Array(size);
  size = 0;
  for (let i = 0, at = column; i < n; i++, at += width) {
    if (counts(classes[i] as number)) found[size++] = values[at] as number;
  }
  return found.sort();
};

/** A column of scores by the label of the samples, each sorted ascending. */
export const scoresByLabel = (
  { n, labels, classes, values, width }: Scores,
  column: number,
): Float64Array[] => {
  const counts = new Uint32Array(labels.length);
  for (const label of classes) counts[label] = (counts[label] ?? 0) + 1;
  const found = Array.from(counts, (count) => new Float64Array(count));
  counts.fill(0);
  for (let i = 0, at = column; i < n; i++, at += width) {
    const label = classes[i] as number;
    const size = counts[label] as number;
    (found[label] as Float64Array)[size] = values[at] as number;
    counts[label] = size + 1;
  }
  for (const scores of found) scores.sort();
  return found;
};

/** Merges scores that are sorted: sorting positives and negatives each for themselves is no slower than sorting all. */
export const rank = (positive: Float64Array, negative: Float64Array): Ranking => {
  const most = positive.length + negative.length;
  const scores = new Float64Array(most);
  const positiveAt = new Uint32Array(most);
  const negativeAt = new Uint32Array(most);
  let size = 0;
  let p = positive.length - 1;
  let n = negative.length - 1;
  while (p >= 0 || n >= 0) {
    const score =
      p < 0 ? negative[n] : n < 0 ? positive[p] : Math.max(positive[p] as number, negative[n] as number);
    let count = p;
    while (p >= 0 && positive[p] === score) p--;
    positiveAt[size] = count - p;
    count = n;
    while (n >= 0 && negative[n] === score) n--;
    negativeAt[size] = count - n;
    scores[size++] = score as number;
  }
  return {
    positives: positive.length,
    negatives: negative.length,
    scores: scores.subarray(0, size),
    positiveAt: positiveAt.subarray(0, size),
    negativeAt: negativeAt.subarray(0, size),
  };
};
