import { isTrackedEnvelope } from '@trpc/server';
import { gaveUp } from './call.ts';
import type { Served, Serving } from './serving.ts';
import type { Waiting } from './traffic.ts';

/** Ends an iterator the way `await using` does. @throws what its clean-up throws */
export async function disposeOf(iterator: AsyncIterator<unknown>): Promise<void> {
  if (isAsyncDisposable(iterator)) await iterator[Symbol.asyncDispose]();
  else await iterator.return?.();
}

const isAsyncDisposable = (value: object): value is AsyncDisposable => Symbol.asyncDispose in value;

/** Serves an ordinary iterable: one item is asked for at a time, and none while the connection is congested. */
export class Iteration<C> implements Serving, Waiting {
  /** It ends: what the iterator still gives is of no interest. */
  #ending = false;

  constructor(
    private readonly subscription: Served<C>,
    private readonly iterator: AsyncIterator<unknown>,
  ) {}

  /** Asks for the next item. */
  pull(): void {
    const { connection } = this.subscription;
    // Nothing can be sent while the socket closes; when it has, the subscription is stopped.
    if (this.#ending || !connection.open) return;
    if (connection.congested) connection.whenRelieved(this);
    else this.#next().then(this.#arrived, this.#threw);
  }

  relieved(): void {
    this.pull();
  }

  /** Its items come when they come; there is nothing to fetch. */
  catchUp(): void {}

  stop(): void {
    if (!this.#ending) void this.#end();
  }

  /** An iterator of somebody's own may throw at once. */
  async #next(): Promise<IteratorResult<unknown>> {
    return this.iterator.next();
  }

  readonly #arrived = (result: IteratorResult<unknown>): void => {
    if (this.#ending) return;
    if (result.done === true) {
      void this.#end();
      return;
    }
    try {
      this.#send(result.value);
    } catch (cause) {
      void this.#fail(cause);
      return;
    }
    this.pull();
  };

  readonly #threw = (cause: unknown): void => {
    if (!this.#ending) void this.#fail(cause);
    else if (!gaveUp(cause, this.subscription.signal)) this.subscription.report(cause);
  };

  #send(value: unknown): void {
    const { connection, call } = this.subscription;
    if (isTrackedEnvelope(value)) {
      const [id, data] = value;
      connection.respondWithItem(call, { type: 'data', id, data: { id, data } });
    } else {
      connection.respondWithItem(call, { type: 'data', data: value });
    }
  }

  /** A clean-up that fails does not make a failure of a subscription that ended well; the server hears of it. */
  async #end(): Promise<void> {
    this.#ending = true;
    await this.#dispose();
    this.subscription.ended();
  }

  async #fail(cause: unknown): Promise<void> {
    this.#ending = true;
    // Before the clean-up, which may wait for it.
    this.subscription.abort();
    await this.#dispose();
    this.subscription.refused(cause);
  }

  async #dispose(): Promise<void> {
    try {
      await disposeOf(this.iterator);
    } catch (cause) {
      this.subscription.report(cause);
    }
  }
}
