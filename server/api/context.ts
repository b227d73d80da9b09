import type { WalletAddress } from '../../shared/ids.ts';
import type { ServerStats } from '../../shared/stats.ts';
import type { Directory } from '../feeds/directory.ts';
import type { Feeds } from '../feeds/feeds.ts';
import type { ViewsState } from '../feeds/views.ts';
import type { MarketBus } from '../journal/bus.ts';
import type { Executor } from '../journal/executor.ts';
import type { EventLog } from '../journal/log.ts';

/** Who calls: a wallet that has proved itself, or server code acting for one. */
export interface Session {
  readonly wallet: WalletAddress;
  /** May run operator procedures. */
  readonly operator?: boolean;
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
}

export interface Context {
  readonly services: Services;
  /** `null` when nobody is signed in. */
  readonly session: Session | null;
}
