import { join } from 'node:path';
import Database from 'libsql';
import { journalFault, sqliteCode } from './faults.ts';
import { JournalError } from './log.ts';

/** The file whose lock stands for the log being open. */
const LOCK_FILE = 'market.lock';

/**
 * Takes the directory for this process. The lock is a transaction that is never committed on a file of its own: the
 * operating system drops it with the process, however it ends, and readers of the log are not held up by it.
 * @returns lets go of it.
 * @throws JournalError `locked` when it is taken, also by this process.
 */
export function holdLock(directory: string): () => void {
  const file = join(directory, LOCK_FILE);
  try {
    const db = new Database(file);
    try {
      db.exec('PRAGMA busy_timeout = 0');
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      throw error;
    }
    return () => {
      // Not left to close(): that ends a connection only when the last of its statements has been collected.
      db.exec('ROLLBACK');
      db.close();
    };
  } catch (error) {
    if (!sqliteCode(error).startsWith('SQLITE_BUSY')) throw journalFault(error, file, 'write_failed');
    const message = `the log in ${directory} is already open; one process may have it`;
    throw new JournalError('locked', message, 'not_written', { cause: error });
  }
}
