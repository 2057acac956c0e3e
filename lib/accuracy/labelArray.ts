import type { Column } from './invalidData';
import { JsonTokens, type Token } from './jsonTokens';
import { Kind, type Outline } from './outline';
import { byte, isDigit, MINUS, PLUS, POINT, ZERO } from './plainText';

/** A flat list and a column vector both have width 1: they score alike. */
interface Shape {
  column: Column;
  samples: number;
  width: number;
}

export interface NumberArray extends Shape {
  dtype: 'int64' | 'uint64' | 'float64';
  /** Row by row. Integers are bigint where one of them is beyond 2^53; booleans are 0 and 1. */
  values: Float64Array | bigint[];
}

/** Strings stay in their JSON, and are compared there. */
interface StringArray extends Shape {
  dtype: 'str';
  json: Buffer;
}

/** numpy.asarray of a JSON list. */
export type LabelArray = NumberArray | StringArray;

/** Makes the array of an outline without problem. */
export function labelArray(outline: Outline): LabelArray {
  const { column, json, samples, rowWidth, kinds } = outline;
  const width = rowWidth || 1;
  const dtype = dtypeOf(outline);
  if (dtype === 'str') return { column, samples, width, dtype, json };
  const values = readValues(json, dtype, kinds, samples * width);
  return { column, samples, width, dtype, values };
}

/** The first number that is `odd`, and the sample it belongs to. What comes after it is not read. */
export function findNumber(
  { json, rowWidth }: Outline,
  odd: (value: number) => boolean,
): { value: number; sample: number } | undefined {
  const tokens = new JsonTokens(json);
  let read = 0;
  for (let token = tokens.next(); token !== 'end'; token = tokens.next()) {
    if (token === 'open' || token === 'close') continue;
    const value = toNumber(tokens, token);
    if (odd(value)) return { value, sample: Math.floor(read / (rowWidth || 1)) };
    read++;
  }
  return undefined;
}

/** numpy's promotion: a string makes all of it strings, a float (or no integer type wide enough) floats. */
export function dtypeOf({ kinds }: Outline): LabelArray['dtype'] {
  if (kinds & Kind.string) return 'str';
  if (kinds & Kind.float) return 'float64';
  if (!(kinds & Kind.unsigned)) return 'int64';
  return kinds & (Kind.integer | Kind.long) ? 'float64' : 'uint64';
}

function readValues(json: Buffer, dtype: NumberArray['dtype'], kinds: number, size: number) {
  if (dtype !== 'float64' && kinds & (Kind.long | Kind.unsigned)) {
    return fill(json, new Array<bigint>(size), toBigInt);
  }
  return fill(json, new Float64Array(size), toNumber);
}

function fill<T, A extends { [index: number]: T }>(
  json: Buffer,
  values: A,
  read: (tokens: JsonTokens, token: Token) => T,
): A {
  const tokens = new JsonTokens(json);
  let size = 0;
  for (let token = tokens.next(); token !== 'end'; token = tokens.next()) {
    if (token !== 'open' && token !== 'close') values[size++] = read(tokens, token);
  }
  return values;
}

function toBigInt(tokens: JsonTokens, token: Token): bigint {
  return token === 'integer' ? BigInt(tokens.text()) : BigInt(token === 'true');
}

const POWERS_OF_TEN = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/**
 * Up to 15 digits and powers of ten up to 22 are exact doubles, so that their product or quotient is the nearest one: no
 * text need be cut out.
 */
function toNumber(tokens: JsonTokens, token: Token): number {
  if (token === 'true') return 1;
  if (token === 'false') return 0;
  const { json, start, end } = tokens;
  const negative = byte(json, start) === MINUS;
  const first = negative ? start + 1 : start;
  let digits = 0;
  let power = 0;
  let at = first;
  for (let point = false; at < end; at++) {
    const code = byte(json, at);
    if (code === POINT) point = true;
    else if (!isDigit(code)) break;
    else {
      digits = digits * 10 + (code - ZERO);
      if (point) power--;
    }
  }
  const few = at - first <= 15;
  if (at < end) power += exponent(json, at + 1, end);
  if (!few || power < -22 || power > 22) return Number(tokens.text());
  const value =
    power < 0 ? digits / (POWERS_OF_TEN[-power] as number) : digits * (POWERS_OF_TEN[power] as number);
  return negative ? -value : value;
}

function exponent(json: Buffer, start: number, end: number): number {
  const sign = byte(json, start);
  let value = 0;
  for (let at = sign === MINUS || sign === PLUS ? start + 1 : start; at < end; at++) {
    value = value * 10 + (byte(json, at) - ZERO);
  }
  return sign === MINUS ? -value : value;
}
