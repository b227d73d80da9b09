import { ERROR_WINDOW_MS, MAX_ERRORS } from './limits.ts';

/** The errors of a connection: how many there have been lately. */
export class Offences {
  /** When the last ones were, at most {@link MAX_ERRORS}, the first first. */
  readonly #times: number[] = [];

  /**
   * Counts one more.
   * @param now in milliseconds, on a clock that never goes back
   * @returns whether that is one too many
   */
  add(now: number): boolean {
    while ((this.#times[0] ?? now) <= now - ERROR_WINDOW_MS) this.#times.shift();
    if (this.#times.length >= MAX_ERRORS) return true;
    this.#times.push(now);
    return false;
  }
}
