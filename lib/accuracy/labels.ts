import { InvalidData } from './invalidData';
import { dtypeOf, findNumber, type LabelArray, labelArray, type NumberArray } from './labelArray';
import { countSameStrings } from './labelStrings';
import { type Outline, outline } from './outline';

export interface Matches {
  matches: number;
  samples: number;
}

/**
 * Any two columns, by the rules of sklearn.metrics._classification._check_targets and numpy's of equality.
 * @throws {InvalidData} where accuracy_score raises.
 */
export function matchLabels(yTrue: Buffer, yPred: Buffer): Matches {
  const trueOutline = outline('y_true', yTrue);
  const predOutline = outline('y_pred', yPred);
  const { samples } = trueOutline;
  if (samples !== predOutline.samples) {
    throw new InvalidData('lengths', `y_true has ${samples} samples but y_pred has ${predOutline.samples}`);
  }
  if (samples === 0) throw new InvalidData('empty', 'y_true and y_pred are empty lists');
  const problem = trueOutline.problem ?? predOutline.problem;
  if (problem) throw problem;

  const trueLabels = target(trueOutline);
  const predLabels = target(predOutline);
  checkWidths(trueLabels, predLabels);
  return { matches: countSame(trueLabels, predLabels), samples };
}

/** sklearn.utils.multiclass.type_of_target: passes binary, multiclass and multilabel-indicator only. */
function target(outline: Outline): LabelArray {
  const single = (outline.rowWidth ?? 0) <= 1;
  if (single) refuseContinuous(outline); // found before all of it is read
  const labels = labelArray(outline);
  if (single) return labels;
  const { column, dtype } = labels;
  if (dtype === 'str' || hasThreeDistinct(labels.values)) {
    const what = dtype === 'str' ? 'strings' : 'more than two distinct values';
    const message = `${column} has rows of several labels with ${what}; only indicators are scored`;
    throw new InvalidData('multioutput', message, column);
  }
  refuseContinuous(outline);
  return labels;
}

/** @throws {InvalidData} when the labels are floats that are not all whole */
function refuseContinuous(outline: Outline): void {
  const { column } = outline;
  if (dtypeOf(outline) !== 'float64') return;
  const found = findNumber(outline, (value) => !isWhole(value));
  if (!found) return;
  const where = `(sample ${found.sample}, counted from 0)`;
  if (!Number.isFinite(found.value)) {
    const message = `${column} holds a number too large for a 64-bit float ${where}`;
    throw new InvalidData('infinity', message, column);
  }
  const message = `${column} holds ${found.value}, no class but a continuous value ${where}`;
  throw new InvalidData('continuous', message, column);
}

function checkWidths(a: LabelArray, b: LabelArray): void {
  if (a.width === b.width) return;
  if (a.width > 1 && b.width > 1) {
    throw new InvalidData('row_widths', `y_true has ${a.width} labels a row but y_pred has ${b.width}`);
  }
  const [rows, single] = a.width > 1 ? [a, b] : [b, a];
  throw new InvalidData('rows_and_labels', `${rows.column} has rows but ${single.column} has single labels`);
}

function countSame(a: LabelArray, b: LabelArray): number {
  if (a.dtype === 'str' && b.dtype === 'str') return countSameStrings(a.json, b.json);
  if (a.dtype === 'str' || b.dtype === 'str') {
    const [text, other] = a.dtype === 'str' ? [a, b] : [b, a];
    throw new InvalidData('strings_and_numbers', `${text.column} holds strings but ${other.column} does not`);
  }
  return countSameNumbers(a, b);
}

function hasThreeDistinct(values: NumberArray['values']): boolean {
  const first = values[0];
  let second = first;
  for (const value of values) {
    if (value === first || value === second) continue;
    if (second !== first) return true;
    second = value;
  }
  return false;
}

/** Survives numpy's cast to int64 and back. */
function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

function countSameNumbers(a: NumberArray, b: NumberArray): number {
  const { samples, width } = a;
  const [left, right] = comparable(a, b);
  let matches = 0;
  for (let row = 0, at = 0; row < samples; row++, at += width) {
    let same = true;
    for (let column = 0; column < width && same; column++) same = left[at + column] === right[at + column];
    if (same) matches++;
  }
  return matches;
}

/**
 * The values as numpy compares them: integers with integers exactly, else as float64. Rows are subtracted,
 * which takes int64 with uint64 to float64 too.
 */
function comparable(a: NumberArray, b: NumberArray): [NumberArray['values'], NumberArray['values']] {
  if (a.dtype === 'float64' || b.dtype === 'float64' || (a.width > 1 && a.dtype !== b.dtype)) {
    return [asFloats(a), asFloats(b)];
  }
  const exact = Array.isArray(a.values) !== Array.isArray(b.values);
  return exact ? [asBigInts(a), asBigInts(b)] : [a.values, b.values];
}

function asFloats({ values }: NumberArray): Float64Array {
  return values instanceof Float64Array ? values : Float64Array.from(values as bigint[], Number);
}

function asBigInts({ values }: NumberArray): bigint[] {
  return values instanceof Float64Array ? Array.from(values, BigInt) : (values as bigint[]);
}
