import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { journalFault } from './faults.ts';
import { JournalError } from './log.ts';
import { COMMON_TYPE } from './queries.ts';

export const LOG_FILE = 'market.db';
/** Changes with the tables and with what the codec writes into them. */
const SCHEMA_VERSION = 1;
const EPOCH = /^[0-9a-f]{16}$/;

/**
 * `data` and `placed_order` are the codec's texts. An index on a column of a table ends in its seq by itself, so both
 * give their entries in the order of the log.
 */
const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    agent_id TEXT,
    data TEXT NOT NULL,
    placed_order TEXT,
    checksum INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX entries_by_agent ON entries (agent_id) WHERE agent_id IS NOT NULL;
  CREATE INDEX entries_by_rare_type ON entries (type) WHERE type <> '${COMMON_TYPE}';
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** An open log file that has been found sound. */
export interface LogDatabase {
  readonly db: Database.Database;
  readonly file: string;
  readonly epoch: string;
}

/**
 * Opens the log for writing and makes it when there is none. The caller holds the directory's lock.
 * @throws JournalError `corrupt`, `schema_version` or `write_failed`.
 */
export function openForWriting(directory: string, maxPages?: number): LogDatabase {
  return open(directory, (db, file) => {
    if (firstCell(db, 'PRAGMA journal_mode = WAL') !== 'wal') {
      throw new JournalError('write_failed', `${file}: the file system does not support SQLite's WAL`);
    }
    db.exec('PRAGMA synchronous = FULL');
    if (firstCell(db, 'PRAGMA synchronous') !== 2) {
      throw new JournalError('write_failed', `${file}: SQLite does not sync every commit`);
    }
    // 16 MiB of pages between checkpoints; what a burst left of the WAL beyond 64 MiB is given back.
    db.exec('PRAGMA wal_autocheckpoint = 4096');
    db.exec('PRAGMA journal_size_limit = 67108864');
    db.exec('PRAGMA cache_size = -32768');
    if (isBlank(db)) create(db);
    if (maxPages !== undefined) firstCell(db, `PRAGMA max_page_count = ${maxPages}`);
  });
}

/**
 * Opens a log that exists for reading only; a writer in this process does not mind.
 * @throws JournalError `corrupt` or `schema_version`.
 */
export function openForReading(directory: string): LogDatabase {
  const path = join(directory, LOG_FILE);
  // SQLite would make the file.
  if (!existsSync(path)) throw new JournalError('corrupt', `${path} does not exist`);
  return open(directory, (db, file) => {
    db.exec('PRAGMA query_only = ON');
    if (isBlank(db)) throw new JournalError('corrupt', `${file} is not a log: it has no tables`);
  });
}

function open(directory: string, prepare: (db: Database.Database, file: string) => void): LogDatabase {
  const file = join(directory, LOG_FILE);
  try {
    if (existsSync(file) && statSync(file).size === 0) {
      throw new JournalError('corrupt', `${file} is empty; remove it to begin a new log`);
    }
    const db = new Database(file);
    try {
      db.exec('PRAGMA busy_timeout = 5000');
      prepare(db, file);
      return { db, file, epoch: check(db, file) };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw journalFault(error, file, 'write_failed');
  }
}

/** Whether nothing was ever made in the file: it is new, or making the log did not get to its commit. */
function isBlank(db: Database.Database): boolean {
  return (
    firstCell(db, 'PRAGMA user_version') === 0 && firstCell(db, 'SELECT count(*) FROM sqlite_master') === 0
  );
}

function create(db: Database.Database): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(SCHEMA);
    db.prepare("INSERT INTO meta (name, value) VALUES ('epoch', ?)").run([randomBytes(8).toString('hex')]);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** @returns the epoch. */
function check(db: Database.Database, file: string): string {
  const version = firstCell(db, 'PRAGMA user_version');
  if (version !== SCHEMA_VERSION) {
    const message = `${file} has schema version ${String(version)}; this program reads version ${SCHEMA_VERSION}`;
    throw new JournalError('schema_version', message);
  }
  const epoch = firstCell(db, "SELECT value FROM meta WHERE name = 'epoch'");
  if (typeof epoch !== 'string' || !EPOCH.test(epoch)) {
    throw new JournalError('corrupt', `${file} has no epoch`);
  }
  // Holes further in are found by reading: counting a million rows here would cost every start.
  const first = firstCell(db, 'SELECT min(seq) FROM entries');
  if (first !== null && first !== 1) {
    throw new JournalError('corrupt', `${file} begins at entry ${String(first)}: entry 1 is missing`);
  }
  return epoch;
}

/** The seq of the last entry in the file; 0 when there is none. */
export function readHead(db: Database.Database): number {
  const head = firstCell(db, 'SELECT max(seq) FROM entries');
  return typeof head === 'number' ? head : 0;
}

function firstCell(db: Database.Database, sql: string): unknown {
  const row: unknown = db.prepare(sql).raw(true).get([]);
  return Array.isArray(row) ? row[0] : undefined;
}
