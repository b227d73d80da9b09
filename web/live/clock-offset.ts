import type { Store } from '../../shared/client/index.ts';
import { Cell } from '../../shared/client/store.ts';

/** By how much the server's clock is ahead of this page's; negative when it is behind. */
export interface ClockOffset {
  readonly ms: number;
  /** The true offset is at most this much more or less, ms. */
  readonly uncertaintyMs: number;
}

/** One question for the server's time, all in ms since the epoch. */
export interface Ping {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly serverNow: number;
}

/** Asks the server for its time. */
export type AskTime = () => Promise<{ readonly now: number }>;

/** Clocks count whole milliseconds. */
const RESOLUTION_MS = 1;
const PINGS = 5;
const AGAIN_AFTER_MS = 3 * 60_000;

/**
 * What pings say of the offset, as in NTP (RFC 5905, section 8): the server has looked at its clock somewhere between
 * the sending and the answer, half-way for all we know. Of several pings the one with the shortest way is the surest.
 * @returns `null` without a ping
 */
export function offsetOf(pings: readonly Ping[]): ClockOffset | null {
  const [best] = [...pings].sort((a, b) => wayOf(a) - wayOf(b));
  if (best === undefined) return null;
  return {
    ms: Math.round(best.serverNow - (best.sentAt + best.receivedAt) / 2),
    uncertaintyMs: Math.max(Math.ceil(wayOf(best) / 2), RESOLUTION_MS),
  };
}

const wayOf = ({ sentAt, receivedAt }: Ping): number => receivedAt - sentAt;

/** The server's clock, as far as it is known here. */
export class ServerClock implements Store<ClockOffset | null> {
  readonly #offset = new Cell<ClockOffset | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** One that begins puts an end to the one before. */
  #measurements = 0;

  constructor(private readonly pageNow: () => number) {}

  readonly subscribe = (listener: () => void): (() => void) => this.#offset.subscribe(listener);
  /** `null` until it has been measured. */
  readonly get = (): ClockOffset | null => this.#offset.get();

  /** Milliseconds since the epoch by the server's clock; by the page's as long as the offset is not known. */
  readonly now = (): number => this.pageNow() + this.#ms();

  /** What the page's clock showed when the server's showed `serverTime`. */
  onPage(serverTime: number): number {
    return serverTime - this.#ms();
  }

  /** Measures the offset now and every few minutes from now on; to be called whenever the connection has been opened. */
  follow(ask: AskTime): void {
    clearTimeout(this.#timer);
    this.#measurements += 1;
    void this.#measure(ask, this.#measurements);
  }

  #ms(): number {
    return this.#offset.get()?.ms ?? 0;
  }

  async #measure(ask: AskTime, measurement: number): Promise<void> {
    const pings: Ping[] = [];
    for (let count = 0; count < PINGS; count += 1) {
      const sentAt = this.pageNow();
      // A ping that fails tells nothing, and the next measurement comes anyway.
      const answer = await ask().catch(() => null);
      if (this.#measurements !== measurement) return;
      if (answer !== null) pings.push({ sentAt, receivedAt: this.pageNow(), serverNow: answer.now });
    }
    const offset = offsetOf(pings);
    if (offset !== null) this.#offset.set(offset);
    this.#timer = setTimeout(() => this.follow(ask), AGAIN_AFTER_MS);
  }
}
