import type { Call, CallConnection } from './call.ts';
import type { Address } from './encoding.ts';
import type { LiveConnection } from './traffic.ts';

/** What a started subscription is served by. */
export interface Serving {
  /** Told once, when the subscription's signal has aborted. */
  stop(): void;
  /** Sends what there is now, as far as the connection takes it. */
  catchUp(): void;
}

/** A subscription to a live stream as that which serves it sees it. */
export interface LiveServed {
  readonly connection: LiveConnection;
  readonly call: Address;
  /** The one that the stream was opened with. */
  readonly signal: AbortSignal | undefined;
  /** It ends with an error: whoever made the stream is told before {@link refused}. */
  abort(): void;
  /** It is over, and cleaned up. */
  ended(): void;
  /** It is over with an error, and cleaned up. */
  refused(cause: unknown): void;
}

/** A subscription as that which serves it sees it. */
export interface Served<C> extends LiveServed {
  readonly connection: CallConnection<C>;
  readonly call: Call;
  readonly signal: AbortSignal;
  /** Aborts the procedure's signal. */
  abort(): void;
  /** Tells the server alone of an error. */
  report(cause: unknown): void;
}
