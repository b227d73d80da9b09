import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EventLog } from '../../server/journal/log.ts';
import { openSqliteLog, type SqliteLogOptions } from '../../server/journal/sqlite-log.ts';

/** A new directory, removed when the test is over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Opens a log that is closed when the test is over. */
export async function openUntilFinished(options: SqliteLogOptions): Promise<EventLog> {
  const log = await openSqliteLog(options);
  onTestFinished(() => log.close());
  return log;
}
