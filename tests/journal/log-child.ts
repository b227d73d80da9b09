import { openSqliteLog } from '../../server/journal/sqlite-log.ts';
import { trades } from '../support/entries.ts';

/** A process that opens the log of a directory, appends for as long as it lives, and prints what has been acknowledged. */
const directory = process.argv[2];
if (directory === undefined) throw new Error('usage: log-child <directory>');
const log = await openSqliteLog({ directory });
process.stdout.write(`${log.epoch}\n`);
for (;;) {
  await log.append(trades(log.head + 1, log.head + 20));
  process.stdout.write(`${log.head}\n`);
}
