import { type Column, InvalidData, type Reason } from './invalidData';
import { JsonTokens, type Token } from './jsonTokens';

/** What one look at a list tells: its shape, the kinds of label in it, why it cannot be an array. */
export interface Outline {
  column: Column;
  json: Buffer;
  samples: number;
  /** Labels per row; 0 for a flat list, undefined for an empty one. */
  rowWidth: number | undefined;
  /** Bits of `Kind`. */
  kinds: number;
  problem: InvalidData | undefined;
}

export const Kind = {
  boolean: 1,
  integer: 2,
  /** An int64 beyond 2^53. */
  long: 4,
  /** From 2^63 on, within uint64. */
  unsigned: 8,
  float: 16,
  string: 32,
} as const;

const PROBLEMS = {
  null: 'holds null, which is no label',
  object: 'holds an object, which is no label',
  big_integer: 'holds an integer that does not fit into 64 bits',
  ragged: 'has rows of different lengths, or rows next to single labels',
  deep: 'has lists nested more than two deep',
  empty_rows: 'has an empty row',
} satisfies Partial<Record<Reason, string>>;

/** @throws {InvalidData} when the JSON is not a list; whatever else is wrong with it is left in `problem`. */
export function outline(column: Column, json: Buffer): Outline {
  const tokens = new JsonTokens(json);
  const first = tokens.next();
  if (first !== 'open') {
    throw new InvalidData('not_a_list', `${column} is not a list of labels but ${described(first)}`, column);
  }
  const found: Outline = { column, json, samples: 0, rowWidth: undefined, kinds: 0, problem: undefined };
  for (let token = tokens.next(); token !== 'end'; token = tokens.next()) {
    if (token === 'open') takeRow(found, tokens);
    else {
      takeWidth(found, 0);
      takeLabel(found, tokens, token);
    }
    found.samples++;
  }
  return found;
}

function takeRow(found: Outline, tokens: JsonTokens): void {
  let width = 0;
  for (let token = tokens.next(); token !== 'close' && token !== 'end'; token = tokens.next()) {
    takeLabel(found, tokens, token);
    width++;
  }
  if (width === 0) note(found, 'empty_rows');
  takeWidth(found, width);
}

function takeWidth(found: Outline, width: number): void {
  found.rowWidth ??= width;
  if (found.rowWidth !== width) note(found, 'ragged');
}

function takeLabel(found: Outline, tokens: JsonTokens, token: Token): void {
  if (token === 'integer') takeInteger(found, tokens);
  else if (token === 'string') found.kinds |= Kind.string;
  else if (token === 'float') found.kinds |= Kind.float;
  else if (token === 'true' || token === 'false') found.kinds |= Kind.boolean;
  else if (token === 'null') note(found, 'null');
  else note(found, token === 'object' ? 'object' : 'deep');
}

function takeInteger(found: Outline, tokens: JsonTokens): void {
  if (tokens.end - tokens.start <= 15) {
    found.kinds |= Kind.integer;
    return;
  }
  const text = tokens.text();
  const value = text.length <= 20 ? BigInt(text) : undefined;
  if (value === undefined || value >= 2n ** 64n || value < -(2n ** 63n)) note(found, 'big_integer');
  else if (value >= 2n ** 63n) found.kinds |= Kind.unsigned;
  else found.kinds |= Number.isSafeInteger(Number(value)) ? Kind.integer : Kind.long;
}

function note(found: Outline, reason: keyof typeof PROBLEMS): void {
  found.problem ??= new InvalidData(
    reason,
    `${found.column} ${PROBLEMS[reason]} (sample ${found.samples}, counted from 0)`,
    found.column,
  );
}

function described(token: Token): string {
  if (token === 'object') return 'an object';
  if (token === 'integer' || token === 'float') return 'a number';
  if (token === 'string') return 'a string';
  return token;
}
