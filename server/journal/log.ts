import type { Entry, EventType } from '../../shared/events.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { Recorded } from '../market/carry-out.ts';

/**
 * What the log stores for one seq: the entry and, beside the first entry of a wallet's command, the order it came with,
 * so that the same clientOrderId can be recognised after a restart. The order is never published.
 */
export type LogRecord = Recorded;

/** Narrows a read to entries with this `agentId`, to some event types, or both. */
export interface LogSelector {
  readonly agentId?: AgentId;
  readonly types?: readonly EventType[];
}

export interface ForwardRead {
  /** Entries with a greater seq. */
  readonly after: number;
  /** Entries up to this seq; the durable head when left out. */
  readonly through?: number;
  /** At most this many matching entries. */
  readonly limit: number;
  readonly selector?: LogSelector;
}

export interface ForwardPage {
  /** Oldest first. */
  readonly records: readonly LogRecord[];
  /** Every matching entry in (after, through] is in `records`; reading goes on from here. */
  readonly through: number;
}

export interface BackwardRead {
  /** Entries with a smaller seq. */
  readonly before: number;
  readonly limit: number;
  readonly selector?: LogSelector;
}

/**
 * The durable log. One process has it open; entries are numbered 1, 2, 3 … without holes and never change.
 */
export interface EventLog {
  /** Names the log: random, made with it. Positions of another epoch mean nothing here. */
  readonly epoch: string;
  /** The seq of the last durable entry; 0 when empty. */
  readonly head: number;
  /**
   * Appends a group as one atomic, durable step. The group must start at head + 1 when its turn comes; appends run
   * in call order, and one may be called while another is still being written.
   * @returns when the whole group is on disk.
   * @throws JournalError; then nothing of the group is stored, or (`outcome: 'unknown'`) it must be read to know.
   */
  append(records: readonly LogRecord[]): Promise<void>;
  /** Reads durable entries forward. */
  read(query: ForwardRead): Promise<ForwardPage>;
  /** Reads durable entries backward, newest first. */
  readBackward(query: BackwardRead): Promise<readonly Entry[]>;
  /** Waits for running appends, then lets go of files, threads and the lock. Idempotent. */
  close(): Promise<void>;
}

export type JournalErrorCode =
  /** Another process has the log open. */
  | 'locked'
  /** The file is not a log, or is damaged. */
  | 'corrupt'
  /** The file was written by another version. */
  | 'schema_version'
  /** The disk or file refused the write: full, read-only, I/O error. */
  | 'write_failed'
  /** The group does not start at head + 1. */
  | 'out_of_sequence'
  | 'closed';

export class JournalError extends Error {
  override readonly name = 'JournalError';
  constructor(
    readonly code: JournalErrorCode,
    message: string,
    readonly outcome: 'not_written' | 'unknown' = 'not_written',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A state snapshot: an opaque text or bytes that stand for all entries up to `seq`. */
export interface StoredSnapshot {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

/**
 * Keeps snapshots beside the log so that a cold start reads only the tail. A snapshot is a cache: a missing, damaged
 * or foreign one is ignored with a warning, never trusted.
 */
export interface SnapshotStore {
  /** Stores atomically and durably, then drops all but the newest two. */
  save(snapshot: StoredSnapshot): Promise<void>;
  /** The newest intact snapshot of this epoch with seq ≤ `atMost`. */
  load(atMost: number): Promise<StoredSnapshot | undefined>;
}
