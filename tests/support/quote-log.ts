import { z } from 'zod';
import type { Channel } from '../../server/realtime/channel.ts';
import { Hub } from '../../server/realtime/hub.ts';
import type { MaybePromise, Numbered } from '../../server/realtime/source.ts';

/** A snapshot tells the newest number of each key; `n` is the number of the entry that made the message. */
export const quoteMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    reason: z.enum(['start', 'gap']),
    newest: z.record(z.string(), z.number()),
  }),
  z.object({ type: z.literal('quote'), key: z.string(), n: z.number(), pad: z.string() }),
]);
export type QuoteMessage = z.infer<typeof quoteMessage>;

export interface QuoteLogOptions {
  readonly ringCapacity: number;
  /** The last entry that is in the log from before. */
  readonly head?: number;
  /** Keys that the entries have in turn. */
  readonly keys?: number;
  /** Bytes that every quote carries besides. */
  readonly padding?: number;
  /** Which entries concern the channels; all, unless told. */
  readonly select?: (seq: number) => boolean;
}

/**
 * A log of quotes that are computed from their number, so that it can be long: the same quotes on a lossless channel
 * and on one that is conflated by key. Reads of the past and snapshots can be made to wait.
 */
export class QuoteLog {
  readonly hub: Hub;
  readonly every: Channel<QuoteMessage>;
  readonly latest: Channel<QuoteMessage>;
  readonly #select: (seq: number) => boolean;
  readonly #keys: number;
  readonly #pad: string;
  readonly #held: (() => void)[] = [];
  #hold = false;
  /** How often the channels have asked for what the ring had no more. */
  pastReads = 0;

  constructor({ ringCapacity, head = 0, keys = 1, padding = 0, select = () => true }: QuoteLogOptions) {
    this.hub = new Hub({ epoch: 'test', head, ringCapacity });
    this.#select = select;
    this.#keys = keys;
    this.#pad = 'x'.repeat(padding);
    const snapshot = (reason: 'start' | 'gap'): MaybePromise<Numbered<QuoteMessage>> =>
      this.#whenLetGo({
        seq: this.hub.head,
        data: { type: 'snapshot', reason, newest: Object.fromEntries(this.newest(this.hub.head)) },
      });
    this.every = this.hub.channel({
      name: 'every quote',
      delivery: 'every',
      snapshot,
      history: async (after, through, limit) => {
        this.pastReads += 1;
        const messages: Numbered<QuoteMessage>[] = [];
        for (let seq = after + 1; seq <= through; seq += 1) {
          if (!this.#select(seq)) continue;
          messages.push(this.#numbered(seq));
          if (messages.length === limit) return this.#whenLetGo({ messages, through: seq });
        }
        return this.#whenLetGo({ messages, through });
      },
    });
    this.latest = this.hub.channel({
      name: 'latest quotes',
      delivery: 'latest',
      snapshot,
      keyOf: keyOfMessage,
      latest: (after) => {
        this.pastReads += 1;
        return [...this.newest(this.hub.head).values()]
          .filter((seq) => seq > after)
          .sort((a, b) => a - b)
          .map((seq) => this.#numbered(seq));
      },
    });
  }

  /** Commits the next `count` entries as one group. */
  commit(count = 1): void {
    const head = this.hub.head + count;
    for (let seq = this.hub.head + 1; seq <= head; seq += 1) {
      if (!this.#select(seq)) continue;
      const item = this.hub.item(seq, this.#numbered(seq).data);
      this.hub.append(this.every, item);
      this.hub.append(this.latest, item);
    }
    this.hub.commit(head);
  }

  keyOf(seq: number): string {
    return `key${seq % this.#keys}`;
  }

  /** The channels' numbers in after < n ≤ through. */
  numbers(after: number, through: number): number[] {
    const numbers: number[] = [];
    for (let seq = after + 1; seq <= through; seq += 1) if (this.#select(seq)) numbers.push(seq);
    return numbers;
  }

  /** The newest number of each key up to `through`: the view that both channels fold to. */
  newest(through: number): ReadonlyMap<string, number> {
    const newest = new Map<string, number>();
    for (let seq = through; seq > 0 && newest.size < this.#keys; seq -= 1) {
      const key = this.keyOf(seq);
      if (this.#select(seq) && !newest.has(key)) newest.set(key, seq);
    }
    return newest;
  }

  /** From now on reads of the past and snapshots wait for {@link letGo}. */
  hold(): void {
    this.#hold = true;
  }

  /** Reads that wait. */
  get held(): number {
    return this.#held.length;
  }

  /** Lets the read go on that waits longest. @returns whether there was one */
  letGo(): boolean {
    const next = this.#held.shift();
    next?.();
    return next !== undefined;
  }

  #numbered(seq: number): Numbered<QuoteMessage> {
    return { seq, data: { type: 'quote', key: this.keyOf(seq), n: seq, pad: this.#pad } };
  }

  #whenLetGo<T>(value: T): MaybePromise<T> {
    if (!this.#hold) return value;
    return new Promise((resolve) => {
      this.#held.push(() => resolve(value));
    });
  }
}

function keyOfMessage(message: QuoteMessage): string {
  if (message.type === 'snapshot') throw new TypeError('a snapshot has no key');
  return message.key;
}
