import type { Channel, Reader } from '../../server/realtime/channel.ts';
import { Cursor } from '../../server/realtime/cursor.ts';
import type { Item } from '../../server/realtime/item.ts';
import type { PacedLog } from './paced-log.ts';
import type { QuoteMessage } from './quote-log.ts';

export interface PacedReaderOptions {
  /** It has seen everything up to here; without it, it starts with a snapshot. */
  readonly after?: number | undefined;
  /** The only keys that it asks for. */
  readonly keys?: readonly string[] | undefined;
}

/** A subscriber of a {@link PacedLog} that takes when the test says so, and folds what it takes as a client does. */
export class PacedReader implements Reader {
  readonly view = new Map<string, number>();
  readonly got: QuoteMessage[] = [];
  /** When it was woken, by the clock. */
  readonly wokenAt: number[] = [];
  readonly #keys: readonly string[] | undefined;
  #cursor: Cursor<QuoteMessage>;
  #channel: Channel<QuoteMessage>;
  /** The last item that it has taken. */
  #last: number | undefined;

  constructor(
    private readonly log: PacedLog,
    { after, keys }: PacedReaderOptions = {},
  ) {
    this.#keys = keys;
    this.#last = after;
    if (after !== undefined) for (const [key, n] of this.expected(after)) this.view.set(key, n);
    this.#channel = log.channel;
    this.#cursor = this.#subscribe();
  }

  get caughtUp(): boolean {
    return this.#cursor.caughtUp;
  }

  wake(): void {
    this.wokenAt.push(Date.now());
  }

  /** What it is to show when everything up to `through` has come. */
  expected(through?: number): Map<string, number> {
    const keys = this.#keys;
    const newest = this.log.newest(through);
    return keys === undefined ? newest : new Map([...newest].filter(([key]) => keys.includes(key)));
  }

  /** @returns how many items there were. @throws when one of them may not come */
  async take(limit: number): Promise<number> {
    const items = await this.#cursor.take(limit);
    for (const item of items) this.#fold(item);
    return items.length;
  }

  async takeAll(limit = 100): Promise<void> {
    while ((await this.take(limit)) > 0);
  }

  leave(): void {
    this.#channel.unsubscribe(this);
  }

  /** Comes back with the id of the last item, to the channel as it is now. */
  comeBack(): void {
    this.leave();
    this.#channel = this.log.channel;
    this.#cursor = this.#subscribe();
  }

  #subscribe(): Cursor<QuoteMessage> {
    this.#channel.subscribe(this);
    return new Cursor(this.#channel, {
      lastEventId: this.#last === undefined ? undefined : `test-${this.#last}`,
      filter: this.#keys === undefined ? undefined : this.log.filter(this.#keys),
    });
  }

  #fold({ seq, data }: Item<QuoteMessage>): void {
    this.got.push(data);
    if (data.type === 'snapshot') {
      if (this.#last !== undefined) throw new Error(`a snapshot after ${this.#last}`);
      this.view.clear();
      for (const [key, n] of Object.entries(data.newest)) this.view.set(key, n);
    } else {
      const last = this.#last;
      if (last === undefined) throw new Error(`${seq} without a snapshot before it`);
      if (seq <= last) throw new Error(`${seq} after ${last}`);
      if (data.n !== seq || this.log.keyAt(seq) !== data.key) throw new Error(`${seq} is no ${data.key}`);
      this.view.set(data.key, seq);
    }
    this.#last = seq;
  }
}
