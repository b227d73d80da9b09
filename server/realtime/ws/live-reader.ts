import type { Reader } from '../channel.ts';
import type { Cursor } from '../cursor.ts';
import type { Item } from '../item.ts';
import { endingError, type LiveStream } from '../live-stream.ts';
import type { LiveServed, Serving } from './serving.ts';
import type { Due } from './tick.ts';
import type { Waiting } from './traffic.ts';

/** Items taken from the cursor at a time: about as much as the send budget holds. */
const BATCH = 128;

/**
 * - `idle`: everything has been sent; the channel's next news wakes it.
 * - `due`: there is news; it runs at the end of the tick.
 * - `reading`: it waits for the past or a snapshot.
 * - `waiting`: there may be more, but the connection is congested.
 */
type Phase = 'idle' | 'due' | 'reading' | 'waiting' | 'ended';

/** Serves a live stream from its cursor. It keeps no items: what cannot be sent now stays in the channel. */
export class LiveReader implements Reader, Due, Waiting, Serving {
  #phase: Phase = 'due';
  readonly #cursor: Cursor<unknown>;
  /**
   * A signal that the procedure gave the stream, as of a session that expires; not the subscription's. An error for its
   * reason is how the stream ends.
   */
  readonly #own: { readonly signal: AbortSignal; readonly aborted: () => void } | undefined;

  constructor(
    private readonly subscription: LiveServed,
    { cursor, signal }: LiveStream<unknown>,
  ) {
    this.#cursor = cursor;
    if (signal === undefined || signal === subscription.signal) return;
    this.#own = { signal, aborted: () => this.#aborted(signal) };
    signal.addEventListener('abort', this.#own.aborted, { once: true });
  }

  wake(): void {
    if (this.#phase !== 'idle') return;
    this.#phase = 'due';
    this.subscription.connection.serve(this);
  }

  /** Sends until it has caught up or the connection is congested. */
  run(): void {
    while (this.#phase === 'due') this.#step();
  }

  catchUp(): void {
    this.run();
  }

  /** One batch, so that the others who wait have their turn. */
  relieved(): void {
    if (this.#phase !== 'waiting') return;
    this.#phase = 'due';
    this.#step();
    if (this.#phase === 'due') this.#wait();
  }

  stop(): void {
    if (this.#phase === 'ended') return;
    this.#end();
    this.subscription.ended();
  }

  #aborted(signal: AbortSignal): void {
    const error = endingError(signal);
    if (error === undefined) this.stop();
    else this.#failed(error);
  }

  #step(): void {
    if (this.subscription.connection.congested) {
      this.#wait();
      return;
    }
    try {
      const taken = this.#cursor.take(BATCH);
      if (taken instanceof Promise) {
        this.#phase = 'reading';
        taken.then(
          (items) => this.#arrived(items),
          (cause: unknown) => this.#failed(cause),
        );
      } else {
        this.#send(taken);
      }
    } catch (cause) {
      this.#failed(cause);
    }
  }

  #send(items: readonly Item<unknown>[]): void {
    const { connection, call } = this.subscription;
    const { caughtUp } = this.#cursor;
    if (!caughtUp) connection.cork();
    if (items.length > 0) connection.sendItems(items, call, !this.#cursor.filtered);
    if (!caughtUp) return;
    if (this.#cursor.channel.log.closed) {
      this.#end();
      this.subscription.ended();
    } else {
      this.#phase = 'idle';
    }
  }

  #arrived(items: readonly Item<unknown>[]): void {
    if (this.#phase !== 'reading') return;
    this.#phase = 'due';
    try {
      this.#send(items);
    } catch (cause) {
      this.#failed(cause);
    }
    this.run();
  }

  #failed(cause: unknown): void {
    if (this.#phase === 'ended') return;
    this.#end();
    this.subscription.abort();
    this.subscription.refused(cause);
  }

  #wait(): void {
    this.#phase = 'waiting';
    this.subscription.connection.whenRelieved(this);
  }

  #end(): void {
    this.#phase = 'ended';
    this.#cursor.channel.unsubscribe(this);
    this.#own?.signal.removeEventListener('abort', this.#own.aborted);
  }
}
