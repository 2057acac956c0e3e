/** A map whose keys can be walked in order, from any key on, whether that is still there or not. */
export class SortedMap<V> {
  #values = new Map<string, V>();
  #keys: string[] = [];

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V) {
    if (!this.#values.has(key)) this.#keys.splice(this.#positionOf(key), 0, key);
    this.#values.set(key, value);
  }

  delete(key: string): V | undefined {
    const value = this.#values.get(key);
    if (this.#values.delete(key)) this.#keys.splice(this.#positionOf(key), 1);
    return value;
  }

  /** From `first` on. */
  *from(first: string): Generator<[string, V]> {
    for (let i = this.#positionOf(first); i < this.#keys.length; i++) {
      const key = this.#keys[i] as string;
      yield [key, this.#values.get(key) as V];
    }
  }

  /** Where `key` is or would be. */
  #positionOf(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
