import type { Worker } from 'node:worker_threads';
import type { Lamports } from '../shared/units.ts';
import type { Logger } from './app.ts';
import { startThread } from './journal/thread.ts';

/** Entries between snapshots: what a cold start may have to read, about a second's worth. */
const ENTRIES_BETWEEN = 100_000;

export interface SnapshotterOptions {
  /** Where the log is. */
  readonly directory: string;
  readonly logger: Pick<Logger, 'warn'>;
  /** The entry that the newest snapshot covers; 0 without one. */
  readonly last: number;
  readonly entriesBetween?: number;
  /** As the market's own. */
  readonly whaleSol?: Lamports | undefined;
}

/** Has a worker thread save a snapshot whenever the log has grown enough since the last one. */
export class Snapshotter {
  readonly #options: SnapshotterOptions;
  #last: number;
  #worker: Worker | undefined;

  constructor(options: SnapshotterOptions) {
    this.#options = options;
    this.#last = options.last;
  }

  /** Told after every committed group. */
  readonly committed = (head: number): void => {
    const { directory, logger, whaleSol, entriesBetween = ENTRIES_BETWEEN } = this.#options;
    if (this.#worker !== undefined || head - this.#last < entriesBetween) return;
    this.#last = head;
    const worker = startWorker({ directory, whaleSol });
    this.#worker = worker;
    worker.on('error', (error) => logger.warn({ err: error }, 'no snapshot was saved'));
    worker.once('exit', () => {
      this.#worker = undefined;
    });
  };

  /** Stops a running snapshot: the log has everything. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }
}

const startWorker = (workerData: Pick<SnapshotterOptions, 'directory' | 'whaleSol'>): Worker =>
  startThread({
    name: 'snapshot',
    source: new URL('./snapshot-worker.ts', import.meta.url),
    built: new URL('./snapshot-worker.js', import.meta.url),
    workerData,
  });
