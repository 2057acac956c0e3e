import { InvalidData } from '../decode/invalidData';
import { readNumbers } from '../decode/numbers';

/** The pairs of numbers of a regression. */
export interface Numbers {
  n: number;
  yTrue: Float64Array;
  yPred: Float64Array;
}

/**
 * Reads both columns; pairs whose y_true is null are left out and counted.
 * @throws {InvalidData} where scikit-learn's metrics of regression raise, and for several outputs
 */
export const readPairsOfNumbers = (yTrue: Buffer, yPred: Buffer): Numbers & { unlabelled: number } => {
  const trueList = readNumbers('y_true', yTrue, true);
  const predList = readNumbers('y_pred', yPred, false);
  if (trueList.samples !== predList.samples) {
    const message = `y_true has ${trueList.samples} samples but y_pred has ${predList.samples}`;
    throw new InvalidData('lengths', message);
  }
  if (trueList.samples === 0) throw new InvalidData('empty', 'y_true and y_pred are empty lists');
  for (const [column, { width }] of [
    ['y_true', trueList],
    ['y_pred', predList],
  ] as const) {
    if (width <= 1) continue;
    throw new InvalidData(
      'multioutput',
      `${column} has rows of several numbers; one a sample is scored`,
      column,
    );
  }
  return withoutUnknown(trueList.values, predList.values);
};

const withoutUnknown = (yTrue: Float64Array, yPred: Float64Array) => {
  let n = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const value = yTrue[i] as number;
    if (Number.isNaN(value)) continue;
    yTrue[n] = value;
    yPred[n++] = yPred[i] as number;
  }
  return { n, yTrue: yTrue.subarray(0, n), yPred: yPred.subarray(0, n), unlabelled: yTrue.length - n };
};
