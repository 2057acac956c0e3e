import { InvalidData } from '../decode/invalidData';
import type { Label, RowLabels } from '../decode/labels';
import type { ClassCounts } from './confusion';
import type { LabelPairs } from './readPairs';

/** How many labels rows have in both columns, in y_true, in y_pred: a count for each three numbers that were met. */
interface RowCounts {
  hits: Int32Array;
  support: Int32Array;
  predicted: Int32Array;
  counts: Float64Array;
}

/** Pairs of rows that differ, and how often each was met. Indicators: a byte for each label. */
interface RowPairs {
  trueRows: Uint8Array;
  predRows: Uint8Array;
  counts: Float64Array;
}

export interface Multilabel extends ClassCounts {
  rows: RowCounts;
  pairs: RowPairs;
  /** For each pair, which of `rows` it belongs to. */
  rowOf: Int32Array;
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
  const places = new Map<string, number>();
  const found: [number, number, number][] = [];
  const rowOf = new Int32Array(pairs.counts.length);
  for (let i = 0; i < rowOf.length; i++) {
    const row = sizes(pairs, i, labels.length);
    const key = row.join();
    const place = places.get(key) ?? found.push(row) - 1;
    places.set(key, place);
    rowOf[i] = place;
  }
  const column = (at: 0 | 1 | 2) => Int32Array.from(found, (row) => row[at]);
  const rows = {
    hits: column(0),
    support: column(1),
    predicted: column(2),
    counts: new Float64Array(found.length),
  };
  return recounted({ labels, pairs, rows, rowOf }, pairs.counts);
};

const sizes = ({ trueRows, predRows }: RowPairs, i: number, width: number): [number, number, number] => {
  let [hits, support, predicted] = [0, 0, 0];
  for (let at = i * width; at < (i + 1) * width; at++) {
    const t = trueRows[at] as number;
    const p = predRows[at] as number;
    hits += t & p;
    support += t;
    predicted += p;
  }
  return [hits, support, predicted];
};

/** The same pairs, met so often each. */
export const recounted = (
  { labels, pairs, rows, rowOf }: Pick<Multilabel, 'labels' | 'pairs' | 'rows' | 'rowOf'>,
  counts: Float64Array,
): Multilabel => {
  const width = labels.length;
  const [hits, support, predicted] = [
    new Float64Array(width),
    new Float64Array(width),
    new Float64Array(width),
  ];
  const rowCounts = new Float64Array(rows.counts.length);
  let n = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    if (count === 0) continue;
    n += count;
    const row = rowOf[i] as number;
    rowCounts[row] = (rowCounts[row] as number) + count;
    for (let place = 0, at = i * width; place < width; place++, at++) {
      const t = pairs.trueRows[at] as number;
      const p = pairs.predRows[at] as number;
      hits[place] = (hits[place] as number) + count * (t & p);
      support[place] = (support[place] as number) + count * t;
      predicted[place] = (predicted[place] as number) + count * p;
    }
  }
  return {
    n,
    labels,
    hits,
    support,
    predicted,
    rows: { ...rows, counts: rowCounts },
    pairs: { ...pairs, counts },
    rowOf,
  };
};
