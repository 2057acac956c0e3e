import type { Matches } from './labels';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;

/**
 * Two flat lists, both of short integers or both of strings without escapes, in one pass over the bytes.
 * Such labels are equal when their bytes are, and scikit-learn scores every such pair of one length.
 * Undefined for all else: that is for `matchLabels`.
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
    if (a[i] === MINUS) i++;
    if (b[j] === MINUS) j++;
    // The rest of both while they agree, then what is left of each.
    const iDigits = i;
    const jDigits = j;
    while (isDigit(a[i]) && a[i] === b[j]) {
      i++;
      j++;
    }
    if (!isDigit(a[i]) && !isDigit(b[j])) {
      if (iDigits - iFirst === jDigits - jFirst) matches++;
    } else {
      while (isDigit(a[i])) i++;
      while (isDigit(b[j])) j++;
    }
    if (isDoubtful(a, iFirst, iDigits, i) || isDoubtful(b, jFirst, jDigits, j)) return undefined;
    i = afterSpace(a, i);
    j = afterSpace(b, j);
    if (a[i] !== COMMA || b[j] !== COMMA) return atEnd(a, i, b, j) ? { matches, samples } : undefined;
    i = afterSpace(a, i + 1);
    j = afterSpace(b, j + 1);
  }
}

/** No integer, or -0, or more digits than a double can hold for sure. */
function isDoubtful(bytes: Buffer, first: number, digits: number, end: number): boolean {
  return end === digits || end - digits > 15 || (digits !== first && bytes[digits] === ZERO);
}

function matchStrings(a: Buffer, aStart: number, b: Buffer, bStart: number): Matches | undefined {
  let i = aStart;
  let j = bStart;
  let matches = 0;
  for (let samples = 1; ; samples++) {
    if (a[i] !== QUOTE || b[j] !== QUOTE) return undefined;
    i++;
    j++;
    while (isPlain(a[i]) && a[i] === b[j]) {
      i++;
      j++;
    }
    if (a[i] === QUOTE && b[j] === QUOTE) matches++;
    else {
      while (isPlain(a[i])) i++;
      while (isPlain(b[j])) j++;
      if (a[i] !== QUOTE || b[j] !== QUOTE) return undefined;
    }
    i = afterSpace(a, i + 1);
    j = afterSpace(b, j + 1);
    if (a[i] !== COMMA || b[j] !== COMMA) return atEnd(a, i, b, j) ? { matches, samples } : undefined;
    i = afterSpace(a, i + 1);
    j = afterSpace(b, j + 1);
  }
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= ZERO && code <= NINE;
}

function isPlain(code: number | undefined): boolean {
  return code !== undefined && code !== QUOTE && code !== BACKSLASH;
}

function atEnd(a: Buffer, i: number, b: Buffer, j: number): boolean {
  return a[i] === CLOSE && b[j] === CLOSE;
}

function firstToken(bytes: Buffer): number {
  const open = afterSpace(bytes, 0);
  return bytes[open] === OPEN ? afterSpace(bytes, open + 1) : bytes.length;
}

function afterSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (isSpace(bytes[at])) at++;
  return at;
}

function isSpace(code: number | undefined): boolean {
  return code !== undefined && code <= 0x20;
}
