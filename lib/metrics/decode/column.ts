import {
  afterSpace,
  BACKSLASH,
  bracketEnd,
  byte,
  CLOSE,
  COMMA,
  isDigit,
  LOWER_E,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  MINUS,
  OPEN,
  OPEN_OBJECT,
  PLUS,
  POINT,
  QUOTE,
  SPACE,
  stringEnd,
  UPPER_E,
  ZERO,
} from './bytes';
import { type ColumnName, notAList } from './invalidData';
import { Kind, Spellings } from './spellings';

/** Survives numpy's cast to int64 and back. */
export const isWhole = (value: number): boolean =>
  Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;

/** Where the values of a list begin, and its closing bracket, which ends every walk over digits or white space. */
export const listBounds = (column: ColumnName, json: Buffer): { start: number; last: number } => {
  let last = json.length - 1;
  while (last > 0 && byte(json, last) <= SPACE) last--;
  const open = afterSpace(json, 0);
  if (byte(json, open) !== OPEN || byte(json, last) !== CLOSE || last === open) throw notAList(column, json);
  return { start: afterSpace(json, open + 1), last };
};

/**
 * Reads the values of a JSON list as codes of their spellings, a block at a time. A row is one value, spelt by all of its
 * text. The text is what PostgreSQL's `json` holds: valid, in UTF-8, white space as the sender had it.
 */
export class Column {
  readonly spellings: Spellings;
  /** How many values have been read. */
  samples = 0;
  private readonly view: DataView;
  private at: number;
  /** The closing bracket. */
  private readonly last: number;
  /** The codes of the integers below 1000, -1 before they are met. */
  private readonly small = new Int32Array(1000).fill(-1);
  /** Nothing can make classes of these numbers any more, so all but those that may have no type are counted only. */
  private hopeless = false;
  /** The codes of values met before, to be tried first. */
  private readonly guesses = new Int32Array(4096).fill(-1);
  /** How long the value before was. */
  private length = 4;

  /** @throws {InvalidData} when the text is no list */
  constructor(
    readonly name: ColumnName,
    readonly json: Buffer,
  ) {
    const { start, last } = listBounds(name, json);
    this.at = start;
    this.last = last;
    this.view = new DataView(json.buffer, json.byteOffset, json.length);
    this.spellings = new Spellings(json, this.view);
  }

  /** Fills the block from its start and says how far; less than all of it at the end of the list. */
  read(codes: Int32Array): number {
    let size = 0;
    while (size < codes.length && this.at < this.last) {
      size = this.readSmall(codes, size);
      if (size < codes.length && this.at < this.last) {
        codes[size++] = this.readValue();
        this.samples++;
      }
    }
    return size;
  }

  /** The usual classes: integers of up to three digits with a comma behind them, from the four bytes they begin with. */
  private readSmall(codes: Int32Array, from: number): number {
    const { view, json, small } = this;
    const stop = this.last - 4;
    let at = this.at;
    let size = from;
    while (size < codes.length && at < stop) {
      const word = view.getInt32(at, true);
      const value = smallInteger(word);
      if (value < 0) break;
      const end = at + (value < 10 ? 1 : value < 100 ? 2 : 3);
      const code = small[value] as number;
      codes[size] = code < 0 ? this.smallCode(value, at, end, this.samples + size - from) : code;
      size++;
      at = byte(json, end + 1) === SPACE ? end + 2 : end + 1;
    }
    this.samples += size - from;
    this.at = at;
    return size;
  }

  /**
   * Steps over what both columns begin with as long as it is one digit a value, and counts the pairs: by sixteen times the
   * digit of this column and the digit of the other.
   */
  countDigits(other: Column): Int32Array {
    const counts = new Int32Array(256);
    const [a, b] = [this.digits(), other.digits()];
    const [viewA, viewB] = [this.view, other.view];
    let [i, j] = [this.at, other.at];
    let samples = 0;
    for (const most = Math.min(a.most, b.most); samples < most; samples++) {
      const x = viewA.getInt32(i, true);
      const y = viewB.getInt32(j, true);
      const t = (x & 0xff) - ZERO;
      const p = (y & 0xff) - ZERO;
      if ((x & a.mask) !== a.delimiter || (y & b.mask) !== b.delimiter || (t | p) >>> 0 > 15) break;
      const cell = (t << 4) | p;
      counts[cell] = (counts[cell] as number) + 1;
      i += a.width;
      j += b.width;
    }
    this.at = i;
    other.at = j;
    this.samples = samples;
    other.samples = samples;
    return counts;
  }

  /** The code of a digit that `countDigits` has met. Nothing is ever wrong with it, so it needs no sample. */
  digitCode(digit: number): number {
    const at = this.json.indexOf(ZERO + digit);
    return this.smallCode(digit, at, at + 1, 0);
  }

  /** What follows a digit, and how many of them there may be. */
  private digits() {
    const spaced = this.last - this.at > 4 && byte(this.json, this.at + 2) === SPACE;
    const width = spaced ? 3 : 2;
    const most = Math.floor((this.last - 3 - this.at) / width);
    if (spaced) return { width, most, mask: 0xffff00, delimiter: (SPACE << 16) | (COMMA << 8) };
    return { width, most, mask: 0xff00, delimiter: COMMA << 8 };
  }

  private readValue(): number {
    const { json } = this;
    let start = this.at;
    if (byte(json, start) <= SPACE) start = afterSpace(json, start);
    const slot = this.guessSlot(start);
    const guess = slot < 0 ? -1 : (this.guesses[slot] as number);
    if (guess >= 0 && this.isAgain(guess, start)) return guess;
    const first = byte(json, start);
    const code = isDigit(first) || first === MINUS ? this.readNumber(start) : this.readOther(first, start);
    this.length = this.spellings.lengthOf(code);
    if (slot >= 0 && !this.hopeless) this.guesses[slot] = code;
    return code;
  }

  /** Values that begin alike, and end alike if they are as long as the one before, share a slot. */
  private guessSlot(start: number): number {
    const { view, length } = this;
    if (start + Math.max(length, 4) > this.last) return -1;
    const head = view.getInt32(start, true);
    if (length < 4) return Math.imul(head << (32 - 8 * length), 0x9e3779b1) >>> 20;
    const mixed = Math.imul(head, 0x9e3779b1) ^ view.getInt32(start + length - 4, true);
    return Math.imul(mixed, 0x85ebca6b) >>> 20;
  }

  /** Whether the text goes on with this spelling; if so, steps over it. Quotes and brackets end alike by themselves. */
  private isAgain(code: number, start: number): boolean {
    const { spellings, json } = this;
    const end = start + spellings.lengthOf(code);
    if (end > this.last || !spellings.isSpelt(code, start, end)) return false;
    const next = byte(json, end);
    if (next === COMMA) this.at = end + 1;
    else if (next <= SPACE || next === CLOSE) this.leave(end);
    else return false;
    return true;
  }

  private readOther(first: number, start: number): number {
    const kind = kindOf(first);
    const end = this.valueEnd(kind, start);
    this.leave(end);
    return this.spell(kind, start, end);
  }

  private valueEnd(kind: Kind, start: number): number {
    const { json, last } = this;
    let end = start;
    if (kind === Kind.string) end = this.closingQuote(start) + 1;
    else if (kind === Kind.row || kind === Kind.object) end = bracketEnd(json, start);
    else while (end < last && byte(json, end) !== COMMA && byte(json, end) > SPACE) end++;
    return Math.min(end, last);
  }

  /** Four bytes at a time: a byte of `x - 0x01010101 & ~x` has its top bit set where x has a zero byte, or behind one. */
  private closingQuote(open: number): number {
    const { view, json, last } = this;
    let at = open + 1;
    for (; at + 4 <= last; at += 4) {
      const word = view.getInt32(at, true);
      const quote = word ^ 0x22222222;
      const slash = word ^ 0x5c5c5c5c;
      if ((((quote - 0x01010101) & ~quote) | ((slash - 0x01010101) & ~slash)) & 0x80808080) break;
    }
    while (at < last && byte(json, at) !== QUOTE && byte(json, at) !== BACKSLASH) at++;
    return byte(json, at) === BACKSLASH ? stringEnd(json, at - 1) - 1 : at;
  }

  private readNumber(start: number): number {
    const { json } = this;
    let value = 0;
    let at = start;
    let code = byte(json, at);
    for (; isDigit(code); code = byte(json, ++at)) value = value * 10 + (code - ZERO);
    const small = at > start && at - start < 4;
    if (code === MINUS) {
      do code = byte(json, ++at);
      while (isDigit(code));
    }
    const kind = code === POINT || code === LOWER_E || code === UPPER_E ? Kind.float : Kind.integer;
    if (kind === Kind.float) while (isOfNumber(code)) code = byte(json, ++at);
    if (code === COMMA) this.at = at + 1;
    else this.leave(at);
    if (this.hopeless && (kind === Kind.float || at - start < 19)) return 0;
    if (kind === Kind.float) return this.floatCode(start, at);
    return small ? this.smallCode(value, start, at, this.samples) : this.spell(Kind.integer, start, at);
  }

  private smallCode(value: number, start: number, end: number, sample: number): number {
    const { small } = this;
    if ((small[value] as number) < 0) small[value] = this.spellings.code(Kind.integer, start, end, sample);
    return small[value] as number;
  }

  /** A fraction is no class, unless a string somewhere in the list makes it one. */
  private floatCode(start: number, end: number): number {
    const { size } = this.spellings;
    const code = this.spell(Kind.float, start, end);
    if (code === size && !isWhole(Number(this.spellings.text(code)))) {
      this.hopeless = !this.json.includes(QUOTE);
    }
    return code;
  }

  private spell(kind: Kind, start: number, end: number): number {
    return this.spellings.code(kind, start, end, this.samples);
  }

  private leave(end: number): void {
    const at = afterSpace(this.json, end);
    this.at = byte(this.json, at) === COMMA ? at + 1 : at;
  }
}

const isOfNumber = (code: number): boolean =>
  isDigit(code) || code === POINT || code === MINUS || code === PLUS || code === LOWER_E || code === UPPER_E;

/** The integer that the four bytes begin with, if it has a comma behind it; else -1. */
const smallInteger = (word: number): number => {
  const first = (word & 0xff) - ZERO;
  if (first >>> 0 > 9) return -1;
  const second = (word >>> 8) & 0xff;
  if (second === COMMA) return first;
  const third = (word >>> 16) & 0xff;
  if (!isDigit(second)) return -1;
  const two = first * 10 + second - ZERO;
  if (third === COMMA) return two;
  return isDigit(third) && word >>> 24 === COMMA ? two * 10 + third - ZERO : -1;
};

export const kindOf = (first: number): Kind => {
  if (first === QUOTE) return Kind.string;
  if (first === OPEN) return Kind.row;
  if (first === OPEN_OBJECT) return Kind.object;
  if (first === LOWER_T) return Kind.true;
  if (first === LOWER_F) return Kind.false;
  return first === LOWER_N ? Kind.null : Kind.integer;
};
