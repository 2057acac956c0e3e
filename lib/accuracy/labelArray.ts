import type { Column } from './invalidData';
import { JsonTokens, type Token } from './jsonTokens';
import { Kind, type Outline } from './outline';

/** numpy.asarray of a JSON list. A flat list and a column vector both have width 1: they score alike. */
export interface LabelArray {
  column: Column;
  samples: number;
  width: number;
  dtype: 'int64' | 'uint64' | 'float64' | 'str';
  /** Row by row. Integers are bigint where one of them is beyond 2^53; booleans are 0 and 1. */
  values: Float64Array | bigint[] | string[];
}

/** Makes the array of an outline without problem. */
export function labelArray(outline: Outline): LabelArray {
  const { column, json, samples, rowWidth, kinds } = outline;
  const width = rowWidth || 1;
  const dtype = dtypeOf(outline);
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

function readValues(json: string, dtype: LabelArray['dtype'], kinds: number, size: number) {
  if (dtype === 'str') return fill(json, new Array<string>(size), stringReader());
  if (dtype !== 'float64' && kinds & (Kind.long | Kind.unsigned)) {
    return fill(json, new Array<bigint>(size), toBigInt);
  }
  return fill(json, new Float64Array(size), toNumber);
}

function fill<T, A extends { [index: number]: T }>(
  json: string,
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

const POWERS_OF_TEN = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/** Up to 15 digits, the quotient of two exact doubles is the nearest double: no text need be cut out. */
function toNumber(tokens: JsonTokens, token: Token): number {
  if (token === 'true') return 1;
  if (token === 'false') return 0;
  const { json, start, end } = tokens;
  if (end - start > 16) return Number(tokens.text());
  let digits = 0;
  let decimals = 0;
  let point = false;
  for (let at = start; at < end; at++) {
    const code = json.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      digits = digits * 10 + (code - 0x30);
      if (point) decimals++;
    } else if (code === 0x2e) point = true;
    else if (at > start) return Number(tokens.text());
  }
  const value = digits / (POWERS_OF_TEN[decimals] as number);
  return json.charCodeAt(start) === 0x2d ? -value : value;
}

/** Labels repeat, so each spelling with escapes is decoded once. */
function stringReader(): (tokens: JsonTokens, token: Token) => string {
  const decoded = new Map<string, string>();
  return (tokens, token) => {
    if (token !== 'string') return pythonStr(token, tokens.text());
    const text = tokens.json.slice(tokens.start + 1, tokens.end - 1);
    if (!text.includes('\\')) return text;
    let label = decoded.get(text);
    if (label === undefined) {
      label = decodeLabel(text);
      decoded.set(text, label);
    }
    return label;
  };
}

/** What is between a string's quotes. numpy's fixed-width strings end at their last character that is not NUL. */
export function decodeLabel(text: string): string {
  const label: string = JSON.parse(`"${text}"`);
  let end = label.length;
  while (end > 0 && label.charCodeAt(end - 1) === 0) end--;
  return label.slice(0, end);
}

/** Python's str() of a boolean or number. */
function pythonStr(token: Token, text: string): string {
  if (token === 'true') return 'True';
  if (token === 'false') return 'False';
  if (token === 'float') return pythonRepr(Number(text));
  return text === '-0' ? '0' : text;
}

/** float.__repr__: the shortest digits, as in JavaScript, but other bounds for the exponent. */
function pythonRepr(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, 0) ? '0.0' : '-0.0';
  const [mantissa, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent >= 16 || exponent < -4) {
    return `${mantissa}e${power[0]}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
