import type { AnyRouter } from '@trpc/server';
import type { WSSHandlerOptions as StockOptions } from '@trpc/server/adapters/ws';
import type { WebSocketServer } from 'ws';
import type { ConductLimits } from './conduct.ts';

/** What one connection may take of the server. */
export interface Limits extends ConductLimits {
  /** Subscriptions at a time. */
  readonly maxSubscriptions: number;
  /** Bytes that may wait to be sent; above it the connection is congested and gets no more items. */
  readonly sendBudgetBytes: number;
  /** A connection is cut when nothing of what waits has left for so long, in milliseconds. */
  readonly stuckMs: number;
  /** How long connection params may take to come, in milliseconds. */
  readonly connectionParamsMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxSubscriptions: 64,
  sendBudgetBytes: 64 * 1024,
  stuckMs: 30_000,
  connectionParamsMs: 5_000,
  messages: null,
  subscribes: null,
  refusals: { count: 100, windowMs: 10_000 },
  errors: { count: 100, windowMs: 10_000 },
};

/** Messages in a batch, unless `maxBatchSize` says otherwise: a client resubscribes to everything in one. */
export const DEFAULT_MAX_BATCH = 64;

interface OwnOptions {
  /** Stands here as well because a type of nothing but optional fields would refuse the stock options. */
  wss: WebSocketServer;
  /** {@link DEFAULT_LIMITS} for those left out. */
  readonly limits?: Partial<Limits> | undefined;
}

/** The options of the stock handler, and `limits`. */
export type WSSHandlerOptions<TRouter extends AnyRouter> = StockOptions<TRouter> & OwnOptions;
