/** Functions to call on news. */
export class Listeners<Args extends readonly unknown[] = []> {
  readonly #listeners = new Set<(...args: Args) => void>();

  /** Each call adds one, even of the same function; what it returns takes that one away. */
  add(listener: (...args: Args) => void): () => void {
    const own = (...args: Args): void => listener(...args);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** Calls those there now; one that is added meanwhile waits for the next time. */
  notify(...args: Args): void {
    for (const listener of [...this.#listeners]) listener(...args);
  }
}
