import {
  byte,
  CLOSE,
  COMMA,
  isDigit,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  MINUS,
  OPEN,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from './bytes';
import { listBounds } from './column';
import type { Cursor } from './decimal';
import { readDecimal } from './decimal';
import { at as atSample, badLabel, type ColumnName, InvalidData, tooMany } from './invalidData';

/** A list of numbers, or of rows of them. */
export interface NumberList {
  samples: number;
  /** Numbers per row; 0 for a flat list. */
  width: number;
  /** Row by row; NaN where a flat list has null. */
  values: Float64Array;
}

/** In a column of 64 MiB: as many as nine digits each have room for. Metrics hold several arrays of such a length. */
const mostNumbers = 2 ** 23;

/**
 * Reads a JSON list of numbers as float64; booleans are 1 and 0, as in numpy.
 * @param nullable null stands for a number that is not known
 * @throws {InvalidData} for anything else, and for numbers too large for a double
 */
export const readNumbers = (column: ColumnName, json: Buffer, nullable: boolean): NumberList =>
  new NumberReader(column, json, nullable).read();

class NumberReader {
  private values: Float64Array;
  private size = 0;
  private samples = 0;
  private width: number | undefined;
  private readonly cursor: Cursor;
  private readonly last: number;

  constructor(
    private readonly column: ColumnName,
    private readonly json: Buffer,
    private readonly nullable: boolean,
  ) {
    const { start, last } = listBounds(column, json);
    this.cursor = { at: start, value: 0 };
    this.last = last;
    this.values = new Float64Array(Math.min(mostNumbers, Math.max(16, json.length >> 3)));
  }

  read(): NumberList {
    const { cursor, last } = this;
    while (this.step() < last) {
      if (byte(this.json, cursor.at) === OPEN) this.readRow();
      else {
        if (byte(this.json, cursor.at) !== LOWER_N) this.takeWidth(0); // null may stand among rows of one
        this.readOne(this.nullable);
      }
      this.samples++;
    }
    return { samples: this.samples, width: this.width ?? 0, values: this.values.subarray(0, this.size) };
  }

  /** To the next value, or to a bracket. */
  private step(): number {
    const { json, cursor } = this;
    let code = byte(json, cursor.at);
    while (code <= SPACE || code === COMMA) code = byte(json, ++cursor.at);
    return cursor.at;
  }

  private readRow(): void {
    const { json, cursor, size } = this;
    cursor.at++;
    while (this.step() < this.last && byte(json, cursor.at) !== CLOSE) this.readOne(false);
    cursor.at++;
    if (this.size === size) throw badLabel(this.column, 'empty_rows', this.samples);
    this.takeWidth(this.size - size);
  }

  private takeWidth(width: number): void {
    this.width ??= width;
    if (this.width !== width) throw badLabel(this.column, 'ragged', this.samples);
  }

  private readOne(nullable: boolean): void {
    const { json, cursor } = this;
    const code = byte(json, cursor.at);
    if (isDigit(code) || code === MINUS) readDecimal(json, cursor);
    else this.readWord(code, nullable);
    if (!(Math.abs(cursor.value) < Number.POSITIVE_INFINITY) && code !== LOWER_N) {
      const message = `${this.column} holds a number too large for a 64-bit float ${atSample(this.samples)}`;
      throw new InvalidData('infinity', message, this.column);
    }
    if (this.size === this.values.length) this.grow();
    this.values[this.size++] = cursor.value;
  }

  private readWord(code: number, nullable: boolean): void {
    const { cursor, column, samples } = this;
    if (code === LOWER_T || code === LOWER_F) {
      cursor.value = code === LOWER_T ? 1 : 0;
      cursor.at += code === LOWER_T ? 4 : 5;
    } else if (code === LOWER_N && nullable) {
      cursor.value = Number.NaN;
      cursor.at += 4;
    } else throw notANumber(column, code, samples);
  }

  private grow(): void {
    if (this.size === mostNumbers) {
      throw tooMany(this.column, mostNumbers, 'numbers');
    }
    const grown = new Float64Array(Math.min(mostNumbers, this.values.length * 2));
    grown.set(this.values);
    this.values = grown;
  }
}

const notANumber = (column: ColumnName, code: number, sample: number): InvalidData => {
  if (code === OPEN) return badLabel(column, 'deep', sample);
  const [reason, what] =
    code === QUOTE
      ? (['string', 'a string'] as const)
      : code === OPEN_OBJECT
        ? (['object', 'an object'] as const)
        : (['null', 'null'] as const);
  return new InvalidData(reason, `${column} holds ${what}, which is no number ${atSample(sample)}`, column);
};
