import type { Label, RowLabels, SingleLabels } from '../decode/labels';
import type { LabelPairs } from './readPairs';

/** How many samples have equal labels, or rows, in both columns. */
export const matches = (found: LabelPairs): number => {
  const same = found.rows ? sameRow(found.yTrue, found.yPred) : sameLabel(found.yTrue, found.yPred);
  const { size, trueCodes, predCodes, counts } = found.pairs;
  let sum = 0;
  for (let i = 0; i < size; i++) {
    if (same(trueCodes[i] as number, predCodes[i] as number)) sum += counts[i] as number;
  }
  return sum;
};

/** Numbers of numpy arrays are compared exactly, unless one array is of floats. */
export const comparable = (yTrue: SingleLabels, yPred: SingleLabels): ((label: Label) => Label) => {
  const floats = yTrue.dtype === 'float64' || yPred.dtype === 'float64';
  return floats ? Number : (label) => label;
};

const sameLabel = (yTrue: SingleLabels, yPred: SingleLabels) => {
  const read = comparable(yTrue, yPred);
  const trueLabels = yTrue.labels.map((label) => label !== undefined && read(label));
  const predLabels = yPred.labels.map((label) => label !== undefined && read(label));
  return (trueCode: number, predCode: number) => trueLabels[trueCode] === predLabels[predCode];
};

/** Rows are subtracted, which takes int64 with uint64 to float64 too. */
const sameRow = (yTrue: RowLabels, yPred: RowLabels) => {
  const { width } = yTrue;
  const floats = yTrue.dtype === 'float64' || yPred.dtype === 'float64' || yTrue.dtype !== yPred.dtype;
  const read = floats ? (label: Label) => Number(label) : (label: Label) => label;
  const equal = yTrue.values.map((a) =>
    yPred.values.map((b) => a !== undefined && b !== undefined && read(a) === read(b)),
  );
  return (trueCode: number, predCode: number) => {
    for (let place = 0; place < width; place++) {
      const a = yTrue.bits[trueCode * width + place] as number;
      const b = yPred.bits[predCode * width + place] as number;
      if (!equal[a]?.[b]) return false;
    }
    return true;
  };
};
