import type { Scores } from './scores';

/** How many positive and negative samples have each score, the highest score first. */
export interface Ranking {
  positives: number;
  negatives: number;
  scores: Float64Array;
  positiveAt: Float64Array;
  negativeAt: Float64Array;
}

/** The scores of one label against all others. @param column whose scores: 0 where there is one a sample */
export const rankingOf = (found: Scores, label: number, column: number): Ranking => {
  let ranking = found.rankings.get(label);
  if (!ranking) {
    ranking = rank(
      found,
      (place) => place === label,
      () => true,
      column,
    );
    found.rankings.set(label, ranking);
  }
  return ranking;
};

/** Sorts positives and negatives each for themselves, which is no slower than sorting all, and merges them. */
export const rank = (
  { n, classes, values, width }: Scores,
  isPositive: (label: number) => boolean,
  counts: (label: number) => boolean,
  column: number,
): Ranking => {
  const positive = new Float64Array(n);
  const negative = new Float64Array(n);
  let positives = 0;
  let negatives = 0;
  for (let i = 0, at = column; i < n; i++, at += width) {
    const label = classes[i] as number;
    if (isPositive(label)) positive[positives++] = values[at] as number;
    else if (counts(label)) negative[negatives++] = values[at] as number;
  }
  return merge(positive.subarray(0, positives).sort(), negative.subarray(0, negatives).sort());
};

const merge = (positive: Float64Array, negative: Float64Array): Ranking => {
  const most = positive.length + negative.length;
  const scores = new Float64Array(most);
  const positiveAt = new Float64Array(most);
  const negativeAt = new Float64Array(most);
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
