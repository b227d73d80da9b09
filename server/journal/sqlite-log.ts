import { join, resolve } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Entry } from '../../shared/events.ts';
import { encodeBlocks } from './blocks.ts';
import { RecordDecoder } from './codec.ts';
import { LOG_FILE } from './database.ts';
import {
  type BackwardRead,
  type EventLog,
  type ForwardPage,
  type ForwardRead,
  JournalError,
  type LogRecord,
} from './log.ts';
import type { Failure, Reply, Request, WorkerOptions } from './messages.ts';
import { backwardPage, forwardPage, type PageSource } from './pages.ts';
import { backwardRange, forwardRange, type Lines, type RangeQuery } from './queries.ts';
import { startThread } from './thread.ts';

/** What the journal tells the operator; a pino logger is one. */
export interface JournalLogger {
  error(message: string): void;
}

export interface SqliteLogOptions extends WorkerOptions {
  readonly logger?: JournalLogger;
}

/**
 * Opens the log in a directory, making both when they are missing. Its thread keeps the process alive until `close()`.
 * @throws JournalError `locked`, `corrupt`, `schema_version` or `write_failed`.
 */
export function openSqliteLog(options: SqliteLogOptions): Promise<EventLog> {
  const directory = resolve(options.directory);
  return connectLog(startWorker({ ...options, directory }), { ...options, directory });
}

/** Starts the journal's thread. */
export function startWorker({ directory, maxPages }: WorkerOptions): Worker {
  const workerData: WorkerOptions = maxPages === undefined ? { directory } : { directory, maxPages };
  return startThread({
    name: 'journal',
    source: new URL('./worker.ts', import.meta.url),
    built: new URL('./journal-worker.js', import.meta.url),
    workerData,
  });
}

/** The log behind a thread that speaks the protocol of `messages.ts`, from its first message on. */
export function connectLog(worker: Worker, options: SqliteLogOptions): Promise<EventLog> {
  const file = join(options.directory, LOG_FILE);
  return new Promise((opened, refused) => {
    const early = (reason: string) => (cause: unknown) =>
      refused(new JournalError('closed', `${file}: ${reason}: ${String(cause)}`, 'not_written', { cause }));
    const failed = early('its thread did not start');
    const ended = early('its thread ended at the start with code');
    worker.once('error', failed);
    worker.once('exit', ended);
    worker.once('message', (reply: Reply) => {
      worker.off('error', failed);
      worker.off('exit', ended);
      if (reply.kind === 'opened') {
        opened(new SqliteLog(worker, file, { ...reply, logger: options.logger }));
        return;
      }
      const error =
        reply.kind === 'refused'
          ? journalError(reply.failure)
          : new JournalError('closed', `${file}: its thread began with ${reply.kind}`);
      worker.once('exit', () => refused(error));
    });
  });
}

const journalError = ({ code, message, outcome }: Failure): JournalError =>
  new JournalError(code, message, outcome);

type Pending = { readonly reject: (error: JournalError) => void } & (
  | { readonly kind: 'append'; readonly resolve: () => void }
  | { readonly kind: 'read'; readonly resolve: (lines: Lines) => void }
);

type Phase = { kind: 'open' } | { kind: 'closing' } | { kind: 'ended'; reason: string };

class SqliteLog implements EventLog {
  readonly epoch: string;
  #head: number;
  #phase: Phase = { kind: 'open' };
  #nextId = 1;
  readonly #pending = new Map<number, Pending>();
  readonly #source: PageSource;
  readonly #logger: JournalLogger | undefined;
  /** Settles when the thread is gone, for whatever reason. */
  readonly #ended: Promise<void>;

  constructor(
    private readonly worker: Worker,
    file: string,
    { epoch, head, logger }: { epoch: string; head: number; logger: JournalLogger | undefined },
  ) {
    this.epoch = epoch;
    this.#head = head;
    this.#logger = logger;
    this.#source = { decoder: new RecordDecoder(), file };
    worker.on('message', (reply: Reply) => this.#receive(reply));
    this.#ended = new Promise((resolve) => {
      worker.on('exit', (code) => {
        if (this.#phase.kind === 'closing' && code === 0)
          this.#phase = { kind: 'ended', reason: 'was closed' };
        else this.#end(`ended with code ${code}`);
        resolve();
      });
    });
    // Always followed by `exit`; it comes first so that its reason is the one given.
    worker.on('error', (error) =>
      this.#end(`failed: ${error instanceof Error ? error.message : String(error)}`),
    );
  }

  get head(): number {
    return this.#head;
  }

  async append(records: readonly LogRecord[]): Promise<void> {
    this.#mustBeOpen();
    const first = records[0]?.entry.seq;
    if (first === undefined) return;
    records.forEach(({ entry }, index) => {
      if (entry.seq === first + index) return;
      const message = `a group that begins at ${first} has entry ${entry.seq} at index ${index}`;
      throw new JournalError('out_of_sequence', message);
    });
    const last = first + records.length - 1;
    const blocks = encodeBlocks(records);
    await new Promise<void>((resolve, reject) => {
      const id = this.#expect({ kind: 'append', resolve, reject });
      this.#post({ kind: 'append', id, first, last, blocks });
    });
  }

  async read(read: ForwardRead): Promise<ForwardPage> {
    const query = forwardRange(read);
    return forwardPage(this.#source, query, await this.#lines(query));
  }

  async readBackward(read: BackwardRead): Promise<readonly Entry[]> {
    const query = backwardRange(read);
    return backwardPage(this.#source, query, await this.#lines(query));
  }

  async close(): Promise<void> {
    if (this.#phase.kind === 'open') {
      this.#phase = { kind: 'closing' };
      this.#post({ kind: 'close' });
    }
    await this.#ended;
  }

  #lines(query: RangeQuery): Promise<Lines> {
    this.#mustBeOpen();
    return new Promise((resolve, reject) => {
      const id = this.#expect({ kind: 'read', resolve, reject });
      this.#post({ kind: 'read', id, query });
    });
  }

  #post(request: Request): void {
    this.worker.postMessage(request);
  }

  #expect(pending: Pending): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#pending.set(id, pending);
    return id;
  }

  #mustBeOpen(): void {
    if (this.#phase.kind === 'open') return;
    const why = this.#phase.kind === 'ended' ? `: its thread ${this.#phase.reason}` : '';
    throw new JournalError('closed', `${this.#source.file} is closed${why}`);
  }

  #receive(reply: Reply): void {
    switch (reply.kind) {
      case 'appended': {
        this.#head = reply.head;
        const pending = this.#take(reply.id);
        if (pending?.kind === 'append') pending.resolve();
        return;
      }
      case 'lines': {
        const pending = this.#take(reply.id);
        if (pending?.kind === 'read') pending.resolve(reply);
        return;
      }
      case 'failed':
        this.#head = reply.head;
        this.#take(reply.id)?.reject(journalError(reply.failure));
        return;
      case 'opened':
      case 'refused':
      case 'closed':
        return;
      default: {
        const unknown: never = reply;
        throw new TypeError(`unknown reply ${JSON.stringify(unknown)}`);
      }
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** The thread is gone. Whether it had written what it was given cannot be known any more. */
  #end(reason: string): void {
    if (this.#phase.kind === 'ended') return;
    if (this.#phase.kind === 'open')
      this.#logger?.error(`${this.#source.file}: the journal's thread ${reason}`);
    this.#phase = { kind: 'ended', reason };
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { kind, reject } of pending) {
      const message = `${this.#source.file}: the journal's thread ${reason}`;
      reject(new JournalError('closed', message, kind === 'append' ? 'unknown' : 'not_written'));
    }
  }
}
