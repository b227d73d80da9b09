import { TRPCError } from '@trpc/server';
import { isObservable, observableToAsyncIterable } from '@trpc/server/observable';
import { LiveStream } from '../live-stream.ts';
import { type Call, type CallConnection, gaveUp, isAsyncIterable } from './call.ts';
import { disposeOf, Iteration } from './iteration.ts';
import { LiveReader } from './live-reader.ts';
import type { Served, Serving } from './serving.ts';

/** A subscription's call, from its receipt until its clean-up has settled; so long it owns its id. */
export class Subscription<C> implements Served<C> {
  readonly #abort = new AbortController();
  #serving: Serving | undefined;

  constructor(
    readonly connection: CallConnection<C>,
    readonly call: Call,
  ) {}

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The client has asked for the end, or has gone. */
  stop(): void {
    if (this.signal.aborted) return;
    this.abort();
    this.#serving?.stop();
  }

  abort(): void {
    // Aborting makes an error with a stack, even when it changes nothing.
    if (!this.signal.aborted) this.#abort.abort();
  }

  /** Sends what there is now, as far as the connection takes it. */
  catchUp(): void {
    this.#serving?.catchUp();
  }

  /** Runs the procedure and serves what it returns. */
  async start(): Promise<void> {
    const { connection, call, signal } = this;
    const { type, path, input, batchIndex } = call;
    try {
      const ctx = await connection.context();
      if (this.#over()) return this.ended();
      const result = await connection.endpoint.call({ ctx, type, path, input, signal, batchIndex });
      if (result instanceof LiveStream && result.untouched && !this.#over()) return this.#serveLive(result);
      if (!isAsyncIterable(result) && !isObservable(result)) {
        throw new TRPCError({
          code: 'INTERNAL_SERVER_ERROR',
          message: `Subscription ${path} did not return an observable or a AsyncGenerator`,
        });
      }
      if (this.#over()) return await this.#discard(result);
      // An observable that throws when it is subscribed to has not started.
      const iterable = isObservable(result) ? observableToAsyncIterable(result, signal) : result;
      connection.respond(call, { type: 'started' });
      this.#iterate(iterable);
    } catch (cause) {
      if (gaveUp(cause, signal)) this.ended();
      else this.refused(cause);
    }
  }

  ended(): void {
    this.#release();
    try {
      this.connection.respond(this.call, { type: 'stopped' });
    } catch (cause) {
      this.connection.respondWithError(this.call, cause, this.call);
    }
  }

  refused(cause: unknown): void {
    this.#release();
    this.connection.respondWithError(this.call, cause, this.call);
  }

  report(cause: unknown): void {
    this.connection.report(cause, this.call);
  }

  #release(): void {
    this.#serving = undefined;
    if (!this.connection.open) this.abort();
    this.connection.release(this.call);
  }

  #over(): boolean {
    if (!this.connection.open) this.abort();
    return this.signal.aborted;
  }

  #serveLive(stream: LiveStream<unknown>): void {
    try {
      this.connection.respond(this.call, { type: 'started' });
    } catch (cause) {
      void stream.return();
      throw cause;
    }
    const reader = new LiveReader(this, stream);
    stream.handOver(reader);
    this.#serving = reader;
    reader.run();
  }

  #iterate(iterable: AsyncIterable<unknown>): void {
    let iteration: Iteration<C>;
    try {
      iteration = new Iteration(this, iterable[Symbol.asyncIterator]());
    } catch (cause) {
      this.abort();
      throw cause;
    }
    this.#serving = iteration;
    iteration.pull();
  }

  /** What came too late is not begun: an observable is left alone, an iterable is told to clean up. */
  async #discard(result: unknown): Promise<void> {
    if (isAsyncIterable(result)) {
      try {
        await disposeOf(result[Symbol.asyncIterator]());
      } catch (cause) {
        this.report(cause);
      }
    }
    this.ended();
  }
}
