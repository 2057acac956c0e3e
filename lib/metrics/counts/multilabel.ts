import { InvalidData } from '../decode/invalidData';
import type { Label, RowLabels } from '../decode/labels';
import type { ClassCounts } from './confusion';
import type { LabelPairs } from './readPairs';

/** Samples alike: how many labels their rows have in both columns, in y_true, in y_pred. */
export interface RowCounts {
  hits: number;
  support: number;
  predicted: number;
  count: number;
}

/** Pairs of rows that differ, and how often each was met. Indicators: a byte for each label. */
export interface RowPairs {
  trueRows: Uint8Array;
  predRows: Uint8Array;
  counts: Float64Array;
}

export interface Multilabel extends ClassCounts {
  rows: RowCounts[];
  pairs: RowPairs;
}

export type RowsOfPairs = LabelPairs & { rows: true };

/** @throws {InvalidData} for other values than 0 and 1 */
export const toMultilabel = ({ pairs, yTrue, yPred }: RowsOfPairs, names?: readonly Label[]): Multilabel => {
  const { width } = yTrue;
  if (names && names.length !== width) {
    const message = `the rows have ${width} labels but labels names ${names.length}`;
    throw new InvalidData('row_widths', message);
  }
  const trueBit = indicator('y_true', yTrue);
  const predBit = indicator('y_pred', yPred);
  const trueRows = new Uint8Array(pairs.size * width);
  const predRows = new Uint8Array(pairs.size * width);
  for (let i = 0; i < pairs.size; i++) {
    const trueStart = (pairs.trueCodes[i] as number) * width;
    const predStart = (pairs.predCodes[i] as number) * width;
    for (let place = 0; place < width; place++) {
      trueRows[i * width + place] = trueBit[yTrue.bits[trueStart + place] as number] as number;
      predRows[i * width + place] = predBit[yPred.bits[predStart + place] as number] as number;
    }
  }
  const labels = names ?? Array.from({ length: width }, (_, place) => place);
  return multilabel(labels, { trueRows, predRows, counts: Float64Array.from(pairs.counts) });
};

/** Which of the two values of a column is 1. */
const indicator = (column: 'y_true' | 'y_pred', { values }: RowLabels): number[] =>
  values.map((value) => {
    if (value === 0 || value === 1) return value;
    const message = `${column} has rows with ${value}; rows of several labels hold 0 and 1 only`;
    throw new InvalidData('no_indicator', message, column);
  });

/** From counted pairs of rows, wherever they were counted. */
export const multilabel = (labels: readonly Label[], pairs: RowPairs): Multilabel => {
  const width = labels.length;
  const hits = new Float64Array(width);
  const support = new Float64Array(width);
  const predicted = new Float64Array(width);
  const rows = new Map<number, RowCounts>();
  let n = 0;
  for (let i = 0; i < pairs.counts.length; i++) {
    const count = pairs.counts[i] as number;
    if (count === 0) continue;
    n += count;
    let [h, s, p] = [0, 0, 0];
    for (let place = 0, at = i * width; place < width; place++, at++) {
      const t = pairs.trueRows[at] as number;
      const q = pairs.predRows[at] as number;
      s += t;
      p += q;
      h += t & q;
      if (t) support[place] = (support[place] as number) + count;
      if (q) predicted[place] = (predicted[place] as number) + count;
      if (t & q) hits[place] = (hits[place] as number) + count;
    }
    const key = (h * (width + 1) + s) * (width + 1) + p;
    const alike = rows.get(key);
    if (alike) alike.count += count;
    else rows.set(key, { hits: h, support: s, predicted: p, count });
  }
  return { n, labels, hits, support, predicted, rows: [...rows.values()], pairs };
};
