/** Bounds of the delays before attempts, in milliseconds. */
export interface BackoffBounds {
  /** The longest first delay; it doubles with every further failure. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/** What worked for shorter than this counts as one more failure, so a server that drops us is not hammered. */
export const LASTING_MS = 10_000;

/**
 * Delays before trying again, with full jitter: anything between nothing and a bound that doubles, so that the clients
 * of a server that went down do not come back as one (Brooker, "Exponential Backoff And Jitter", AWS 2015). The stock
 * delay is 0 for everybody at the first attempt, and starts over whenever a socket opens.
 */
export class Backoff {
  #failures = 0;
  #workingSince: number | undefined;

  constructor(
    private readonly bounds: BackoffBounds,
    private readonly now: () => number,
    private readonly random: () => number,
  ) {}

  /** How many attempts have failed in a row; one that worked, but not for long, is among them. */
  get failures(): number {
    return this.#failures;
  }

  /** What is tried works. Only the first call after a failure counts. */
  readonly working = (): void => {
    this.#workingSince ??= this.now();
  };

  /** It has failed: how many milliseconds to wait before the next attempt. */
  readonly delay = (): number => {
    const lasted = this.#workingSince !== undefined && this.now() - this.#workingSince >= LASTING_MS;
    if (lasted) this.#failures = 0;
    this.#workingSince = undefined;
    const bound = Math.min(this.bounds.firstMs * 2 ** this.#failures, this.bounds.longestMs);
    this.#failures += 1;
    return this.random() * bound;
  };
}
