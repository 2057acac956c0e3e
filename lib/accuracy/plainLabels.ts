import type { Matches } from './labels';
import { matchIntegers, matchNumbers, matchRows } from './plainNumbers';
import { matchStrings } from './plainStrings';
import { afterSpace, byte, CLOSE, OPEN, QUOTE, SPACE } from './plainText';

/**
 * The usual columns in one pass over the bytes, without making values of them: flat lists of integers, of strings, of
 * whole numbers and booleans, and rows of these. Undefined for all else, what has to be refused included: that is for
 * `matchLabels`, which gives the same for what is matched here.
 */
export function matchPlainLabels(yTrue: Buffer, yPred: Buffer): Matches | undefined {
  const a = listIn(yTrue);
  const b = listIn(yPred);
  if (!a || !b) return undefined;
  const first = byte(a, 0);
  if (first === QUOTE) return matchStrings(a, b);
  if (first === OPEN) return matchRows(a, b);
  return matchIntegers(a, b) ?? matchNumbers(a, b);
}

/**
 * From the first label to the closing bracket, which ends every walk over digits or white space: reading beyond a
 * buffer is slow. Undefined if it is no list.
 */
function listIn(bytes: Buffer): Buffer | undefined {
  let last = bytes.length - 1;
  while (last > 0 && byte(bytes, last) <= SPACE) last--;
  const open = afterSpace(bytes, 0);
  if (byte(bytes, open) !== OPEN || byte(bytes, last) !== CLOSE) return undefined;
  return bytes.subarray(afterSpace(bytes, open + 1), last + 1);
}
