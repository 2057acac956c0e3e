/** How often each pair of codes was met. */
export interface Pairs {
  size: number;
  trueCodes: Int32Array;
  predCodes: Int32Array;
  counts: Int32Array;
}

/** Counts pairs of codes: in a square as long as it is small, which a table by hash replaces once it is not. */
export class PairTable {
  private shift = 4;
  private rows = 16;
  private dense: Int32Array | undefined = new Int32Array(256);
  private sparse: SparsePairs | undefined;

  /** @param mostCells how large the square may become */
  constructor(private readonly mostCells: number) {}

  /** @param trueSize @param predSize how many codes there are so far */
  add(trueCodes: Int32Array, predCodes: Int32Array, size: number, trueSize: number, predSize: number): void {
    this.makeRoom(trueSize, predSize);
    const { dense, sparse, shift } = this;
    if (dense) {
      for (let i = 0; i < size; i++) {
        const cell = ((trueCodes[i] as number) << shift) | (predCodes[i] as number);
        dense[cell] = (dense[cell] as number) + 1;
      }
    } else for (let i = 0; i < size; i++) sparse?.add(trueCodes[i] as number, predCodes[i] as number, 1);
  }

  /** @param trueCode @param predCode below 16 */
  addOne(trueCode: number, predCode: number, count: number): void {
    const cell = (trueCode << this.shift) | predCode;
    if (this.dense) this.dense[cell] = (this.dense[cell] as number) + count;
  }

  pairs(): Pairs {
    return (this.sparse ?? this.toSparse()).pairs();
  }

  private makeRoom(trueSize: number, predSize: number): void {
    if (!this.dense || (trueSize <= this.rows && predSize <= 1 << this.shift)) return;
    let { rows, shift } = this;
    while (rows < trueSize) rows *= 2;
    while (1 << shift < predSize) shift++;
    if (rows * 2 ** shift > this.mostCells) {
      this.sparse = this.toSparse();
      this.dense = undefined;
      return;
    }
    const grown = new Int32Array(rows << shift);
    for (let row = 0; row < this.rows; row++) {
      grown.set(this.dense.subarray(row << this.shift, (row + 1) << this.shift), row << shift);
    }
    this.rows = rows;
    this.shift = shift;
    this.dense = grown;
  }

  private toSparse(): SparsePairs {
    const sparse = new SparsePairs();
    const mask = (1 << this.shift) - 1;
    const dense = this.dense ?? [];
    for (let cell = 0; cell < dense.length; cell++) {
      const count = dense[cell] as number;
      if (count > 0) sparse.add(cell >> this.shift, cell & mask, count);
    }
    return sparse;
  }
}

/** Open addressing with linear probing, at most half full. */
class SparsePairs {
  private size = 0;
  private trueCodes = new Int32Array(64);
  private predCodes = new Int32Array(64);
  private counts = new Int32Array(64);

  add(trueCode: number, predCode: number, count: number): void {
    const slot = this.slot(trueCode, predCode);
    if (this.counts[slot] === 0) {
      this.trueCodes[slot] = trueCode;
      this.predCodes[slot] = predCode;
      this.size++;
    }
    this.counts[slot] = (this.counts[slot] as number) + count;
    if (this.size * 2 > this.counts.length) this.grow();
  }

  pairs(): Pairs {
    const { size } = this;
    const trueCodes = new Int32Array(size);
    const predCodes = new Int32Array(size);
    const counts = new Int32Array(size);
    for (let slot = 0, at = 0; at < size; slot++) {
      if (this.counts[slot] === 0) continue;
      trueCodes[at] = this.trueCodes[slot] as number;
      predCodes[at] = this.predCodes[slot] as number;
      counts[at++] = this.counts[slot] as number;
    }
    return { size, trueCodes, predCodes, counts };
  }

  private slot(trueCode: number, predCode: number): number {
    const { trueCodes, predCodes, counts } = this;
    const mask = counts.length - 1;
    let slot = Math.imul(Math.imul(trueCode, 0x9e3779b1) ^ predCode, 0x85ebca6b);
    slot = (slot ^ (slot >>> 15)) & mask;
    while (counts[slot] !== 0 && (trueCodes[slot] !== trueCode || predCodes[slot] !== predCode)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    const { trueCodes, predCodes, counts } = this;
    const length = counts.length * 2;
    this.trueCodes = new Int32Array(length);
    this.predCodes = new Int32Array(length);
    this.counts = new Int32Array(length);
    this.size = 0;
    for (let slot = 0; slot < counts.length; slot++) {
      const count = counts[slot] as number;
      if (count > 0) this.add(trueCodes[slot] as number, predCodes[slot] as number, count);
    }
  }
}
