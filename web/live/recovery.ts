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
 * Counts, after a reconnect, the events that were missed apart from those that are happening now. The protocol has no
 * mark between the two, and needs none: a missed event happened before the connection was back.
 */
export class Recovery {
  readonly #missed = new Set<string>();
  #gaps = 0;
  #until: number;

  /** All times are of the page's clock, in ms since the epoch. */
  constructor(private readonly reconnectedAt: number) {
    this.#until = reconnectedAt;
  }

  /** Whether the event was missed. */
  event(id: string, happenedAt: number, now: number): boolean {
    if (happenedAt >= this.reconnectedAt) return false;
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
