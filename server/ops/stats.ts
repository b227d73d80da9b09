import { monitorEventLoopDelay, type RecordableHistogram } from 'node:perf_hooks';
import type { DoorStats, Percentiles, ServerStats } from '../../shared/stats.ts';
import type { Hub } from '../realtime/hub.ts';

export interface StatsOptions {
  readonly hub: Pick<Hub, 'head' | 'stats'>;
  /** Milliseconds from a group's decision until it is durable, one record a group; emptied with every window. */
  readonly commitMicros: Pick<RecordableHistogram, 'percentile' | 'reset' | 'count'>;
}

/** What a door tells of itself. */
export type Door = () => Omit<DoorStats, 'name'>;

const SAMPLE_MS = 1_000;
/** Samples that rates are taken over. */
const WINDOW = 10;
/** The event loop's lag is looked at so often, in ms. */
const RESOLUTION_MS = 20;
const NOTHING: Percentiles = { p50: 0, p99: 0 };

interface Sample {
  /** Monotonic, ms. */
  readonly at: number;
  readonly head: number;
  readonly sent: number;
}

/** Counts what the server does, for its operators. Runs a timer, which keeps no process alive, until it is closed. */
export class Stats {
  readonly #options: StatsOptions;
  readonly #doors = new Map<string, Door>();
  readonly #loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #samples: Sample[];
  /** Of the last full window; the next one is being counted. */
  #lag: { readonly commit: Percentiles; readonly loop: Percentiles } | undefined;
  #ticks = 0;

  constructor(options: StatsOptions) {
    this.#options = options;
    this.#loop.enable();
    this.#samples = [this.#sample()];
    this.#timer = setInterval(() => this.#tick(), SAMPLE_MS);
    this.#timer.unref();
  }

  /** Counts a door in, until the returned function is called. */
  addDoor(name: string, door: Door): () => void {
    this.#doors.set(name, door);
    return () => {
      if (this.#doors.get(name) === door) this.#doors.delete(name);
    };
  }

  get(): ServerStats {
    const { hub } = this.#options;
    const { channels, conflated, gaps } = hub.stats();
    const doors = [...this.#doors].map(([name, door]) => ({ name, ...door() }));
    const byName = new Map<string, number>();
    for (const { name, subscribers } of channels) byName.set(name, (byName.get(name) ?? 0) + subscribers);
    const lag = this.#lag ?? this.#lagNow();
    return {
      totalClients: total(doors, ({ connections }) => connections),
      totalChannels: byName.size,
      channels: [...byName]
        .map(([name, subscribers]) => ({ name, subscribers }))
        .sort((a, b) => b.subscribers - a.subscribers || (a.name < b.name ? -1 : 1)),
      doors,
      rates: this.#rates(),
      lag: {
        commitMs: lag.commit,
        eventLoopMs: lag.loop,
        congestedClients: total(doors, ({ congested }) => congested),
      },
      conflated,
      dropped: { gaps, clients: total(doors, ({ cut }) => cut) },
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#loop.disable();
  }

  #tick(): void {
    this.#samples.push(this.#sample());
    if (this.#samples.length > WINDOW) this.#samples.shift();
    this.#ticks += 1;
    if (this.#ticks % WINDOW !== 0) return;
    this.#lag = this.#lagNow();
    this.#loop.reset();
    this.#options.commitMicros.reset();
  }

  #sample(): Sample {
    const sent = [...this.#doors.values()].reduce((sum, door) => sum + door().sent, 0);
    return { at: performance.now(), head: this.#options.hub.head, sent };
  }

  /** From the oldest sample until now. */
  #rates(): ServerStats['rates'] {
    const now = this.#sample();
    const [since = now] = this.#samples;
    const perSecond = (count: number): number =>
      now.at > since.at ? Math.round((Math.max(0, count) * 10_000) / (now.at - since.at)) / 10 : 0;
    return {
      entriesPerSecond: perSecond(now.head - since.head),
      itemsPerSecond: perSecond(now.sent - since.sent),
    };
  }

  #lagNow(): { readonly commit: Percentiles; readonly loop: Percentiles } {
    const { commitMicros } = this.#options;
    return {
      commit: commitMicros.count === 0 ? NOTHING : percentiles(commitMicros, 1e3, 0),
      // It measures the whole time between two looks; what is planned is no lag.
      loop: this.#loop.count === 0 ? NOTHING : percentiles(this.#loop, 1e6, RESOLUTION_MS),
    };
  }
}

const total = (doors: readonly DoorStats[], count: (door: DoorStats) => number): number =>
  doors.reduce((sum, door) => sum + count(door), 0);

function percentiles(
  histogram: { percentile(percentile: number): number },
  perMs: number,
  planned: number,
): Percentiles {
  const at = (percentile: number): number =>
    Math.round(Math.max(0, histogram.percentile(percentile) / perMs - planned) * 100) / 100;
  return { p50: at(50), p99: at(99) };
}
