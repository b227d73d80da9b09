import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface Rate {
  /** How many are admitted in any one window. */
  readonly count: number;
  /** The length of the window, which begins with the first one. */
  readonly seconds: number;
}

/**
 * Keys that one limiter remembers. With its timer, record and place in the queue each takes some 600 bytes, so all of
 * them 60 MB; only windows of a minute and more can get there.
 */
export const MAX_KEYS = 100_000;

/** The library forgets a key by a timer; a longer one would fire at once, and nothing would ever be refused. */
const MAX_SECONDS = Math.floor((2 ** 31 - 1) / 1000);

interface Remembered {
  readonly key: string;
  /** When its window is over, ms since the epoch. */
  readonly until: number;
}

/**
 * One rate, counted for each key on its own, in fixed windows: a key may use up two of them back to back, twice the
 * rate for a moment. What is refused neither counts nor lengthens a window.
 *
 * A key is forgotten when its window is over. There are never more than `maxKeys`: one more, and the one whose window
 * ends first is forgotten before its time. Whoever can come with that many addresses within a window gains nothing by
 * it, since each new address has a rate of its own anyway; and nobody else is refused for it.
 */
export class KeyLimiter {
  readonly #limiter: RateLimiterMemory;
  /** Every key of the limiter in the order their windows end, which is that of their beginning: all are as long. */
  #queue: Remembered[] = [];
  /** The first of the queue that counts; before it are those already forgotten. */
  #first = 0;

  /** @throws RangeError when count and seconds are not positive, count not whole, or the window above 24 days */
  constructor(
    rate: Rate,
    private readonly maxKeys = MAX_KEYS,
  ) {
    const { count, seconds } = rate;
    if (!Number.isSafeInteger(count) || count < 1 || !(seconds >= 0.001 && seconds <= MAX_SECONDS)) {
      throw new RangeError(`not a rate: ${count} in ${seconds} s`);
    }
    this.#limiter = new RateLimiterMemory({ points: count, duration: seconds, keyPrefix: '' });
  }

  /** How many keys are remembered, at most. */
  get size(): number {
    return this.#queue.length - this.#first;
  }

  /**
   * Counts one for the key, if there is room.
   * @returns 0 when there was, else the milliseconds until there will be, at least 1
   * @throws when the limiter fails; nothing may be admitted then
   */
  async take(key: string): Promise<number> {
    try {
      const { isFirstInDuration, msBeforeNext } = await this.#limiter.consume(key);
      if (isFirstInDuration) await this.#remember({ key, until: Date.now() + msBeforeNext });
      return 0;
    } catch (error) {
      // The library rejects with its figures where it refuses, and with an error where it fails.
      if (!(error instanceof RateLimiterRes)) throw error;
      // It has counted that one as well, which would swallow what others give back.
      await this.giveBack(key);
      return waitOf(error);
    }
  }

  /** @returns what {@link take} would, and counts nothing */
  async peek(key: string): Promise<number> {
    const used = await this.#limiter.get(key);
    return used === null || used.consumedPoints < this.#limiter.points || used.msBeforeNext <= 0
      ? 0
      : waitOf(used);
  }

  /** Undoes one {@link take}. Nothing happens when its window is over. */
  async giveBack(key: string): Promise<void> {
    const used = await this.#limiter.get(key);
    // Of a window that is over the library would make a new one, with one more than the rate.
    if (used !== null && used.consumedPoints > 0 && used.msBeforeNext > 0) await this.#limiter.reward(key);
  }

  /** Forgets every key, and with them the timers. */
  async close(): Promise<void> {
    const left = this.#queue.slice(this.#first);
    this.#queue = [];
    this.#first = 0;
    await Promise.all(left.map(({ key }) => this.#limiter.delete(key)));
  }

  async #remember(remembered: Remembered): Promise<void> {
    const now = Date.now();
    while ((this.#queue[this.#first]?.until ?? Number.POSITIVE_INFINITY) <= now) this.#first += 1;
    this.#queue.push(remembered);
    const oldest = this.size > this.maxKeys ? this.#queue[this.#first++] : undefined;
    // Not at each step: that would copy the queue every time.
    if (this.#first > this.#queue.length / 2) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    if (oldest !== undefined) await this.#limiter.delete(oldest.key);
  }
}

const waitOf = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext));
