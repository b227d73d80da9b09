import { JournalError, type JournalErrorCode } from './log.ts';

/** The SQLite result code of an error ("SQLITE_FULL"), or an empty text when it is none. */
export function sqliteCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/**
 * Says in the log's terms what SQLite or the file system refused.
 * @param otherwise what it is when the error is neither damage nor another process.
 */
export function journalFault(error: unknown, file: string, otherwise: JournalErrorCode): JournalError {
  if (error instanceof JournalError) return error;
  const code = sqliteCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  // SQLITE_ERROR is a statement of ours that does not fit the tables.
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_ERROR' || code.startsWith('SQLITE_CORRUPT')) {
    return new JournalError('corrupt', `${file} is damaged or not a log: ${reason}`, 'not_written', options);
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new JournalError(
      'locked',
      `${file} is held by another process: ${reason}`,
      'not_written',
      options,
    );
  }
  const message = `${file}: ${reason}${code === '' ? '' : ` (${code})`}`;
  return new JournalError(otherwise, message, 'not_written', options);
}
