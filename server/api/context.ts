import type { TRPCError } from '@trpc/server';
import type { ServerStats } from '../../shared/stats.ts';
import type { Directory } from '../feeds/directory.ts';
import type { Feeds } from '../feeds/feeds.ts';
import type { ViewsState } from '../feeds/views.ts';
import type { RateLimits } from '../guards/rate-limits.ts';
import type { Identity } from '../identity/identity.ts';
import type { Principal } from '../identity/principal.ts';
import type { MarketBus } from '../journal/bus.ts';
import type { Executor } from '../journal/executor.ts';
import type { EventLog } from '../journal/log.ts';

/** A call from outside that has been answered, or a subscription that has started. */
export interface CallRecord {
  /** Repeated in the error that the client gets. */
  readonly requestId: string;
  readonly procedure: string;
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly wallet: string | null;
  readonly code: 'OK' | TRPCError['code'];
  /** Milliseconds. */
  readonly duration: number;
}

/** The running market, as procedures use it. */
export interface Services {
  readonly executor: Pick<Executor, 'submit'>;
  readonly log: Pick<EventLog, 'epoch' | 'read' | 'readBackward'>;
  readonly views: Readonly<ViewsState>;
  readonly directory: Directory;
  readonly feeds: Feeds;
  readonly bus: MarketBus;
  readonly stats: () => ServerStats;
  /** The time by which entries are dated, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** What clients must have been built for: see `contractOf`. */
  readonly contract: () => string;
  readonly identity: Identity;
  /** Of what clients may do; the server's own code is free of them. */
  readonly limits: Pick<RateLimits, 'check'>;
  /** Whether paper SOL can be had for the asking. */
  readonly faucet: boolean;
  readonly onCall: ((call: CallRecord) => void) | undefined;
}

export interface Context {
  readonly services: Services;
  readonly principal: Principal;
}
