import type { Worker } from 'node:worker_threads';
import type { Logger } from './app.ts';
import { startThread } from './journal/thread.ts';

/** Entries between snapshots: what a cold start may have to read, about half a second's worth. */
const ENTRIES_BETWEEN = 100_000;

/** Has a worker thread save a snapshot whenever the log has grown enough since the last one. */
export class Snapshotter {
  #last: number;
  #worker: Worker | undefined;

  constructor(
    private readonly directory: string,
    private readonly logger: Logger,
    head: number,
  ) {
    this.#last = head;
  }

  /** Told after every committed group. */
  readonly committed = (head: number): void => {
    if (this.#worker !== undefined || head - this.#last < ENTRIES_BETWEEN) return;
    this.#last = head;
    const worker = startWorker(this.directory);
    this.#worker = worker;
    worker.on('error', (error) => this.logger.warn({ err: error }, 'no snapshot was saved'));
    worker.once('exit', () => {
      this.#worker = undefined;
    });
  };

  /** Stops a running snapshot: the log has everything. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }
}

const startWorker = (directory: string): Worker =>
  startThread({
    name: 'snapshot',
    source: new URL('./snapshot-worker.ts', import.meta.url),
    built: new URL('./snapshot-worker.js', import.meta.url),
    workerData: { directory },
  });
