/** How many connections each key has open. Takes memory only for keys that have one. */
export class OpenConnections {
  readonly #open = new Map<string, number>();
  #total = 0;

  /** @param limit how many a key may have open at a time; `null`: any number, they are only counted */
  constructor(private readonly limit: number | null) {}

  /** How many are open, of all keys. */
  get total(): number {
    return this.#total;
  }

  /** How many keys have one open. */
  get keys(): number {
    return this.#open.size;
  }

  /**
   * Counts one in, if the key may have it.
   * @returns whether it may; only then {@link leave} has to be called, once, when it has closed
   */
  enter(key: string): boolean {
    const open = this.#open.get(key) ?? 0;
    if (this.limit !== null && open >= this.limit) return false;
    this.#open.set(key, open + 1);
    this.#total += 1;
    return true;
  }

  /** Counts one out. Nothing happens for a key that has none open. */
  leave(key: string): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    this.#total -= 1;
    if (open === 1) this.#open.delete(key);
    else this.#open.set(key, open - 1);
  }
}
