/** A connection as keep-alive sees it. */
export interface Peer {
  /** It is not read from at the moment, so its silence means nothing. */
  readonly congested: boolean;
  ping(): void;
  cut(): void;
}

/**
 * Pings connections that have been silent for `pingMs` and cuts those that stay so for `pongWaitMs` after it. All wait
 * equally long, so the order in which they were heard is the order in which they are due, and one timer does for all.
 */
export class KeepAlive {
  /** When each was heard last, the longest silent first. */
  readonly #silent = new Map<Peer, number>();
  /** When each was pinged, the first first. */
  readonly #pinged = new Map<Peer, number>();
  #timer: { readonly handle: NodeJS.Timeout; readonly due: number } | undefined;

  constructor(
    private readonly pingMs: number,
    private readonly pongWaitMs: number,
  ) {}

  heard(peer: Peer): void {
    this.#pinged.delete(peer);
    this.#silent.delete(peer);
    this.#silent.set(peer, performance.now());
    this.#arm();
  }

  left(peer: Peer): void {
    this.#pinged.delete(peer);
    this.#silent.delete(peer);
    if (this.#pinged.size + this.#silent.size > 0) return;
    clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
  }

  /** Sets the timer for whoever is due first, unless it runs out before that anyway. */
  #arm(): void {
    const due = Math.min(firstOf(this.#silent) + this.pingMs, firstOf(this.#pinged) + this.pongWaitMs);
    if (due === Number.POSITIVE_INFINITY || (this.#timer !== undefined && this.#timer.due <= due)) return;
    clearTimeout(this.#timer?.handle);
    this.#timer = { handle: setTimeout(this.#check, Math.max(0, due - performance.now())), due };
  }

  readonly #check = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    for (const [peer, at] of this.#pinged) {
      if (at + this.pongWaitMs > now) break;
      if (peer.congested) this.heard(peer);
      else {
        this.#pinged.delete(peer);
        peer.cut();
      }
    }
    for (const [peer, at] of this.#silent) {
      if (at + this.pingMs > now) break;
      if (peer.congested) this.heard(peer);
      else {
        this.#silent.delete(peer);
        this.#pinged.set(peer, now);
        peer.ping();
      }
    }
    this.#arm();
  };
}

function firstOf(times: ReadonlyMap<Peer, number>): number {
  for (const at of times.values()) return at;
  return Number.POSITIVE_INFINITY;
}
