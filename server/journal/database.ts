import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { journalFault } from './faults.ts';
import { JournalError } from './log.ts';

export const LOG_FILE = 'market.db';
/**
 * Changes with the tables and with what the codec writes into them. Version 3 only adds event types to version 2, and
 * version 4 the credits of the faucet to version 3, so both are read as they are; a program that knows an older version
 * alone must not take for damage what is new.
 */
const SCHEMA_VERSION = 4;
const OLDER_VERSIONS: readonly unknown[] = [2, 3];
/** Finds nothing rather than damage: libsql ends the process on a text that is not UTF-8. */
const READ_EPOCH = `
  SELECT value FROM meta WHERE name = 'epoch' AND length(value) = 16 AND value NOT GLOB '*[^0-9a-f]*'`;

/**
 * A block is many entries in one row, one line of `data` each. The other tables tell in which blocks an agent, or a type
 * other than the common one, has entries.
 */
const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE blocks (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    data TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE block_agents (
    agent_id TEXT NOT NULL, first INTEGER NOT NULL, PRIMARY KEY (agent_id, first)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE block_types (
    type TEXT NOT NULL, first INTEGER NOT NULL, PRIMARY KEY (type, first)
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** An open log file that has been found sound. */
export interface LogDatabase {
  readonly db: Database.Database;
  readonly file: string;
  readonly epoch: string;
}

/**
 * Opens the log for writing and makes it when there is none; one of an older version is of this one from then on. The
 * caller holds the directory's lock.
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
    const { version, epoch } = check(db, file);
    if (version !== SCHEMA_VERSION) {
      inTransaction(db, () => db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`));
    }
    return epoch;
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
    return check(db, file).epoch;
  });
}

/** @param prepare gives the epoch of what it has found sound. */
function open(directory: string, prepare: (db: Database.Database, file: string) => string): LogDatabase {
  const file = join(directory, LOG_FILE);
  try {
    if (existsSync(file) && statSync(file).size === 0 && !isUnborn(directory)) {
      throw new JournalError('corrupt', `${file} is empty, but what is beside it is not of a new log`);
    }
    const db = new Database(file);
    try {
      db.exec('PRAGMA busy_timeout = 5000');
      return { db, file, epoch: prepare(db, file) };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw journalFault(error, file, 'write_failed');
  }
}

/**
 * Whether an empty file is what a crash left when the log was about to be made: SQLite writes to the file before it makes
 * the WAL, and snapshots come later still. An empty file beside either has lost what was in it.
 */
function isUnborn(directory: string): boolean {
  const later = (name: string): boolean => name === `${LOG_FILE}-wal` || name.startsWith('snapshot-');
  return !readdirSync(directory).some(later);
}

/** Whether nothing was ever made in the file: it is new, or making the log did not get to its commit. */
function isBlank(db: Database.Database): boolean {
  return (
    firstCell(db, 'PRAGMA user_version') === 0 && firstCell(db, 'SELECT count(*) FROM sqlite_master') === 0
  );
}

function create(db: Database.Database): void {
  inTransaction(db, () => {
    db.exec(SCHEMA);
    db.prepare("INSERT INTO meta (name, value) VALUES ('epoch', ?)").run([randomBytes(8).toString('hex')]);
  });
}

function inTransaction(db: Database.Database, run: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    run();
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** @throws JournalError `corrupt` or `schema_version` when it is not a log that this program reads. */
function check(db: Database.Database, file: string): { version: unknown; epoch: string } {
  const version = firstCell(db, 'PRAGMA user_version');
  if (version !== SCHEMA_VERSION && !OLDER_VERSIONS.includes(version)) {
    const message = `${file} has schema version ${String(version)}; this program reads versions ${OLDER_VERSIONS.join(', ')} and ${SCHEMA_VERSION}`;
    throw new JournalError('schema_version', message);
  }
  const epoch = firstCell(db, READ_EPOCH);
  if (typeof epoch !== 'string') {
    throw new JournalError('corrupt', `${file} has no epoch`);
  }
  // Holes further in are found by reading: reading a million entries here would cost every start.
  const first = firstCell(db, 'SELECT min(first) FROM blocks');
  if (first !== null && first !== 1) {
    throw new JournalError('corrupt', `${file} begins at entry ${String(first)}: entry 1 is missing`);
  }
  return { version, epoch };
}

/** The seq of the last entry in the file; 0 when there is none. */
export function readHead(db: Database.Database): number {
  const head = firstCell(db, 'SELECT last FROM blocks ORDER BY first DESC LIMIT 1');
  return typeof head === 'number' ? head : 0;
}

function firstCell(db: Database.Database, sql: string): unknown {
  const row: unknown = db.prepare(sql).raw(true).get([]);
  return Array.isArray(row) ? row[0] : undefined;
}
