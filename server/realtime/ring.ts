/** The newest items in order of seq, at most `capacity`; grows as it fills. */
export class Ring<T extends { readonly seq: number }> {
  readonly #items: T[] = [];
  /** Index of the oldest item once the ring has wrapped. */
  #start = 0;

  constructor(readonly capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError('ring capacity must be at least 1');
  }

  get size(): number {
    return this.#items.length;
  }

  /** Adds the newest item. @returns the oldest one, when it had to go. */
  push(item: T): T | undefined {
    if (this.#items.length < this.capacity) {
      this.#items.push(item);
      return undefined;
    }
    const evicted = this.#items[this.#start];
    this.#items[this.#start] = item;
    this.#start = (this.#start + 1) % this.capacity;
    return evicted;
  }

  clear(): void {
    this.#items.length = 0;
    this.#start = 0;
  }

  /** The i-th oldest item. */
  at(index: number): T | undefined {
    return this.#items[(this.#start + index) % this.#items.length];
  }

  /** How many items have a seq of at most `seq`: the index of the first newer one. */
  indexAfter(seq: number): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.at(middle);
      if (item !== undefined && item.seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
