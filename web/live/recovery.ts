/** What came in after a reconnect. */
export interface CaughtUp {
  /** Events that happened while the connection was lost, each counted once however many channels carried it. */
  readonly events: number;
  /** Views that were replaced because their events could no longer be had one by one. */
  readonly gaps: number;
  /** From the reconnect to the last of them. */
  readonly ms: number;
}

/**
 * Tells, after a reconnect, the events that were missed from those that are happening now. The protocol has no mark
 * between the two, and needs none: a missed event happened before the connection was back.
 */
export class Recovery {
  readonly #missed = new Set<string>();
  #gaps = 0;
  #until: number;

  /** `lag` is how much later than their own time events are seen here when the connection is good. */
  constructor(
    private readonly reconnectedAt: number,
    private readonly lag: number,
  ) {
    this.#until = reconnectedAt;
  }

  /** Whether the event was missed. */
  event(id: string, at: number, now: number): boolean {
    if (at + this.lag >= this.reconnectedAt) return false;
    this.#missed.add(id);
    this.#until = now;
    return true;
  }

  gap(now: number): void {
    this.#gaps += 1;
    this.#until = now;
  }

  result(): CaughtUp {
    return { events: this.#missed.size, gaps: this.#gaps, ms: this.#until - this.reconnectedAt };
  }
}
