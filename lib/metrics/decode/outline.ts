import { bracketEnd, byte, CLOSE, COMMA, LOWER_E, POINT, SPACE, stringEnd, UPPER_E } from './bytes';
import { kindOf } from './column';
import { badLabel, type ColumnName, type InvalidData } from './invalidData';
import { Kind, type Spellings } from './spellings';

/** Bits for the kinds of label in a column, as far as numpy tells them apart. */
export const Has = {
  boolean: 1,
  integer: 2,
  /** An int64 beyond 2^53. */
  long: 4,
  /** From 2^63 on, within uint64. */
  unsigned: 8,
  float: 16,
  string: 32,
} as const;

/** What the distinct spellings tell of a column: its shape, the kinds of label in it, why it cannot be an array. */
export interface Outline {
  /** Labels per row; 0 for a flat list, undefined for an empty one. */
  width: number | undefined;
  /** Bits of `Has`. */
  has: number;
  problem: InvalidData | undefined;
}

/** @param nullable a sample without a label is no problem */
export const outline = (column: ColumnName, spellings: Spellings, nullable: boolean): Outline => {
  const found: Outline = { width: undefined, has: 0, problem: undefined };
  for (let code = 0; code < spellings.size; code++) {
    const kind = spellings.kinds[code] as Kind;
    if (nullable && kind === Kind.null) continue;
    if (kind === Kind.integer && found.width === 0 && spellings.lengthOf(code) <= 15) {
      found.has |= Has.integer; // most of what a long list of labels has
      continue;
    }
    const seen = kind === Kind.row ? lookAtRow(spellings, code) : lookAt(spellings.json, code, spellings);
    const width = kind === Kind.row ? seen.width : 0;
    found.width ??= width;
    found.has |= seen.has;
    const reason = seen.reason ?? (found.width === width ? undefined : 'ragged');
    if (reason) found.problem ??= badLabel(column, reason, spellings.firsts[code] as number);
  }
  return found;
};

interface Seen {
  width: number;
  has: number;
  reason: Parameters<typeof badLabel>[1] | undefined;
}

const lookAt = (json: Buffer, code: number, { kinds, starts, ends }: Spellings): Seen => {
  const seen: Seen = { width: 0, has: 0, reason: undefined };
  look(seen, json, kinds[code] as Kind, starts[code] as number, ends[code] as number);
  return seen;
};

const lookAtRow = (spellings: Spellings, code: number): Seen => {
  const seen: Seen = { width: 0, has: 0, reason: undefined };
  forEachInRow(spellings, code, (kind, start, end) => {
    seen.width++;
    look(seen, spellings.json, kind, start, end);
  });
  if (seen.width === 0) seen.reason = 'empty_rows';
  return seen;
};

const look = (seen: Seen, json: Buffer, kind: Kind, start: number, end: number): void => {
  if (kind === Kind.string) seen.has |= Has.string;
  else if (kind === Kind.float) seen.has |= Has.float;
  else if (kind === Kind.true || kind === Kind.false) seen.has |= Has.boolean;
  else if (kind === Kind.integer) lookAtInteger(seen, json, start, end);
  else seen.reason ??= kind === Kind.null ? 'null' : kind === Kind.row ? 'deep' : 'object';
};

const lookAtInteger = (seen: Seen, json: Buffer, start: number, end: number): void => {
  if (end - start <= 15) {
    seen.has |= Has.integer;
    return;
  }
  const value = end - start <= 20 ? toBigInt(json.toString('latin1', start, end)) : undefined;
  if (value === undefined || value >= 2n ** 64n || value < -(2n ** 63n)) seen.reason ??= 'big_integer';
  else if (value >= 2n ** 63n) seen.has |= Has.unsigned;
  else seen.has |= Number.isSafeInteger(Number(value)) ? Has.integer : Has.long;
};

const toBigInt = (text: string): bigint | undefined => (/^-?\d+$/.test(text) ? BigInt(text) : undefined);

/** The values of a row, from left to right; a list among them is one value. */
export const forEachInRow = (
  { json, starts, ends }: Spellings,
  code: number,
  take: (kind: Kind, start: number, end: number) => void,
): void => {
  const close = (ends[code] as number) - 1;
  let at = (starts[code] as number) + 1;
  for (;;) {
    while (at < close && (byte(json, at) <= SPACE || byte(json, at) === COMMA)) at++;
    if (at >= close) return;
    const end = Math.min(close, valueEnd(json, at, close));
    take(kindOfValue(json, at, end), at, end);
    at = end;
  }
};

const valueEnd = (json: Buffer, start: number, close: number): number => {
  const kind = kindOf(byte(json, start));
  if (kind === Kind.string) return stringEnd(json, start);
  if (kind === Kind.row || kind === Kind.object) return bracketEnd(json, start);
  let end = start + 1;
  while (end < close && byte(json, end) !== COMMA && byte(json, end) > SPACE && byte(json, end) !== CLOSE)
    end++;
  return end;
};

const kindOfValue = (json: Buffer, start: number, end: number): Kind => {
  const kind = kindOf(byte(json, start));
  if (kind !== Kind.integer) return kind;
  for (let at = start; at < end; at++) {
    const code = byte(json, at);
    if (code === POINT || code === LOWER_E || code === UPPER_E) return Kind.float;
  }
  return kind;
};
