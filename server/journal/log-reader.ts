import { resolve } from 'node:path';
import { RecordDecoder } from './codec.ts';
import { openForReading, readHead } from './database.ts';
import { journalFault } from './faults.ts';
import type { EventLog, ForwardPage, ForwardRead } from './log.ts';
import { forwardPage } from './pages.ts';
import { forwardRange, LineReader } from './queries.ts';

/** A second, read-only door to a log, for another thread of the process that has it open. */
export interface LogReader extends Pick<EventLog, 'epoch'> {
  /** The seq of the last durable entry, read anew each time. */
  readonly head: number;
  /** As {@link EventLog.read}, but at once. @throws JournalError `corrupt`. */
  read(query: ForwardRead): ForwardPage;
  close(): void;
}

/**
 * Opens a reader. It needs no lock and holds up no writer: it sees what has been committed, never a part of a group.
 * @throws JournalError `corrupt` or `schema_version`; a log that does not exist is `corrupt`.
 */
export function openLogReader(directory: string): LogReader {
  const { db, file, epoch } = openForReading(resolve(directory));
  const reader = new LineReader(db, file);
  const source = { decoder: new RecordDecoder(), file };
  const guarded = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw journalFault(error, file, 'corrupt');
    }
  };
  return {
    epoch,
    get head() {
      return guarded(() => readHead(db));
    },
    read: (read) =>
      guarded(() => {
        const query = forwardRange(read);
        return forwardPage(source, query, reader.lines(query, readHead(db)));
      }),
    close: () => db.close(),
  };
}
