import { UnseenError } from './errors.ts';
import { type Position, parsePosition } from './position.ts';
import type { Item, Tagged } from './progress.ts';

/** Of so many agents it is known how new the last value is: those that changed last. */
export const AGENTS_LENGTH = 1_000;

export interface UntilOptions {
  /** Gives up: the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Counts only what came of this agent, and snapshots. For the newest values of several agents (`prices`, `staking`):
   * another agent's may come before the one that includes the event.
   */
  readonly agentId?: string | undefined;
}

interface Waiter {
  readonly position: Position;
  readonly agentId: string | undefined;
  settle(error?: UnseenError): void;
}

/** Those who wait for an event of a subscription, and what has come of it so far. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();
  #last: Position | undefined;
  /** The log that the items were of before. */
  #leftEpoch: string | undefined;
  /** Of the last snapshot in this log. */
  #snapshotSeq = -1;
  /** Of the newest value since, by agent in order of the change. */
  readonly #newest = new Map<string, number>();

  /**
   * Whoever waited for this item is told in a later microtask: by then the consumer, which is called in this turn, has
   * it.
   */
  took({ id, data }: Item<Tagged>): void {
    const position = parsePosition(id);
    if (position === undefined) return;
    this.#note(position, data);
    for (const waiter of [...this.#waiting]) {
      if (waiter.position.epoch !== position.epoch) waiter.settle(new UnseenError('another_log'));
      else if (this.#includes(waiter)) waiter.settle();
    }
  }

  /** @param end why nothing more will come; `null` as long as it may */
  wait(receipt: string, { signal, agentId }: UntilOptions, end: UnseenError | null): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const position = parsePosition(receipt);
      if (position === undefined) throw new TypeError(`not a receipt's position: ${receipt.slice(0, 80)}`);
      const waiter: Waiter = {
        position,
        agentId,
        settle: (error) => {
          this.#waiting.delete(waiter);
          signal?.removeEventListener('abort', aborted);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const aborted = (): void => {
        this.#waiting.delete(waiter);
        reject(signal?.reason);
      };
      if (this.#includes(waiter)) resolve();
      else if (position.epoch === this.#leftEpoch) reject(new UnseenError('another_log'));
      else if (end !== null) reject(end);
      else {
        this.#waiting.add(waiter);
        signal?.addEventListener('abort', aborted, { once: true });
      }
    });
  }

  end(error: UnseenError): void {
    for (const waiter of [...this.#waiting]) waiter.settle(error);
  }

  #note(position: Position, data: Tagged): void {
    if (this.#last !== undefined && this.#last.epoch !== position.epoch) {
      this.#leftEpoch = this.#last.epoch;
      this.#startFrom(-1);
    }
    this.#last = position;
    if (data.type === 'snapshot') this.#startFrom(position.seq);
    else if ('agentId' in data && typeof data.agentId === 'string') this.#noteAgent(data.agentId, position);
  }

  #startFrom(seq: number): void {
    this.#snapshotSeq = seq;
    this.#newest.clear();
  }

  #noteAgent(agentId: string, { seq }: Position): void {
    this.#newest.delete(agentId);
    this.#newest.set(agentId, seq);
    if (this.#newest.size <= AGENTS_LENGTH) return;
    const [oldest] = this.#newest.keys();
    if (oldest !== undefined) this.#newest.delete(oldest);
  }

  #includes({ position: { epoch, seq }, agentId }: Pick<Waiter, 'position' | 'agentId'>): boolean {
    const last = this.#last;
    if (last === undefined || last.epoch !== epoch) return false;
    const through = agentId === undefined ? last.seq : (this.#newest.get(agentId) ?? this.#snapshotSeq);
    return through >= seq;
  }
}
