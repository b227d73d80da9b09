import type { ConductLimits } from '../realtime/ws/conduct.ts';

/** What one connection may take of the server, and when it is cut. Times in milliseconds. */
export interface GatewayLimits extends ConductLimits {
  /** Subscriptions at a time. */
  readonly maxSubscriptions: number;
  /** Bytes that may wait to be sent; above it the connection is congested and gets no more items. */
  readonly sendBudgetBytes: number;
  /** A congested connection is cut when nothing of what waits has left for so long. */
  readonly stuckMs: number;
  /** A connection is pinged when nothing has come from it for so long. */
  readonly heartbeatMs: number;
  /** It is cut when nothing comes for so long after the ping. */
  readonly pongWaitMs: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  maxSubscriptions: 64,
  sendBudgetBytes: 64 * 1024,
  stuckMs: 30_000,
  heartbeatMs: 30_000,
  pongWaitMs: 10_000,
  messages: null,
  subscribes: null,
  refusals: { count: 100, windowMs: 10_000 },
  errors: { count: 20, windowMs: 10_000 },
};

/** Messages above this are refused and the connection lives. */
export const MAX_MESSAGE_BYTES = 16 * 1024;
/** For the `maxPayload` of the WebSocket server: frames above this are not read, and the connection is closed. */
export const MAX_FRAME_BYTES = 64 * 1024;
/** Characters of a channel's name that an error repeats. */
export const MAX_REPEATED = 80;
/** Characters of a request id. */
export const MAX_ID_LENGTH = 64;
