import { type Constants, constantClasses, constantRows } from './baseline';
import type { Plan } from './checkMetrics';
import { type Confusion, type SinglePairs, toConfusion } from './counts/confusion';
import { type RowsOfPairs, toMultilabel } from './counts/multilabel';
import { readPairsOfNumbers } from './counts/numbers';
import { type LabelPairs, readPairs } from './counts/readPairs';
import { scoresOf } from './counts/scoresOf';
import { InvalidData } from './decode/invalidData';
import type { Counts } from './metric';

/** The UTF-8 texts of valid JSON lists. */
export interface Columns {
  y_true: Buffer;
  y_pred: Buffer;
  y_score?: Buffer | null | undefined;
  /** How often each pair was met; without it, once. Not together with y_score, and not for a regression. */
  counts?: readonly number[] | undefined;
}

/** Counts, as far as the task has them, and why some of them could not be made. */
export interface Counted {
  n: number;
  unlabelled: number;
  counts: Partial<Counts>;
  constants: Partial<Constants>;
  noScores?: string;
}

/**
 * Counts what the metrics of a plan are computed from.
 * @throws {InvalidData} where scikit-learn refuses the columns for all metrics
 */
export const count = (plan: Plan, columns: Columns): Counted =>
  plan.task === 'regression' ? countNumbers(columns) : countLabels(plan, columns);

const countNumbers = ({ y_true, y_pred }: Columns): Counted => {
  const { unlabelled, ...numbers } = readPairsOfNumbers(y_true, y_pred);
  return { n: numbers.n, unlabelled, counts: { numbers }, constants: {} };
};

const countLabels = (plan: Plan, { y_true, y_pred, y_score, counts }: Columns): Counted => {
  const wantsScores = plan.asked.some(({ metric }) => metric.needs === 'scores');
  const pairs = readPairs(y_true, y_pred, true, wantsScores, counts);
  const n = pairs.samples - pairs.unlabelled;
  if (n === 0) return { n, unlabelled: pairs.unlabelled, counts: {}, constants: {} };
  if (plan.task === 'multilabel') return countRows(plan, pairs, n);
  if (pairs.rows) {
    throw new InvalidData('rows_and_labels', 'the samples have rows of labels: that is the task multilabel');
  }
  const confusion = toConfusion(pairs);
  const constants = constantClasses(confusion, confusion.labels.indexOf(plan.posLabel ?? 1));
  const counted: Counted = {
    n,
    unlabelled: pairs.unlabelled,
    counts: { classes: confusion, confusion },
    constants: { classes: constants, confusion: constants },
  };
  return wantsScores ? withScores(counted, plan, pairs, confusion, y_score) : counted;
};

const countRows = ({ labels }: Plan, pairs: LabelPairs, n: number): Counted => {
  if (!pairs.rows) {
    const message = 'the samples have single labels, and the task multilabel wants rows of 0 and 1';
    throw new InvalidData('rows_and_labels', message);
  }
  const multilabel = toMultilabel(pairs as RowsOfPairs, labels);
  const constants = constantRows(multilabel);
  return {
    n,
    unlabelled: pairs.unlabelled,
    counts: { classes: multilabel, multilabel },
    constants: { classes: constants, multilabel: constants },
  };
};

const withScores = (
  counted: Counted,
  { labels }: Plan,
  pairs: SinglePairs,
  confusion: Confusion,
  yScore: Buffer | null | undefined,
): Counted => {
  if (!yScore) return { ...counted, noScores: 'the sample row has no y_score' };
  try {
    return { ...counted, counts: { ...counted.counts, scores: scoresOf(yScore, pairs, confusion, labels) } };
  } catch (error) {
    if (error instanceof InvalidData) return { ...counted, noScores: error.message };
    throw error;
  }
};
