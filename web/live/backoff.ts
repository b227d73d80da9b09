/** The longest first delay; it doubles with every further attempt. */
const FIRST_MS = 1_000;
const LONGEST_MS = 15_000;
/** A connection that lived shorter than this counts as one more failure, so a server that drops us is not hammered. */
const LASTING_MS = 10_000;

/**
 * Delays before reconnecting, with full jitter: anything between nothing and a bound that doubles, so that the clients
 * of a server that went down do not come back as one. The stock delay is 0 for everybody at the first attempt.
 */
export class Backoff {
  #openedAt: number | undefined;
  /** Attempts to count on top, left over from connections that did not last. */
  #carried = 0;

  constructor(
    private readonly now: () => number,
    private readonly random: () => number,
  ) {}

  readonly opened = (): void => {
    this.#openedAt = this.now();
  };

  /** Milliseconds to wait before attempt 0, 1, 2, … since the connection was lost. */
  readonly delay = (attempt: number): number => {
    if (attempt === 0 && this.#openedAt !== undefined) {
      this.#carried = this.now() - this.#openedAt < LASTING_MS ? this.#carried + 1 : 0;
      this.#openedAt = undefined;
    }
    return this.random() * Math.min(FIRST_MS * 2 ** (attempt + this.#carried), LONGEST_MS);
  };
}
