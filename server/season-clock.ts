import type { Executor } from './journal/executor.ts';

export interface SeasonClockOptions {
  readonly executor: Pick<Executor, 'submit' | 'state'>;
  /** Length of the seasons, ms; each ends at a multiple of it in UTC. */
  readonly lengthMs: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly logger: { warn(details: object, message: string): void };
}

/** When a turn could not be carried out. */
const RETRY_MS = 1_000;
/** Timers take no longer waits; a season may. */
const MAX_WAIT_MS = 86_400_000;

/** Tells the core when a season is due to end: the core itself has no clock. */
export class SeasonClock {
  readonly #options: SeasonClockOptions;
  #timer: NodeJS.Timeout | undefined;
  #turning: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: SeasonClockOptions) {
    this.#options = options;
  }

  /** Starts the first season, or ends one that came to its end meanwhile, and goes on from there. */
  async start(): Promise<void> {
    this.#turning = this.#turn();
    await this.#turning;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turning;
  }

  async #turn(): Promise<void> {
    const { executor, lengthMs, logger } = this.#options;
    let wait = 0;
    try {
      if (this.#due() <= 0) {
        const season = executor.state.season?.season ?? 0;
        await executor.submit({ kind: 'turn_season', season, lengthMs });
      }
      wait = Math.max(0, Math.min(this.#due(), MAX_WAIT_MS));
    } catch (error) {
      logger.warn({ err: error }, 'the season could not be turned; trying again');
      wait = RETRY_MS;
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#turning = this.#turn();
    }, wait);
  }

  /** Milliseconds until the running season ends; 0 or less when a turn is due. */
  #due(): number {
    const { executor, clock } = this.#options;
    const running = executor.state.season;
    return running === null ? 0 : running.endsAt - clock();
  }
}
