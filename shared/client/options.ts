import type { Fetch } from './auth-calls.ts';
import type { BackoffBounds } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Lock, SessionStorage } from './kept-session.ts';
import type { WebSocketClass } from './sockets.ts';

export interface KeepAlive {
  /** PING after this much silence … */
  readonly pingAfterMs: number;
  /** … and give the socket up after this much more without a PONG. */
  readonly pongWithinMs: number;
}

export interface SessionOptions {
  /** Memory, unless given. */
  readonly storage?: SessionStorage;
  /** Of all who share the storage: `navigator.locks` in browsers. */
  readonly lock?: Lock;
  /** Of the calls over HTTP; the platform's unless given. */
  readonly fetch?: Fetch;
}

export interface ClientOptions {
  /** `ws://` or `wss://`, with the path. */
  readonly url: string;
  /**
   * What the client was built for: the `hash` of the query `contract`, as it was then. A server that has changed since
   * ends the connection with `OUTDATED` before anything is exchanged. Unless given, nothing is compared.
   */
  readonly contract?: string | undefined;
  /** Where the platform has none, that of the package `ws`. */
  readonly WebSocket?: WebSocketClass;
  readonly keepAlive?: KeepAlive;
  /** Before reconnecting. */
  readonly backoff?: BackoffBounds;
  /** How long a mutation may take unless its context says otherwise, in milliseconds. */
  readonly deadlineMs?: number;
  /** How a session is kept and shared. */
  readonly session?: SessionOptions;
  /** Called for every frame that comes in, also for those that are not messages. */
  readonly onHeard?: () => void;
  readonly clock?: Clock;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

export const KEEP_ALIVE: KeepAlive = { pingAfterMs: 4_000, pongWithinMs: 6_000 };
/** A lone client is back within a second, the time that it takes to connect and to catch up included. */
export const RECONNECT: BackoffBounds = { firstMs: 500, longestMs: 15_000 };
export const DEADLINE_MS = 10_000;
