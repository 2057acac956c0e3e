import { byte } from './bytes';

/** What a value of a list is, by its first byte; a number's spelling decides between integer and float. */
export const Kind = {
  integer: 0,
  float: 1,
  string: 2,
  true: 3,
  false: 4,
  null: 5,
  row: 6,
  object: 7,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/**
 * The distinct spellings of a column's values, each with a code: 0 for the first one met, and so on. Most columns have few,
 * so that what a label is to numpy is asked once for each spelling instead of once for each sample.
 */
export class Spellings {
  size = 0;
  starts = new Int32Array(16);
  ends = new Int32Array(16);
  /** The sample that has the spelling first. */
  firsts = new Int32Array(16);
  kinds = new Uint8Array(16);
  private hashes = new Int32Array(16);
  /** Codes by hash, with linear probing; -1 where free. At most half of it is taken. */
  private slots = new Int32Array(32).fill(-1);

  constructor(
    readonly json: Buffer,
    private readonly view: DataView,
  ) {}

  code(kind: Kind, start: number, end: number, sample: number): number {
    const hash = this.hash(start, end);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = this.slots[slot] as number;
      if (code < 0) return this.add(kind, start, end, sample, hash, slot);
      if (this.hashes[code] === hash && this.isSpelt(code, start, end)) return code;
    }
  }

  text(code: number): string {
    return this.json.toString('utf8', this.starts[code], this.ends[code]);
  }

  private hash(start: number, end: number): number {
    const { view } = this;
    let hash = end - start;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (; at < end; at++) hash = Math.imul(hash ^ byte(this.json, at), 0x85ebca6b);
    return hash ^ (hash >>> 13);
  }

  lengthOf(code: number): number {
    return (this.ends[code] as number) - (this.starts[code] as number);
  }

  /** Whether the text from `start` to `end` is the one of this code. */
  isSpelt(code: number, start: number, end: number): boolean {
    const { view, json } = this;
    let known = this.starts[code] as number;
    if ((this.ends[code] as number) - known !== end - start) return false;
    let at = start;
    for (; at + 4 <= end; at += 4, known += 4) if (view.getInt32(at) !== view.getInt32(known)) return false;
    for (; at < end; at++, known++) if (byte(json, at) !== byte(json, known)) return false;
    return true;
  }

  private add(kind: Kind, start: number, end: number, sample: number, hash: number, slot: number): number {
    const code = this.size++;
    if (code === this.starts.length) this.grow();
    this.starts[code] = start;
    this.ends[code] = end;
    this.firsts[code] = sample;
    this.kinds[code] = kind;
    this.hashes[code] = hash;
    this.slots[slot] = code;
    if (this.size * 2 > this.slots.length) this.rehash();
    return code;
  }

  private grow(): void {
    const twice = <T extends Int32Array | Uint8Array>(values: T): T => {
      const grown = new (values.constructor as new (length: number) => T)(values.length * 2);
      grown.set(values);
      return grown;
    };
    this.starts = twice(this.starts);
    this.ends = twice(this.ends);
    this.firsts = twice(this.firsts);
    this.kinds = twice(this.kinds);
    this.hashes = twice(this.hashes);
  }

  private rehash(): void {
    const mask = this.slots.length * 2 - 1;
    this.slots = new Int32Array(mask + 1).fill(-1);
    for (let code = 0; code < this.size; code++) {
      let slot = (this.hashes[code] as number) & mask;
      while ((this.slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = code;
    }
  }
}
