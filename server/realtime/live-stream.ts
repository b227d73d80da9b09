import type { Reader } from './channel.ts';
import type { Cursor } from './cursor.ts';
import type { Item, TrackedItem } from './item.ts';

/** Items taken from the cursor at a time. */
const BATCH = 128;

/** What the stream needs while somebody iterates it; a stream whose cursor is handed over never makes one. */
interface Iteration<M> {
  batch: readonly Item<M>[];
  next: number;
  /** Calls of `next` run one after the other. */
  turn: Promise<unknown>;
  /** Resolves when the channel has news or the stream ends; made only while somebody waits. */
  news: PromiseWithWaker | undefined;
}

/**
 * What a subscription procedure returns. To stock tRPC adapters and to direct callers it is an async iterable of
 * tracked items; a handler that knows it takes the cursor over and reads it itself. It holds a place in the channel, not
 * a queue: a consumer that stops reading costs nothing.
 *
 * It can be iterated once. It ends when the consumer returns, when `signal` aborts, or when the hub closes; reading on
 * after the end gives `done`. Where the signal's reason is an error of its own, such as that a session has expired, the
 * reader is given that error first. Until then it counts as a subscriber of its channel, read or not.
 */
export class LiveStream<M>
  implements AsyncIterable<TrackedItem<M>, void>, AsyncIterator<TrackedItem<M>, void>, Reader
{
  #iteration: Iteration<M> | undefined;
  #ended = false;
  /** What a reader has yet to be told. */
  #error: Error | undefined;

  constructor(
    readonly cursor: Cursor<M>,
    readonly signal?: AbortSignal,
  ) {
    cursor.channel.subscribe(this);
    if (signal?.aborted) this.#aborted();
    else signal?.addEventListener('abort', this.#aborted, { once: true });
  }

  /** Nobody has read from it, and it has not ended: its cursor can be handed over. */
  get untouched(): boolean {
    return this.#iteration === undefined && !this.#ended;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<TrackedItem<M>, void>> {
    this.#iteration ??= { batch: [], next: 0, turn: Promise.resolve(), news: undefined };
    const iteration = this.#iteration;
    const result = iteration.turn.then(() => this.#advance(iteration));
    iteration.turn = result.catch(() => undefined);
    return result;
  }

  return(): Promise<IteratorResult<TrackedItem<M>, void>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /**
   * Hands the cursor to `reader`, which is woken in the stream's place and unsubscribes when it is done; the stream
   * itself has ended. For a stream that is {@link untouched}.
   */
  handOver(reader: Reader): void {
    // In this order: at no moment may the channel seem to have no subscriber.
    this.cursor.channel.subscribe(reader);
    this.#end();
  }

  wake(): void {
    const news = this.#iteration?.news;
    if (this.#iteration !== undefined) this.#iteration.news = undefined;
    news?.wake();
  }

  async #advance(iteration: Iteration<M>): Promise<IteratorResult<TrackedItem<M>, void>> {
    for (;;) {
      if (this.cursor.channel.log.closed) this.#end();
      if (this.#ended) return this.#done();
      const item = iteration.batch[iteration.next];
      if (item !== undefined) {
        iteration.next += 1;
        return { done: false, value: item.tracked };
      }
      // Asked for before reading: news that comes during an asynchronous read must not be slept through.
      iteration.news ??= promiseWithWaker();
      const news = iteration.news.promise;
      const taken = this.cursor.take(BATCH);
      iteration.batch = taken instanceof Promise ? await this.#unlessEnded(taken) : taken;
      iteration.next = 0;
      if (iteration.batch.length === 0) await news;
    }
  }

  async #unlessEnded(taken: Promise<readonly Item<M>[]>): Promise<readonly Item<M>[]> {
    try {
      return await taken;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  /** @throws the error with which it has ended, once */
  #done(): IteratorReturnResult<void> {
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
    return { done: true, value: undefined };
  }

  readonly #aborted = (): void => {
    if (!this.#ended && this.signal !== undefined) this.#error = endingError(this.signal);
    this.#end();
  };

  readonly #end = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.cursor.channel.unsubscribe(this);
    this.signal?.removeEventListener('abort', this.#aborted);
    if (this.#iteration !== undefined) this.#iteration.batch = [];
    this.wake();
  };
}

/** Why a signal has aborted, unless somebody has just left. */
export function endingError(signal: AbortSignal): Error | undefined {
  const { reason }: { readonly reason: unknown } = signal;
  return reason instanceof Error && reason.name !== 'AbortError' ? reason : undefined;
}

interface PromiseWithWaker {
  readonly promise: Promise<void>;
  readonly wake: () => void;
}

function promiseWithWaker(): PromiseWithWaker {
  let wake = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return { promise, wake };
}
