import type { Matches } from './labels';
import {
  afterSpace,
  byte,
  CLOSE,
  COMMA,
  ended,
  isDigit,
  MINUS,
  NINE,
  OPEN,
  POINT,
  SPACE,
  ZERO,
} from './plainText';

/** Two flat lists of int64s: integers are equal when their digits and signs are. */
export function matchIntegers(a: Buffer, b: Buffer): Matches | undefined {
  const digits = matchDigits(a, b);
  let { matches } = digits;
  let i = afterSpace(a, digits.end);
  let j = afterSpace(b, digits.end);
  for (let samples = digits.samples + 1; ; samples++) {
    const iSign = i;
    const jSign = j;
    let c = byte(a, i);
    let d = byte(b, j);
    if (c === MINUS) c = byte(a, ++i);
    if (d === MINUS) d = byte(b, ++j);
    const iDigits = i;
    const jDigits = j;
    while (c === d && isDigit(c)) {
      c = byte(a, ++i);
      d = byte(b, ++j);
    }
    const sameDigits = !isDigit(c) && !isDigit(d);
    while (isDigit(c)) c = byte(a, ++i);
    while (isDigit(d)) d = byte(b, ++j);
    if (!isInt64(a, iDigits, i) || !isInt64(b, jDigits, j)) return undefined;
    const sameSign = iDigits - iSign === jDigits - jSign || byte(a, iDigits) === ZERO;
    if (sameDigits && sameSign) matches++;
    while (c <= SPACE) c = byte(a, ++i);
    while (d <= SPACE) d = byte(b, ++j);
    if (c !== COMMA || d !== COMMA) return ended(a, i, b, j) ? { matches, samples } : undefined;
    i = afterSpace(a, i + 1);
    j = afterSpace(b, j + 1);
  }
}

/**
 * What both lists begin with: labels of one digit, the usual classes, as far as the same delimiter follows each of them.
 * Four bytes at a time, which takes half of a byte loop's time.
 */
function matchDigits(a: Buffer, b: Buffer): Matches & { end: number } {
  const yTrue = new DataView(a.buffer, a.byteOffset, a.length);
  const yPred = new DataView(b.buffer, b.byteOffset, b.length);
  const width = byte(a, 2) === SPACE ? 3 : 2;
  const mask = width === 3 ? 0xffff00 : 0xff00;
  const delimiter = width === 3 ? (SPACE << 16) | (COMMA << 8) : COMMA << 8;
  const last = Math.min(a.length, b.length) - 4;
  let matches = 0;
  let end = 0;
  for (; end <= last; end += width) {
    const x = yTrue.getInt32(end, true);
    const y = yPred.getInt32(end, true);
    if ((x & mask) !== delimiter || (y & mask) !== delimiter) break;
    if (!isDigit(x & 0xff) || !isDigit(y & 0xff)) break;
    if ((x & 0xff) === (y & 0xff)) matches++;
  }
  return { samples: end / width, matches, end };
}

/** For certain: some of 19 digits are not told from those beyond. */
function isInt64(bytes: Buffer, first: number, end: number): boolean {
  const digits = end - first;
  return digits > 0 && (digits < 19 || (digits === 19 && byte(bytes, first) < NINE));
}

/** Two flat lists of whole numbers and booleans. */
export function matchNumbers(a: Buffer, b: Buffer): Matches | undefined {
  const yTrue = new NumberReader(a);
  const yPred = new NumberReader(b);
  let matches = 0;
  let samples = 0;
  do {
    if (!yTrue.read() || !yPred.read()) return undefined;
    if (yTrue.value === yPred.value) matches++;
    samples++;
  } while (bothHave(COMMA, yTrue, yPred));
  return ended(a, yTrue.at, b, yPred.at) ? { matches, samples } : undefined;
}

/** Two lists of rows of one width: whole numbers or booleans, at most two distinct ones in each column. */
export function matchRows(a: Buffer, b: Buffer): Matches | undefined {
  const yTrue = new NumberReader(a);
  const yPred = new NumberReader(b);
  let matches = 0;
  let samples = 0;
  let width = 0;
  do {
    if (!bothHave(OPEN, yTrue, yPred)) return undefined;
    let labels = 0;
    let same = true;
    do {
      if (!yTrue.readOneOfTwo() || !yPred.readOneOfTwo()) return undefined;
      if (yTrue.value !== yPred.value) same = false;
      labels++;
    } while (bothHave(COMMA, yTrue, yPred));
    if (!bothHave(CLOSE, yTrue, yPred)) return undefined;
    if (samples === 0) width = labels;
    if (labels !== width) return undefined;
    if (same) matches++;
    samples++;
  } while (bothHave(COMMA, yTrue, yPred));
  return ended(a, yTrue.at, b, yPred.at) ? { matches, samples } : undefined;
}

/** Steps over a delimiter that comes next in both. */
function bothHave(delimiter: number, yTrue: NumberReader, yPred: NumberReader): boolean {
  if (yTrue.next() !== delimiter || yPred.next() !== delimiter) return false;
  yTrue.step();
  yPred.step();
  return true;
}

const LOWER_F = 0x66;
const LOWER_T = 0x74;

/** Reads whole numbers of up to 15 digits, which are exact as doubles, and booleans, which are 1 and 0. */
class NumberReader {
  at = 0;
  value = 0;
  /** The distinct values of `readOneOfTwo`. */
  private one: number | undefined;
  private two: number | undefined;

  constructor(private readonly bytes: Buffer) {}

  next(): number {
    return byte(this.bytes, this.at);
  }

  /** Over one byte and the white space that follows. */
  step(): void {
    this.at = afterSpace(this.bytes, this.at + 1);
  }

  /** The next number goes to `value`; false if there is none, or another one. */
  read(): boolean {
    const code = this.next();
    if (code !== LOWER_T && code !== LOWER_F) return this.readNumber();
    this.value = code === LOWER_T ? 1 : 0;
    this.at = afterSpace(this.bytes, this.at + (code === LOWER_T ? 4 : 5));
    return true;
  }

  /** Reads, and false for a third distinct value. */
  readOneOfTwo(): boolean {
    if (!this.read()) return false;
    const { value } = this;
    if (value === this.one || value === this.two) return true;
    if (this.one === undefined) this.one = value;
    else if (this.two === undefined) this.two = value;
    else return false;
    return true;
  }

  private readNumber(): boolean {
    const { bytes } = this;
    let at = this.at;
    const negative = byte(bytes, at) === MINUS;
    if (negative) at++;
    const first = at;
    let value = 0;
    let code = byte(bytes, at);
    for (; isDigit(code); code = byte(bytes, ++at)) value = value * 10 + code - ZERO;
    const digits = at - first;
    if (code === POINT) code = byte(bytes, ++at);
    while (code === ZERO) code = byte(bytes, ++at);
    this.value = negative ? -value : value;
    this.at = afterSpace(bytes, at);
    return digits > 0 && digits <= 15;
  }
}
