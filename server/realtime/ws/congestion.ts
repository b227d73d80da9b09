import type { WebSocket } from 'ws';

/** How often, in the time after which a connection counts as stuck, is looked whether something has left. */
const LOOKS = 4;

/**
 * The time in which more waits to be sent than the budget allows. Tells when nothing of it has left for `stuckMs`, to
 * within a quarter of it: writes that were begun before leave unannounced, so what waits is looked at now and then.
 */
export class Congestion {
  readonly #timer: NodeJS.Timeout;
  /** Bytes that wait if none have left since the last look. */
  #expected: number;
  #idleLooks = 0;

  constructor(
    private readonly client: WebSocket,
    stuckMs: number,
    private readonly stuck: () => void,
  ) {
    this.#expected = client.bufferedAmount;
    this.#timer = setTimeout(() => this.#look(), stuckMs / LOOKS);
  }

  /** So many bytes more are about to wait. */
  added(bytes: number): void {
    this.#expected += bytes;
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const waiting = this.client.bufferedAmount;
    this.#idleLooks = waiting < this.#expected ? 0 : this.#idleLooks + 1;
    this.#expected = waiting;
    if (this.#idleLooks >= LOOKS) this.stuck();
    else this.#timer.refresh();
  }
}
