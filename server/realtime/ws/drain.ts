/** A connection as draining sees it. */
export interface Drainable {
  notifyReconnect(): void;
  closeForRestart(): void;
}

export interface DrainOptions {
  /** Part of the connections that get the notice in one wave; at least one does. */
  readonly share?: number;
  /** Between two waves, in milliseconds. */
  readonly intervalMs?: number;
  /** How long those who got the last notice have to leave, in milliseconds. */
  readonly graceMs?: number;
}

export interface Drained {
  /** Connections whose clients left by themselves. */
  readonly left: number;
  /** Connections that had to be closed. */
  readonly closed: number;
}

/** The connections of a handler. */
export class Connections<T extends Drainable> implements Iterable<T> {
  readonly #open = new Set<T>();
  /** How many there have ever been. */
  #joined = 0;
  #emptied: (() => void) | undefined;

  get size(): number {
    return this.#open.size;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#open.values();
  }

  add(connection: T): void {
    this.#open.add(connection);
    this.#joined += 1;
  }

  delete(connection: T): void {
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#emptied?.();
  }

  /**
   * Asks every client to reconnect elsewhere, in waves, so that they do not all arrive there at once, and serves each
   * until it leaves. Resolves when all have left; those that have not, `graceMs` after the last wave, are closed.
   */
  async drain({ share = 0.05, intervalMs = 500, graceMs = 10_000 }: DrainOptions = {}): Promise<Drained> {
    const before = this.#joined - this.#open.size;
    const wave = Math.max(1, Math.floor(this.#open.size * share));
    const notified = new WeakSet<T>();
    for (let closeAt = Date.now() + graceMs; this.#open.size > 0 && Date.now() < closeAt; ) {
      const next = [...this.#open].filter((connection) => !notified.has(connection)).slice(0, wave);
      for (const connection of next) {
        notified.add(connection);
        connection.notifyReconnect();
      }
      if (next.length > 0) closeAt = Date.now() + graceMs;
      // Who comes during the grace is found here as well, and gets as long.
      await this.#emptyWithin(Math.min(intervalMs, closeAt - Date.now()));
    }
    const stayed = [...this.#open];
    const left = this.#joined - before - stayed.length;
    for (const connection of stayed) connection.closeForRestart();
    return { left, closed: stayed.length };
  }

  /** Resolves after `ms`, or as soon as no connection is left. */
  #emptyWithin(ms: number): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#emptied = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
