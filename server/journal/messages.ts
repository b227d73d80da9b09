import type { NewBlock } from './blocks.ts';
import type { JournalErrorCode } from './log.ts';
import type { Lines, RangeQuery } from './queries.ts';

/**
 * The protocol between the log and its worker thread. Requests are answered in the order they were sent, each by one
 * reply with its id; the worker's first message, before any request, is `opened` or `refused`.
 */
export type Request =
  /** A group of entries `first` to `last`, in blocks without holes. */
  | { kind: 'append'; id: number; first: number; last: number; blocks: readonly NewBlock[] }
  | { kind: 'read'; id: number; query: RangeQuery }
  /** Answered by `closed` when files and lock are let go of; the thread then ends. */
  | { kind: 'close' };

export type AppendRequest = Extract<Request, { kind: 'append' }>;

export interface Failure {
  readonly code: JournalErrorCode;
  readonly message: string;
  readonly outcome: 'not_written' | 'unknown';
}

export type Reply =
  | { kind: 'opened'; epoch: string; head: number }
  | { kind: 'refused'; failure: Failure }
  /** The append is on disk. */
  | { kind: 'appended'; id: number; head: number }
  | ({ kind: 'lines'; id: number } & Lines)
  | { kind: 'failed'; id: number; failure: Failure; head: number }
  | { kind: 'closed' };

/** What the worker is started with. */
export interface WorkerOptions {
  readonly directory: string;
  /** A bound on the database in pages, beyond which appends fail as on a full disk. */
  readonly maxPages?: number;
}
