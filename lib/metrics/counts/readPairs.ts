import { Column } from '../decode/column';
import { InvalidData } from '../decode/invalidData';
import { type RowLabels, type SingleLabels, toLabels } from '../decode/labels';
import { outline } from '../decode/outline';
import { Kind } from '../decode/spellings';
import { type Pairs, PairTable } from './pairTable';

/** Two columns as counts of pairs of codes, and what the codes mean. */
export type LabelPairs = { samples: number; unlabelled: number; pairs: Pairs; trueCodes?: Int32Array } & (
  | { rows: false; yTrue: SingleLabels; yPred: SingleLabels }
  | { rows: true; yTrue: RowLabels; yPred: RowLabels }
);

const blockSize = 4096;

/**
 * Reads both columns in one pass, by the rules of sklearn.metrics._classification._check_targets.
 * @param nullable samples whose y_true is null are left out and counted as unlabelled
 * @param keep the code of every y_true is wanted besides
 * @param counts how often each pair was met, if not once
 * @throws {InvalidData} where scikit-learn's metrics of classes raise
 */
export const readPairs = (
  yTrue: Buffer,
  yPred: Buffer,
  nullable: boolean,
  keep = false,
  counts?: readonly number[],
): LabelPairs => {
  const trueColumn = new Column('y_true', yTrue);
  const predColumn = new Column('y_pred', yPred);
  const kept = keep ? new Int32Array((yTrue.length >> 1) + 1) : undefined;
  const counted = counts
    ? weighted(trueColumn, predColumn, counts)
    : countPairs(trueColumn, predColumn, kept);
  const samples = counts ? counts.reduce((sum, count) => sum + count, 0) : trueColumn.samples;
  if (trueColumn.samples !== predColumn.samples) {
    const message = `y_true has ${trueColumn.samples} samples but y_pred has ${predColumn.samples}`;
    throw new InvalidData('lengths', message);
  }
  if (samples === 0) throw new InvalidData('empty', 'y_true and y_pred are empty lists');
  const { pairs, unlabelled } = nullable
    ? withoutNull(trueColumn, counted)
    : { pairs: counted, unlabelled: 0 };
  const trueCodes = kept && { trueCodes: kept.subarray(0, samples) };
  return {
    samples,
    unlabelled,
    pairs,
    ...trueCodes,
    ...meanings(trueColumn, predColumn, nullable, unlabelled === samples),
  };
};

const countPairs = (yTrue: Column, yPred: Column, kept: Int32Array | undefined): Pairs => {
  const length = Math.min(blockSize, (yTrue.json.length >> 1) + 1);
  const trueCodes = new Int32Array(length);
  const predCodes = new Int32Array(length);
  const table = new PairTable(Math.max(2 ** 16, (yTrue.json.length + yPred.json.length) >> 3));
  if (!kept) addDigits(table, yTrue, yPred);
  for (;;) {
    const trueSize = yTrue.read(trueCodes);
    kept?.set(trueCodes.subarray(0, trueSize), yTrue.samples - trueSize);
    const predSize = yPred.read(predCodes);
    const size = Math.min(trueSize, predSize);
    table.add(trueCodes, predCodes, size, yTrue.spellings.size, yPred.spellings.size);
    if (trueSize === length && predSize === length) continue;
    while (yTrue.read(trueCodes) > 0);
    while (yPred.read(predCodes) > 0);
    return table.pairs();
  }
};

/** Pairs that have been counted already: each sample of the columns is one. */
const weighted = (yTrue: Column, yPred: Column, counts: readonly number[]): Pairs => {
  const codesOf = (column: Column) => {
    const codes = new Int32Array(counts.length + 1); // one more: a list of another length is told
    column.read(codes);
    return codes.subarray(0, counts.length);
  };
  return {
    size: counts.length,
    trueCodes: codesOf(yTrue),
    predCodes: codesOf(yPred),
    counts: Int32Array.from(counts),
  };
};

const addDigits = (table: PairTable, yTrue: Column, yPred: Column): void => {
  for (const [cell, count] of yTrue.countDigits(yPred).entries()) {
    if (count > 0) table.addOne(yTrue.digitCode(cell >> 4), yPred.digitCode(cell & 15), count);
  }
};

const withoutNull = ({ spellings }: Column, pairs: Pairs): { pairs: Pairs; unlabelled: number } => {
  const isNull = (code: number) => spellings.kinds[code] === Kind.null;
  const kept: number[] = [];
  let unlabelled = 0;
  for (let i = 0; i < pairs.size; i++) {
    if (isNull(pairs.trueCodes[i] as number)) unlabelled += pairs.counts[i] as number;
    else kept.push(i);
  }
  if (unlabelled === 0) return { pairs, unlabelled };
  const pick = (values: Int32Array) => Int32Array.from(kept, (i) => values[i] as number);
  return {
    pairs: {
      size: kept.length,
      trueCodes: pick(pairs.trueCodes),
      predCodes: pick(pairs.predCodes),
      counts: pick(pairs.counts),
    },
    unlabelled,
  };
};

const meanings = (trueColumn: Column, predColumn: Column, nullable: boolean, noLabels: boolean) => {
  const trueOutline = outline('y_true', trueColumn.spellings, nullable);
  const predOutline = outline('y_pred', predColumn.spellings, false);
  const problem = trueOutline.problem ?? predOutline.problem;
  if (problem) throw problem;
  if (noLabels) trueOutline.width = predOutline.width;
  const yTrue = toLabels(trueColumn, trueOutline);
  const yPred = toLabels(predColumn, predOutline);
  if (yTrue.rows && yPred.rows) {
    if (yTrue.width === yPred.width) return { rows: true as const, yTrue, yPred };
    const message = `y_true has ${yTrue.width} labels a row but y_pred has ${yPred.width}`;
    throw new InvalidData('row_widths', message);
  }
  if (yTrue.rows || yPred.rows) {
    const [rows, single] = yTrue.rows ? ['y_true', 'y_pred'] : ['y_pred', 'y_true'];
    throw new InvalidData('rows_and_labels', `${rows} has rows but ${single} has single labels`);
  }
  if (!noLabels && (yTrue.dtype === 'str') !== (yPred.dtype === 'str')) {
    const [text, other] = yTrue.dtype === 'str' ? ['y_true', 'y_pred'] : ['y_pred', 'y_true'];
    throw new InvalidData('strings_and_numbers', `${text} holds strings but ${other} does not`);
  }
  return { rows: false as const, yTrue, yPred };
};
