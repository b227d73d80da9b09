import type { Caller } from '../api/router.ts';
import { parsePosition } from '../realtime/position.ts';

/** Follows every trade as a subscriber does, and keeps count of what a subscriber must never see. */
export class TradeFollower {
  readonly #seqs: number[] = [];
  readonly #seen = new Set<number>();
  #end: () => Promise<unknown> = () => Promise.resolve();
  #duplicates = 0;
  #snapshotGaps = 0;
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;
  #running: Promise<void> = Promise.resolve();

  /** Resolves when the subscription has started: everything from here on is followed. */
  async start(caller: Caller): Promise<void> {
    const items = await caller.onTrade();
    const iterator = items[Symbol.asyncIterator]();
    const first = await iterator.next();
    if (first.done === true || first.value.data.type !== 'snapshot')
      throw new Error('no snapshot came first');
    this.#end = async () => iterator.return?.();
    this.#running = this.#follow(iterator);
  }

  async #follow(iterator: AsyncIterator<{ id: string; data: { type: string } }>): Promise<void> {
    for (;;) {
      const result = await iterator.next();
      if (result.done === true) return;
      const { id, data } = result.value;
      const seq = parsePosition(id)?.seq;
      if (data.type === 'snapshot') this.#snapshotGaps += 1;
      else if (seq === undefined || this.#seen.has(seq)) this.#duplicates += 1;
      else {
        this.#seen.add(seq);
        this.#seqs.push(seq);
      }
      if (this.#waiting !== undefined && this.#seqs.length >= this.#waiting.count) this.#waiting.resolve();
    }
  }

  /** Waits until that many trades have come, or the subscription has ended. */
  async received(count: number): Promise<void> {
    if (this.#seqs.length >= count) return;
    const enough = new Promise<void>((resolve) => {
      this.#waiting = { count, resolve };
    });
    await Promise.race([enough, this.#running]);
  }

  async stop(): Promise<void> {
    await this.#end();
    await this.#running;
  }

  /** What came, against the trades that the log has. */
  result(expected: readonly number[]): { received: number; duplicates: number; gaps: number } {
    const missing = expected.filter((seq) => !this.#seen.has(seq)).length;
    const disordered = this.#seqs.filter(
      (seq, index) => index > 0 && seq <= (this.#seqs[index - 1] ?? 0),
    ).length;
    return {
      received: this.#seqs.length,
      duplicates: this.#duplicates,
      gaps: missing + disordered + this.#snapshotGaps,
    };
  }
}
