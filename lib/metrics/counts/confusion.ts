import type { Label } from '../decode/labels';
import { comparable } from './matches';
import type { LabelPairs } from './readPairs';

/** What most metrics of classes need to know: per class, how many samples have it in both columns, in y_true, in y_pred. */
export interface ClassCounts {
  n: number;
  /** Sorted as Python sorts them: all that a column has, or the columns of an indicator. */
  labels: readonly Label[];
  hits: Float64Array;
  support: Float64Array;
  predicted: Float64Array;
}

/** The cells of the confusion matrix that are not empty, row by row. */
export interface Cells {
  trueClasses: Int32Array;
  predClasses: Int32Array;
  counts: Float64Array;
}

export interface Confusion extends ClassCounts {
  cells: Cells;
}

export type SinglePairs = LabelPairs & { rows: false };

/** The confusion matrix of pairs of codes: spellings that are one label to numpy fall together. */
export const toConfusion = ({ pairs, yTrue, yPred }: SinglePairs): Confusion => {
  const read = comparable(yTrue, yPred);
  const labelOf = (labels: (Label | undefined)[]) => (code: number) => read(labels[code] as Label);
  const trueLabels = Array.from(pairs.trueCodes, labelOf(yTrue.labels));
  const predLabels = Array.from(pairs.predCodes, labelOf(yPred.labels));
  const labels = [...new Set([...trueLabels, ...predLabels])].sort(compareLabels);
  const index = new Map(labels.map((label, i) => [label, i]));
  const cells = new Map<number, number>();
  for (let i = 0; i < pairs.size; i++) {
    const cell =
      (index.get(trueLabels[i] as Label) as number) * labels.length +
      (index.get(predLabels[i] as Label) as number);
    cells.set(cell, (cells.get(cell) ?? 0) + (pairs.counts[i] as number));
  }
  const sorted = [...cells].sort(([a], [b]) => a - b);
  return confusion(labels, {
    trueClasses: Int32Array.from(sorted, ([cell]) => Math.floor(cell / labels.length)),
    predClasses: Int32Array.from(sorted, ([cell]) => cell % labels.length),
    counts: Float64Array.from(sorted, ([, count]) => count),
  });
};

/** From counted cells, wherever they were counted. */
export const confusion = (labels: readonly Label[], cells: Cells): Confusion => {
  const hits = new Float64Array(labels.length);
  const support = new Float64Array(labels.length);
  const predicted = new Float64Array(labels.length);
  let n = 0;
  for (let i = 0; i < cells.counts.length; i++) {
    const count = cells.counts[i] as number;
    const row = cells.trueClasses[i] as number;
    const column = cells.predClasses[i] as number;
    n += count;
    support[row] = (support[row] as number) + count;
    predicted[column] = (predicted[column] as number) + count;
    if (row === column) hits[row] = count;
  }
  return { n, labels, hits, support, predicted, cells };
};

/** Numbers by size, strings by code point, as Python sorts them. */
export const compareLabels = (a: Label, b: Label): number => {
  if (typeof a !== 'string' || typeof b !== 'string') return a < b ? -1 : a > b ? 1 : 0;
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const difference = codePointOrder(a.charCodeAt(i)) - codePointOrder(b.charCodeAt(i));
    if (difference !== 0) return loneOrder(a, b, i) ?? difference;
  }
  return a.length - b.length;
};

/** Halves of a pair stand for code points above all others. */
const codePointOrder = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** Surrogates of no pair stand for themselves. */
const loneOrder = (a: string, b: string, i: number): number | undefined => {
  const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
  if (!isSurrogate(a.charCodeAt(i)) && !isSurrogate(b.charCodeAt(i))) return undefined;
  const points = (text: string) => Array.from(text, (point) => point.codePointAt(0) as number);
  const [p, q] = [points(a), points(b)];
  const at = p.findIndex((point, k) => point !== q[k]);
  return at < 0 ? p.length - q.length : at < q.length ? (p[at] as number) - (q[at] as number) : 1;
};
