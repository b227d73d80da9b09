import type { Channel } from '../../server/realtime/channel.ts';
import type { Filter } from '../../server/realtime/cursor.ts';
import { Hub } from '../../server/realtime/hub.ts';
import type { Numbered, SnapshotReason } from '../../server/realtime/source.ts';
import type { QuoteMessage } from './quote-log.ts';

export interface PacedLogOptions {
  readonly paceMs: number;
  readonly ringCapacity?: number;
}

/** A log whose entries each give a key a value, or concern nobody, and a paced channel of the newest of each key. */
export class PacedLog {
  /** The key of entry `index + 1`. */
  readonly #keys: (string | undefined)[] = [];
  /** How often the source has been asked for what is newest, and for snapshots. */
  latestReads = 0;
  snapshots = 0;
  hub: Hub;
  channel: Channel<QuoteMessage>;

  constructor(private readonly options: PacedLogOptions) {
    this.hub = this.#newHub();
    this.channel = this.open();
  }

  /** Another channel of the same. */
  open(): Channel<QuoteMessage> {
    return this.hub.channel<QuoteMessage>({
      name: 'paced',
      delivery: 'latest',
      paceMs: this.options.paceMs,
      keyOf: (message) => (message.type === 'quote' ? message.key : ''),
      latest: (after) => {
        this.latestReads += 1;
        return this.#latest(after);
      },
      snapshot: (reason) => {
        this.snapshots += 1;
        return this.#snapshot(reason, () => true);
      },
    });
  }

  /** Commits entries as one group; `undefined` concerns nobody. */
  commit(...keys: readonly (string | undefined)[]): void {
    for (const key of keys) {
      this.#keys.push(key);
      if (key !== undefined) this.hub.touch(this.channel);
    }
    this.hub.commit(this.#keys.length);
  }

  /** The process ends, and another goes on with the log. */
  restart(): void {
    this.hub.close();
    this.hub = this.#newHub();
    this.channel = this.open();
  }

  /** The number of the entry that gave each key its value, as of entry `through`. */
  newest(through: number = this.#keys.length): Map<string, number> {
    const newest = new Map<string, number>();
    for (const [index, key] of this.#keys.slice(0, through).entries()) {
      if (key !== undefined) newest.set(key, index + 1);
    }
    return newest;
  }

  keyAt(seq: number): string | undefined {
    return this.#keys[seq - 1];
  }

  /** The part of the channel that is about `keys`. */
  filter(keys: readonly string[]): Filter<QuoteMessage> {
    return {
      accepts: (message) => message.type === 'quote' && keys.includes(message.key),
      snapshot: (reason) => this.#snapshot(reason, (key) => keys.includes(key)),
    };
  }

  #newHub(): Hub {
    const { ringCapacity = 1_024 } = this.options;
    return new Hub({ epoch: 'test', head: this.#keys.length, ringCapacity });
  }

  #snapshot(reason: SnapshotReason, shows: (key: string) => boolean): Numbered<QuoteMessage> {
    const newest = [...this.newest()].filter(([key]) => shows(key));
    return { seq: this.#keys.length, data: { type: 'snapshot', reason, newest: Object.fromEntries(newest) } };
  }

  #latest(after: number): Numbered<QuoteMessage>[] {
    return [...this.newest()]
      .filter(([, n]) => n > after)
      .sort(([, a], [, b]) => a - b)
      .map(([key, n]) => ({ seq: n, data: { type: 'quote', key, n, pad: '' } }));
  }
}
