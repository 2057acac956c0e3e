import type { Matches } from './labels';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;

/**
 * Two flat lists, both of integers of up to 15 digits or both of strings without escapes, in one pass over
 * the bytes. Such integers are exact as doubles, such strings are equal when their bytes are, and scikit-learn
 * scores every such pair of one length. Undefined for all else: that is for `matchLabels`.
 */
export function matchFlatLabels(yTrue: Buffer, yPred: Buffer): Matches | undefined {
  const i = firstToken(yTrue);
  const j = firstToken(yPred);
  return yTrue[i] === QUOTE ? matchStrings(yTrue, i, yPred, j) : matchIntegers(yTrue, i, yPred, j);
}

function matchIntegers(a: Buffer, aStart: number, b: Buffer, bStart: number): Matches | undefined {
  let i = aStart;
  let j = bStart;
  let matches = 0;
  for (let samples = 1; ; samples++) {
    const iFirst = i;
    const jFirst = j;
    let c = byte(a, i);
    let d = byte(b, j);
    if (c === MINUS) c = byte(a, ++i);
    if (d === MINUS) d = byte(b, ++j);
    const iDigits = i;
    const jDigits = j;
    let x = 0;
    let y = 0;
    for (; c >= ZERO && c <= NINE; c = byte(a, ++i)) x = x * 10 + c - ZERO;
    for (; d >= ZERO && d <= NINE; d = byte(b, ++j)) y = y * 10 + d - ZERO;
    if (i === iDigits || j === jDigits || i - iDigits > 15 || j - jDigits > 15) return undefined;
    if (iDigits !== iFirst) x = -x;
    if (jDigits !== jFirst) y = -y;
    if (x === y) matches++;
    while (c <= SPACE) c = byte(a, ++i);
    while (d <= SPACE) d = byte(b, ++j);
    if (c !== COMMA || d !== COMMA) return c === CLOSE && d === CLOSE ? { matches, samples } : undefined;
    i = afterSpace(a, i + 1);
    j = afterSpace(b, j + 1);
  }
}

function matchStrings(a: Buffer, aStart: number, b: Buffer, bStart: number): Matches | undefined {
  let i = aStart;
  let j = bStart;
  let matches = 0;
  for (let samples = 1; ; samples++) {
    if (byte(a, i) !== QUOTE || byte(b, j) !== QUOTE) return undefined;
    let c = byte(a, ++i);
    let d = byte(b, ++j);
    while (c === d && c !== QUOTE && c !== BACKSLASH && i < a.length) {
      c = byte(a, ++i);
      d = byte(b, ++j);
    }
    if (c === QUOTE && d === QUOTE) matches++;
    else {
      while (c !== QUOTE && c !== BACKSLASH && i < a.length) c = byte(a, ++i);
      while (d !== QUOTE && d !== BACKSLASH && j < b.length) d = byte(b, ++j);
      if (c !== QUOTE || d !== QUOTE) return undefined;
    }
    i = afterSpace(a, i + 1);
    j = afterSpace(b, j + 1);
    if (byte(a, i) !== COMMA || byte(b, j) !== COMMA) {
      return byte(a, i) === CLOSE && byte(b, j) === CLOSE ? { matches, samples } : undefined;
    }
    i = afterSpace(a, i + 1);
    j = afterSpace(b, j + 1);
  }
}

function firstToken(bytes: Buffer): number {
  const open = afterSpace(bytes, 0);
  return byte(bytes, open) === OPEN ? afterSpace(bytes, open + 1) : bytes.length;
}

function afterSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (byte(bytes, at) <= SPACE) at++;
  return at;
}

/** Past the end it is undefined, which is never in a range: digits and white space end there too. */
function byte(bytes: Buffer, at: number): number {
  return bytes[at] as number;
}
