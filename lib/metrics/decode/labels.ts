import { byte, ZERO } from './bytes';
import { type Column, isWhole } from './column';
import { at, InvalidData, tooMany } from './invalidData';
import { numpyText } from './numpyText';
import { forEachInRow, Has, type Outline } from './outline';
import { Kind } from './spellings';

/** A class. Numbers are bigint beyond 2^53; a boolean is 0 or 1. */
export type Label = string | number | bigint;

type DType = 'int64' | 'uint64' | 'float64' | 'str';

/** A flat list or a column vector: the label that each spelling means. */
export interface SingleLabels {
  rows: false;
  dtype: DType;
  /** By code; undefined for null. */
  labels: (Label | undefined)[];
}

/** Rows of at most two distinct values. */
export interface RowLabels {
  rows: true;
  width: number;
  dtype: DType;
  /** The distinct values. */
  values: [Label?, Label?];
  /** By code and place: which of `values`. */
  bits: Uint8Array;
}

/** numpy's promotion: a string makes all of it strings, a float (or no integer type wide enough) floats. */
const dtypeOf = (has: number): DType => {
  if (has & Has.string) return 'str';
  if (has & Has.float) return 'float64';
  if (!(has & Has.unsigned)) return 'int64';
  return has & (Has.integer | Has.long) ? 'float64' : 'uint64';
};

/**
 * The labels of a column without problem, as sklearn.utils.multiclass.type_of_target passes them: binary, multiclass and
 * multilabel-indicator.
 * @throws {InvalidData} for continuous labels and rows of classes
 */
export const toLabels = (column: Column, { width, has }: Outline): SingleLabels | RowLabels => {
  const dtype = dtypeOf(has);
  try {
    return (width ?? 0) > 1 ? rowLabels(column, width as number, dtype) : singleLabels(column, dtype);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InvalidData('not_json', `${column.name} is cut short, or no JSON`, column.name);
  }
};

/** Several times as many would not fit into the memory of a run. */
const mostLabels = 500_000;

const singleLabels = (column: Column, dtype: DType): SingleLabels => {
  const { spellings } = column;
  if (spellings.size > mostLabels) {
    throw tooMany(column.name, mostLabels, 'distinct labels');
  }
  const labels = new Array<Label | undefined>(spellings.size);
  for (let code = 0; code < spellings.size; code++) {
    const kind = spellings.kinds[code] as Kind;
    let text = kind === Kind.null ? undefined : spellings.text(code);
    if (kind === Kind.row) {
      forEachInRow(spellings, code, (_, start, end) => {
        text = spellings.json.toString('utf8', start, end);
      });
    }
    if (text === undefined) continue;
    const label = labelOf(text, dtype);
    if (dtype === 'float64') refuseContinuous(column, label as number, spellings.firsts[code] as number);
    labels[code] = label;
  }
  return { rows: false, dtype, labels };
};

const labelOf = (text: string, dtype: DType): Label => {
  if (dtype === 'str') return numpyText(text);
  if (text === 'true') return 1;
  if (text === 'false') return 0;
  const value = Number(text) + 0;
  return dtype === 'float64' || Number.isSafeInteger(value) ? value : BigInt(text);
};

const refuseContinuous = ({ name }: Column, value: number, sample: number): void => {
  if (isWhole(value)) return;
  if (!Number.isFinite(value)) {
    const message = `${name} holds a number too large for a 64-bit float ${at(sample)}`;
    throw new InvalidData('infinity', message, name);
  }
  const message = `${name} holds ${value}, no class but a continuous value ${at(sample)}`;
  throw new InvalidData('continuous', message, name);
};

const rowLabels = (column: Column, width: number, dtype: DType): RowLabels => {
  const { spellings } = column;
  if (dtype === 'str') throw multioutput(column, 'strings');
  const bits = new Uint8Array(spellings.size * width);
  const values: Label[] = [];
  const firsts: number[] = []; // sample of each value
  for (let code = 0; code < spellings.size; code++) {
    if (spellings.kinds[code] === Kind.null) continue;
    let place = code * width;
    forEachInRow(spellings, code, (_, start, end) => {
      const value = bitLabel(spellings.json, start, end, dtype);
      let bit = values.indexOf(value);
      if (bit < 0) {
        bit = values.push(value) - 1;
        firsts.push(spellings.firsts[code] as number);
      }
      if (bit > 1) throw multioutput(column, 'more than two distinct values');
      bits[place++] = bit;
    });
  }
  if (dtype === 'float64') {
    for (const [bit, value] of values.entries())
      refuseContinuous(column, value as number, firsts[bit] as number);
  }
  return { rows: true, width, dtype, values: values as [Label?, Label?], bits };
};

const bitLabel = (json: Buffer, start: number, end: number, dtype: DType): Label =>
  end - start === 1 ? byte(json, start) - ZERO : labelOf(json.toString('latin1', start, end), dtype);

const multioutput = ({ name }: Column, what: string): InvalidData => {
  const message = `${name} has rows of several labels with ${what}; only indicators are scored`;
  return new InvalidData('multioutput', message, name);
};
