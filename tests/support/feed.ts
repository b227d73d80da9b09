/**
 * Items that a test hands to the procedures that read them, each in its order. Every reader gets all items, those
 * from before it came too.
 */
export class Feed<T> {
  readonly #items: T[] = [];
  readonly #wakers = new Set<() => void>();
  readonly #leaving = new Set<() => void>();
  #ended = false;
  /** Readers that have begun and not come to their end. */
  readers = 0;

  push(...items: readonly T[]): void {
    this.#items.push(...items);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Resolves when there are readers no more. */
  over(): Promise<void> {
    if (this.readers === 0) return Promise.resolve();
    return new Promise((resolve) => this.#leaving.add(resolve));
  }

  /** Ends with the feed, or when `signal` aborts; without one only the feed's end or `return` ends it. */
  async *read(signal?: AbortSignal): AsyncGenerator<T, void> {
    const wake = (): void => this.#wake();
    signal?.addEventListener('abort', wake);
    this.readers += 1;
    try {
      for (let next = 0; signal?.aborted !== true; ) {
        const unread = this.#items.slice(next);
        for (const item of unread) {
          next += 1;
          yield item;
        }
        if (unread.length > 0) continue;
        if (this.#ended) return;
        await new Promise<void>((resolve) => this.#wakers.add(resolve));
      }
    } finally {
      this.readers -= 1;
      if (this.readers === 0) for (const left of this.#leaving) left();
      signal?.removeEventListener('abort', wake);
    }
  }

  #wake(): void {
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }
}
