import type { Cell } from './codec.ts';
import type { JournalErrorCode } from './log.ts';
import type { RangeQuery } from './queries.ts';

/**
 * The protocol between the log and its worker thread. Requests are answered in the order they were sent, each by one
 * reply with its id; the worker's first message, before any request, is `opened` or `refused`.
 */
export type Request =
  /** Rows laid out by the codec, starting at seq `first`, without holes. */
  | { kind: 'append'; id: number; first: number; cells: Cell[] }
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
  /** Rows of the range up to `to`, the smaller of the query's `to` and the head. */
  | { kind: 'rows'; id: number; to: number; cells: unknown[] }
  | { kind: 'failed'; id: number; failure: Failure; head: number }
  | { kind: 'closed' };

/** What the worker is started with. */
export interface WorkerOptions {
  readonly directory: string;
  /** A bound on the database in pages, beyond which appends fail as on a full disk. */
  readonly maxPages?: number;
}
