import type { Invocation } from './invocation';

export interface Waiting {
  readonly invocation: Invocation;
  readonly since: number;
  gone: boolean;
}

/** First in, first out; leaving from the middle is a mark, so that everything is O(1) with 10,000 in line. */
export class WaitingLine {
  #items: (Waiting | undefined)[] = [];
  #head = 0;
  #places = new Map<Invocation, Waiting>();

  get length(): number {
    return this.#places.size;
  }

  push(invocation: Invocation): void {
    const waiting = { invocation, since: Date.now(), gone: false };
    this.#places.set(invocation, waiting);
    this.#items.push(waiting);
  }

  /** Back to the front, for one that was taken out but could not be handed over. */
  putBack(invocation: Invocation): void {
    const waiting = { invocation, since: Date.now(), gone: false };
    this.#places.set(invocation, waiting);
    if (this.#head > 0) this.#items[--this.#head] = waiting;
    else this.#items.unshift(waiting);
  }

  shift(): Invocation | undefined {
    while (this.#head < this.#items.length) {
      const waiting = this.#items[this.#head] as Waiting;
      this.#items[this.#head++] = undefined;
      if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
        this.#items = this.#items.slice(this.#head);
        this.#head = 0;
      }
      if (waiting.gone) continue;
      this.#places.delete(waiting.invocation);
      return waiting.invocation;
    }
    return undefined;
  }

  /** Whether it was still in line. */
  leave(invocation: Invocation): boolean {
    const waiting = this.#places.get(invocation);
    if (!waiting) return false;
    waiting.gone = true;
    return this.#places.delete(invocation);
  }

  [Symbol.iterator](): IterableIterator<Waiting> {
    return this.#places.values();
  }
}
