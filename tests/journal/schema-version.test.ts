import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import type { EventLog, LogRecord } from '../../server/journal/log.ts';
import { openLogReader } from '../../server/journal/log-reader.ts';
import { openSqliteLog } from '../../server/journal/sqlite-log.ts';
import {
  agentCreated,
  agentGraduated,
  kingChanged,
  staked,
  trades,
  walletCredited,
} from '../support/entries.ts';
import { openUntilFinished, temporaryDirectory } from './temporary.ts';

/** Entries of every type that version 2 knew; a credit can only have been an operator's. */
const before: readonly LogRecord[] = [
  { entry: walletCredited(1), order: null },
  { entry: agentCreated(2), order: null },
  ...trades(3, 60),
  { entry: agentGraduated(61), order: null },
];

/** The versions that are read, and left behind by the first that writes. */
const OLDER = [{ from: 2 }, { from: 3 }];

function sqlite<T>(directory: string, run: (db: Database.Database) => T): T {
  const db = new Database(join(directory, 'market.db'));
  try {
    return run(db);
  } finally {
    db.close();
  }
}

const version = (directory: string): unknown =>
  sqlite(directory, (db) => db.prepare('PRAGMA user_version').raw(true).get([]));

/** All that is stored but the version. */
const tables = (directory: string): unknown[] =>
  sqlite(directory, (db) =>
    ['meta', 'blocks', 'block_agents', 'block_types', 'sqlite_master'].map((table) =>
      db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).raw(true).all([]),
    ),
  );

/** A closed log of another version; what older ones stored is what version 4 stores of the same. */
async function closedLog(userVersion: number): Promise<{ directory: string; epoch: string }> {
  const directory = temporaryDirectory();
  const log = await openSqliteLog({ directory });
  await log.append(before);
  await log.close();
  sqlite(directory, (db) => db.exec(`PRAGMA user_version = ${userVersion}`));
  return { directory, epoch: log.epoch };
}

const everything = async (log: Pick<EventLog, 'read'>): Promise<readonly LogRecord[]> =>
  (await log.read({ after: 0, limit: 100 })).records;

describe('the schema version of a log', () => {
  it('is 4 when the log is new', async () => {
    const { directory } = await closedLog(4);
    await (await openSqliteLog({ directory })).close();
    expect(version(directory)).toEqual([4]);
    const empty = temporaryDirectory();
    await (await openSqliteLog({ directory: empty })).close();
    expect(version(empty)).toEqual([4]);
  });

  it.each(OLDER)(
    'goes from $from to 4 when the log is opened for writing, and nothing else changes',
    async ({ from }) => {
      const { directory, epoch } = await closedLog(from);
      const stored = tables(directory);
      const log = await openSqliteLog({ directory });
      expect([log.epoch, log.head]).toEqual([epoch, before.length]);
      // At once, not with the first entry: a program of before may come any time.
      expect(version(directory)).toEqual([4]);
      expect(await everything(log)).toEqual(before);
      await log.close();
      expect(version(directory)).toEqual([4]);
      expect(tables(directory)).toEqual(stored);
    },
  );

  it.each(OLDER)('lets what is new into a log that was of version $from', async ({ from }) => {
    const { directory, epoch } = await closedLog(from);
    const log = await openSqliteLog({ directory });
    const added = [kingChanged(62), staked(63), walletCredited(64, { source: 'faucet' })].map((entry) => ({
      entry,
      order: null,
    }));
    await log.append(added);
    await log.close();
    const again = await openUntilFinished({ directory });
    expect(again.epoch).toBe(epoch);
    expect(await everything(again)).toEqual([...before, ...added]);
  });

  it.each([...OLDER, { from: 4 }])('stays $from when the log is only read', async ({ from }) => {
    const { directory, epoch } = await closedLog(from);
    const reader = openLogReader(directory);
    expect([reader.epoch, reader.head]).toEqual([epoch, before.length]);
    expect(reader.read({ after: 0, limit: 100 }).records).toEqual(before);
    reader.close();
    expect(version(directory)).toEqual([from]);
  });

  it.each([{ other: 1 }, { other: 5 }])('is refused when it is $other, and stays', async ({ other }) => {
    const { directory } = await closedLog(other);
    const stored = tables(directory);
    const says = `has schema version ${other}; this program reads versions 2, 3 and 4`;
    const opening = openSqliteLog({ directory });
    await expect(opening).rejects.toMatchObject({ name: 'JournalError', code: 'schema_version' });
    await expect(opening).rejects.toThrow(says);
    expect(() => openLogReader(directory)).toThrow(says);
    expect(version(directory)).toEqual([other]);
    expect(tables(directory)).toEqual(stored);
  });

  it.each(OLDER)('stays $from when the log is found damaged', async ({ from }) => {
    const { directory } = await closedLog(from);
    sqlite(directory, (db) => db.exec("UPDATE meta SET value = 'mine'"));
    await expect(openSqliteLog({ directory })).rejects.toMatchObject({ code: 'corrupt' });
    expect(version(directory)).toEqual([from]);
  });
});
