import type { Channel } from '../../server/realtime/channel.ts';
import { Hub } from '../../server/realtime/hub.ts';
import type { LosslessSource, MaybePromise, Numbered } from '../../server/realtime/source.ts';

export type NumberMessage =
  | { readonly type: 'snapshot'; readonly reason: 'start' | 'gap'; readonly numbers: readonly number[] }
  | { readonly type: 'number'; readonly n: number };

/**
 * The smallest log that realtime/ can work on: entries are numbers, the channel carries those that `select` takes, and
 * a snapshot lists all of them. Reads of the past wait until the test lets them go on.
 */
export class NumberLog {
  readonly hub: Hub;
  readonly channel: Channel<NumberMessage>;
  readonly #select: (seq: number) => boolean;
  readonly #held: (() => void)[] = [];
  #hold = false;
  #fail = false;
  historyReads = 0;
  snapshots = 0;

  constructor(options: {
    readonly ringCapacity: number;
    readonly head?: number;
    readonly select?: (seq: number) => boolean;
  }) {
    this.#select = options.select ?? (() => true);
    this.hub = new Hub({ epoch: 'test', head: options.head ?? 0, ringCapacity: options.ringCapacity });
    const source: LosslessSource<NumberMessage> = {
      name: 'numbers',
      delivery: 'every',
      snapshot: (reason) => {
        this.snapshots += 1;
        const taken = {
          seq: this.hub.head,
          data: { type: 'snapshot' as const, reason, numbers: this.through(this.hub.head) },
        };
        return this.#whenLetGo(taken);
      },
      history: async (after, through, limit) => {
        this.historyReads += 1;
        if (this.#fail) {
          this.#fail = false;
          throw new Error('the read failed');
        }
        const all: Numbered<NumberMessage>[] = [];
        for (let seq = after + 1; seq <= through; seq += 1) {
          if (!this.#select(seq)) continue;
          all.push({ seq, data: { type: 'number', n: seq } });
          if (all.length === limit) return this.#whenLetGo({ messages: all, through: seq });
        }
        return this.#whenLetGo({ messages: all, through });
      },
    };
    this.channel = this.hub.channel(source);
  }

  /** The channel's numbers up to `seq`. */
  through(seq: number): number[] {
    return Array.from({ length: seq }, (_, index) => index + 1).filter(this.#select);
  }

  /** Commits the next `count` entries as one group. */
  commit(count = 1): void {
    const head = this.hub.head + count;
    for (let seq = this.hub.head + 1; seq <= head; seq += 1) {
      if (this.#select(seq)) this.hub.append(this.channel, this.hub.item(seq, { type: 'number', n: seq }));
    }
    this.hub.commit(head);
  }

  /** From now on, reads of the past and snapshots wait for {@link letGo}. */
  hold(): void {
    this.#hold = true;
  }

  /** The next read of the past fails. */
  failNextRead(): void {
    this.#fail = true;
  }

  /** Lets one waiting read go on. @returns whether there was one. */
  letGo(): boolean {
    const next = this.#held.shift();
    next?.();
    return next !== undefined;
  }

  #whenLetGo<T>(value: T): MaybePromise<T> {
    if (!this.#hold) return value;
    return new Promise((resolve) => {
      this.#held.push(() => resolve(value));
    });
  }
}

/** Folds messages as a client does. */
export function foldNumbers(view: readonly number[], message: NumberMessage): readonly number[] {
  return message.type === 'snapshot' ? message.numbers : [...view, message.n];
}
