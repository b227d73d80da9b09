import { parsePosition } from '../realtime/position.ts';

/** An item of `onTrade`, as far as a follower looks at it. */
export interface FollowedItem {
  readonly id: string;
  readonly data: { readonly type: string };
}

interface Wanted {
  readonly seqs: readonly number[];
  readonly resolve: () => void;
}

/** Follows every trade as a subscriber does, and keeps count of what a subscriber must never see. */
export class TradeFollower {
  readonly #seqs: number[] = [];
  readonly #seen = new Set<number>();
  #snapshots = 0;
  #duplicates = 0;
  #wanted: Wanted | undefined;

  /** One more item has come; the first must be a snapshot. @throws Error when it is none */
  readonly take = ({ id, data }: FollowedItem): void => {
    if (data.type === 'snapshot') {
      this.#snapshots += 1;
      return;
    }
    if (this.#snapshots === 0) throw new Error('no snapshot came first');
    const seq = parsePosition(id)?.seq;
    if (seq === undefined || this.#seen.has(seq)) {
      this.#duplicates += 1;
      return;
    }
    this.#seen.add(seq);
    this.#seqs.push(seq);
    const wanted = this.#wanted;
    if (wanted?.seqs.every((each) => this.#seen.has(each))) wanted.resolve();
  };

  /** Reads a stream until what it returns is called. */
  follow(items: AsyncIterable<FollowedItem>): () => Promise<void> {
    const iterator = items[Symbol.asyncIterator]();
    const reading = this.#read(iterator);
    return async () => {
      await iterator.return?.();
      await reading;
    };
  }

  async #read(iterator: AsyncIterator<FollowedItem>): Promise<void> {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      this.take(next.value);
    }
    this.#wanted?.resolve();
  }

  /** Whether it has its snapshot: every trade from here on is followed. */
  get started(): boolean {
    return this.#snapshots > 0;
  }

  /** Resolves when all of these trades have come, or the stream has ended. */
  async received(seqs: readonly number[]): Promise<void> {
    if (seqs.every((seq) => this.#seen.has(seq))) return;
    await new Promise<void>((resolve) => {
      this.#wanted = { seqs, resolve };
    });
  }

  /** What came, against the trades that the log has. Trades of others may have come as well. */
  result(expected: readonly number[]): { received: number; duplicates: number; gaps: number } {
    const missing = expected.filter((seq) => !this.#seen.has(seq)).length;
    const disordered = this.#seqs.filter(
      (seq, index) => index > 0 && seq <= (this.#seqs[index - 1] ?? 0),
    ).length;
    return {
      received: expected.length - missing,
      duplicates: this.#duplicates,
      gaps: missing + disordered + Math.max(0, this.#snapshots - 1),
    };
  }
}
