/** How much is put up with: so many within so many milliseconds. */
export interface Tolerance {
  readonly count: number;
  readonly windowMs: number;
}

/** What a connection has done that it should not: how much there has been lately. */
export class Offences {
  /** When the last ones were, at most as many as are put up with, the first first. */
  readonly #times: number[] = [];

  constructor(private readonly tolerance: Tolerance) {}

  /**
   * Counts one more.
   * @param now in milliseconds, on a clock that never goes back
   * @returns whether that is one too many
   */
  add(now: number): boolean {
    const { count, windowMs } = this.tolerance;
    while ((this.#times[0] ?? now) <= now - windowMs) this.#times.shift();
    if (this.#times.length >= count) return true;
    this.#times.push(now);
    return false;
  }
}
