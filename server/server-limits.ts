import type { Tolerance } from './realtime/ws/offences.ts';
import type { Allowance } from './realtime/ws/token-bucket.ts';

/** What one client may take of the server at its doors; `null` is without limit. */
export interface ServerLimits {
  /** WebSockets and API requests of one address at a time. */
  readonly connectionsPerAddress: number | null;
  /** Messages of one WebSocket connection. */
  readonly messages: Allowance | null;
  /** Subscriptions that one WebSocket connection starts, resumed or anew. */
  readonly subscribes: Allowance | null;
  /** Messages that are refused before one connection is closed. */
  readonly refusals: Tolerance;
}

const REFUSALS: Tolerance = { count: 100, windowMs: 10_000 };

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  connectionsPerAddress: 20,
  messages: { perSecond: 20, burst: 60 },
  // A client that comes back starts everything it had, up to 64 subscriptions, in one batch.
  subscribes: { perSecond: 5, burst: 64 },
  refusals: REFUSALS,
};

/** For measuring, and for clients that are trusted. */
export const NO_SERVER_LIMITS: ServerLimits = {
  connectionsPerAddress: null,
  messages: null,
  subscribes: null,
  refusals: REFUSALS,
};
