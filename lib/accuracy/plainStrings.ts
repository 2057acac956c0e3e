import { stringReader } from './labelStrings';
import type { Matches } from './labels';
import { afterSpace, BACKSLASH, byte, COMMA, ended, QUOTE, sameBytes } from './plainText';

/** Two flat lists of strings. Labels of the same bytes are equal; others only if an escape makes them so. */
export function matchStrings(a: Buffer, b: Buffer): Matches | undefined {
  const read = stringReader();
  let i = 0;
  let j = 0;
  let matches = 0;
  for (let samples = 1; ; samples++) {
    if (byte(a, i) !== QUOTE || byte(b, j) !== QUOTE) return undefined;
    const iOpen = i++;
    const jOpen = j++;
    while (byte(a, i) === byte(b, j) && !endsWalk(byte(a, i)) && i < a.length) {
      i++;
      j++;
    }
    if (byte(a, i) === QUOTE && byte(b, j) === QUOTE) matches++;
    else {
      const iPlain = plainEnd(a, i);
      const jPlain = plainEnd(b, j);
      i = closingQuote(a, iPlain);
      j = closingQuote(b, jPlain);
      if (i >= a.length || j >= b.length) return undefined;
      const escaped = i !== iPlain || j !== jPlain;
      if (escaped && (sameBytes(a, iOpen, i, b, jOpen, j) || read(a, iOpen, i + 1) === read(b, jOpen, j + 1)))
        matches++;
    }
    i = afterSpace(a, i + 1);
    j = afterSpace(b, j + 1);
    if (byte(a, i) !== COMMA || byte(b, j) !== COMMA) {
      return ended(a, i, b, j) ? { matches, samples } : undefined;
    }
    i = afterSpace(a, i + 1);
    j = afterSpace(b, j + 1);
  }
}

/** The next quote or escape. */
function plainEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && !endsWalk(byte(bytes, at))) at++;
  return at;
}

function endsWalk(code: number): boolean {
  return code === QUOTE || code === BACKSLASH;
}

function closingQuote(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && byte(bytes, at) !== QUOTE) at += byte(bytes, at) === BACKSLASH ? 2 : 1;
  return at;
}
