import type { Cursor } from './cursor.ts';
import type { Item, TrackedItem } from './item.ts';

/** Items taken from the cursor at a time. */
const BATCH = 128;

/**
 * What a subscription procedure returns. To stock tRPC adapters and to direct callers it is an async iterable of
 * tracked items; a handler that knows it reads the cursor itself. It holds a place in the channel, not a queue: a
 * consumer that stops reading costs nothing.
 *
 * It can be iterated once. It ends when the consumer returns, when `signal` aborts, or when the hub closes; reading on
 * after the end gives `done`. Until then it counts as a subscriber of its channel, read or not.
 */
export class LiveStream<M>
  implements AsyncIterable<TrackedItem<M>, void>, AsyncIterator<TrackedItem<M>, void>
{
  readonly #unsubscribe: () => void;
  #batch: readonly Item<M>[] = [];
  #next = 0;
  /** Calls of `next` run one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #ended = false;
  /** Resolves when the channel has news or the stream ends; made only while somebody waits. */
  #news: PromiseWithWaker | undefined;

  constructor(
    readonly cursor: Cursor<M>,
    readonly signal?: AbortSignal,
  ) {
    this.#unsubscribe = cursor.channel.subscribe(() => this.#wake());
    if (signal?.aborted) this.#end();
    else signal?.addEventListener('abort', this.#end, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<TrackedItem<M>, void>> {
    const result = this.#turn.then(() => this.#advance());
    this.#turn = result.catch(() => undefined);
    return result;
  }

  return(): Promise<IteratorResult<TrackedItem<M>, void>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  async #advance(): Promise<IteratorResult<TrackedItem<M>, void>> {
    for (;;) {
      if (this.cursor.channel.log.closed) this.#end();
      if (this.#ended) return { done: true, value: undefined };
      const item = this.#batch[this.#next];
      if (item !== undefined) {
        this.#next += 1;
        return { done: false, value: item.tracked };
      }
      // Asked for before reading: news that comes during an asynchronous read must not be slept through.
      const news = this.#listen();
      const taken = this.cursor.take(BATCH);
      this.#batch = taken instanceof Promise ? await this.#unlessEnded(taken) : taken;
      this.#next = 0;
      if (this.#batch.length === 0) await news;
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

  #listen(): Promise<void> {
    this.#news ??= promiseWithWaker();
    return this.#news.promise;
  }

  #wake(): void {
    const news = this.#news;
    this.#news = undefined;
    news?.wake();
  }

  readonly #end = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#batch = [];
    this.#unsubscribe();
    this.signal?.removeEventListener('abort', this.#end);
    this.#wake();
  };
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
