import { channels } from '../shared/channels.ts';
import type { Entry } from '../shared/events.ts';
import type { ServerStats } from '../shared/stats.ts';
import type { Lamports } from '../shared/units.ts';
import type { CallRecord, Context, Services } from './api/context.ts';
import { appRouter, type Caller, createCaller } from './api/router.ts';
import { contractOf } from './contract.ts';
import { Directory } from './feeds/directory.ts';
import { Feeds } from './feeds/feeds.ts';
import { foldViews, type ViewsState } from './feeds/views.ts';
import { RateLimits, type RateSettings } from './guards/rate-limits.ts';
import { Identity } from './identity/identity.ts';
import { type Principal, trusted } from './identity/principal.ts';
import type { Session } from './identity/session.ts';
import { MarketBus } from './journal/bus.ts';
import { Executor } from './journal/executor.ts';
import type { EventLog, SnapshotStore } from './journal/log.ts';
import type { MarketState } from './market/state.ts';
import { Stats } from './ops/stats.ts';
import { Hub } from './realtime/hub.ts';
import { SeasonClock } from './season-clock.ts';
import { encodeWorld, type Restored, restoreWorld } from './world.ts';

/** What the market tells its operator; pino fits. */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface AppOptions {
  readonly log: EventLog;
  readonly snapshots: SnapshotStore;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Messages each channel keeps in memory. */
  readonly ringCapacity?: number;
  /** The least SOL that makes a trade worth telling everybody. */
  readonly whaleSol?: Lamports | undefined;
  /** Who clients are; without one their sessions are kept in memory, and end with the app, which closes it. */
  readonly identity?: Identity | undefined;
  /** How often clients may do what; the usual unless told. */
  readonly rates?: RateSettings;
  /** Whether paper SOL can be had for the asking; it can unless told. */
  readonly faucet?: boolean;
  /** Told of every call from outside. */
  readonly onCall?: ((call: CallRecord) => void) | undefined;
  /** Told after every committed group; a snapshot may be due. */
  readonly onCommitted?: (head: number) => void;
  /** Told when the market can no longer go on. */
  readonly onFatal?: (error: unknown) => void;
}

/** Folds the log and starts the market on it. @throws when the log cannot be read */
export async function openApp(options: AppOptions): Promise<App> {
  return new App(options, await restore(options));
}

const restore = ({ log, snapshots, logger, whaleSol }: AppOptions): Promise<Restored> =>
  restoreWorld(log, snapshots, { warn: (message) => logger.warn({}, message), whaleSol });

/** The running market on a log: everything but sockets and processes. */
export class App {
  readonly services: Services;
  readonly bus: MarketBus;
  readonly stats: Stats;
  readonly #options: AppOptions;
  readonly #executor: Executor;
  readonly #hub: Hub;
  readonly #limits: RateLimits;
  readonly #feeds: Feeds;
  readonly #views: ViewsState;
  /** The newest entry that a snapshot is known to cover. */
  #snapshotSeq: number;
  #seasons: SeasonClock | undefined;
  #contract: string | undefined;

  constructor(options: AppOptions, { world, snapshotSeq }: Restored) {
    const { log, logger, clock = Date.now, ringCapacity } = options;
    this.#options = options;
    this.#views = world.views;
    this.#snapshotSeq = snapshotSeq;
    this.bus = new MarketBus((error, type) => logger.error({ err: error, type }, 'a bus listener failed'));
    const head = world.market.seq;
    this.#hub = new Hub({ epoch: log.epoch, head, ...(ringCapacity === undefined ? {} : { ringCapacity }) });
    this.#feeds = new Feeds(this.#hub, world.views, log);
    this.#executor = new Executor({
      log,
      state: world.market,
      clock,
      publish: (entries) => this.#publish(entries),
      rebuild: async () => (await restore(options)).world.market,
      onFault: (error, fatal) => this.#fault(error, fatal),
    });
    this.stats = new Stats({ hub: this.#hub, commitMicros: this.#executor.commitMicros });
    this.#limits = new RateLimits(options.rates);
    this.services = {
      executor: this.#executor,
      log,
      views: world.views,
      directory: new Directory(world.views, clock),
      feeds: this.#feeds,
      bus: this.bus,
      stats: () => this.stats.get(),
      clock,
      contract: () => this.#theContract(),
      identity: options.identity ?? Identity.inMemory(),
      limits: this.#limits,
      faucet: options.faucet ?? true,
      onCall: options.onCall,
    };
  }

  /** Everything that is durable, as queries see it. */
  get views(): Readonly<ViewsState> {
    return this.#views;
  }

  /** The newest entry that a snapshot is known to cover; 0 when there is none. */
  get snapshotSeq(): number {
    return this.#snapshotSeq;
  }

  /** What the next decision rests on; ahead of the views by what is being written. */
  get market(): Readonly<MarketState> {
    return this.#executor.state;
  }

  /** How the server does: clients, channels and their subscribers, rates and lags. */
  getStats(): ServerStats {
    return this.stats.get();
  }

  /** The context of a request, or of a connection. */
  context(principal: Principal): Context {
    return { services: this.services, principal };
  }

  /** The context of the server's own code, which acts for a wallet, or for nobody. */
  contextOf(session: Session | null): Context {
    return this.context(trusted(session));
  }

  /** Calls procedures directly, as `session`. */
  caller(session: Session | null = null): Caller {
    return createCaller(this.contextOf(session));
  }

  /**
   * Has the olympics run from now on, in seasons of so many milliseconds that end at multiples of it in UTC. One that
   * came to its end while the market was closed ends now.
   */
  async runSeasons(lengthMs: number): Promise<void> {
    const { clock = Date.now, logger } = this.#options;
    await this.#seasons?.stop();
    this.#seasons = new SeasonClock({ executor: this.#executor, lengthMs, clock, logger });
    await this.#seasons.start();
  }

  /** Finishes accepted work, ends every stream, saves a snapshot when there is something new, and closes the log. */
  async close(): Promise<void> {
    await this.#seasons?.stop();
    await this.#executor.close();
    this.#hub.close();
    this.stats.close();
    await this.#limits.close();
    this.services.identity.close();
    await this.#saveSnapshot();
    await this.#options.log.close();
  }

  async #saveSnapshot(): Promise<void> {
    const { snapshots, logger } = this.#options;
    const world = { market: this.#executor.state, views: this.#views };
    // After a fault the two may be apart; the log has everything, so nothing is saved.
    if (world.market.seq !== world.views.seq || world.views.seq === this.#snapshotSeq) return;
    try {
      await snapshots.save({ seq: world.views.seq, bytes: encodeWorld(world) });
      this.#snapshotSeq = world.views.seq;
    } catch (error) {
      logger.warn({ err: error }, 'no snapshot was saved; the next start reads more of the log');
    }
  }

  /** It takes some milliseconds to make, and many that run a market never ask. */
  #theContract(): string {
    this.#contract ??= contractOf(appRouter, channels);
    return this.#contract;
  }

  /** Views first, so that whoever hears of an entry can query it. */
  #publish(entries: readonly Entry[]): void {
    for (const entry of entries) foldViews(this.#views, entry);
    this.#feeds.publish(entries);
    this.bus.emit(entries);
    this.#options.onCommitted?.(this.#views.seq);
  }

  #fault(error: unknown, fatal: boolean): void {
    const { logger, onFatal } = this.#options;
    if (!fatal) {
      logger.error({ err: error }, 'the market lost its state and folds the log anew');
      return;
    }
    logger.error({ err: error }, 'the market has stopped');
    onFatal?.(error);
  }
}
