import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { openLogReader } from '../../server/journal/log-reader.ts';
import { openSqliteLog } from '../../server/journal/sqlite-log.ts';
import { agentId } from '../../shared/ids.ts';
import { trades } from '../support/entries.ts';
import { openUntilFinished, temporaryDirectory } from './temporary.ts';

/** A closed log of so many trades. */
async function closedLog(entries: number): Promise<{ directory: string; file: string }> {
  const directory = temporaryDirectory();
  const log = await openSqliteLog({ directory });
  await log.append(trades(1, entries));
  await log.close();
  return { directory, file: join(directory, 'market.db') };
}

/** Changes the file behind the log's back. */
function change(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

describe('opening a damaged log', () => {
  it.each([
    { name: 'not a database', content: 'a page of somebody else\n'.repeat(400), code: 'corrupt' },
    { name: 'shorter than a header', content: 'SQLite', code: 'corrupt' },
    { name: 'empty', content: '', code: 'corrupt' },
  ])('refuses a file that is $name, and leaves it alone', async ({ content, code }) => {
    const directory = temporaryDirectory();
    const file = join(directory, 'market.db');
    writeFileSync(file, content);
    await expect(openSqliteLog({ directory })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(file),
    });
    expect(() => openLogReader(directory)).toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it.each([{ part: 0.9 }, { part: 0.5 }, { part: 0.1 }])(
    'refuses a file cut to $part of it',
    async ({ part }) => {
      const { directory, file } = await closedLog(2000);
      truncateSync(file, Math.floor(statSync(file).size * part));
      await expect(openSqliteLog({ directory })).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringContaining(file),
      });
    },
  );

  it.each([
    {
      name: 'of another schema version',
      sql: 'PRAGMA user_version = 99',
      code: 'schema_version',
      says: '99',
    },
    { name: 'of another program', sql: 'PRAGMA user_version = 0', code: 'schema_version', says: 'version 0' },
    { name: 'without an epoch', sql: 'DELETE FROM meta', code: 'corrupt', says: 'epoch' },
    { name: 'with a foreign epoch', sql: "UPDATE meta SET value = 'mine'", code: 'corrupt', says: 'epoch' },
    {
      name: 'without its first entry',
      sql: 'DELETE FROM entries WHERE seq = 1',
      code: 'corrupt',
      says: 'entry 1',
    },
    { name: 'without its tables', sql: 'DROP TABLE entries', code: 'corrupt', says: 'entries' },
  ])('refuses a log $name', async ({ sql, code, says }) => {
    const { directory, file } = await closedLog(10);
    change(file, sql);
    const opening = openSqliteLog({ directory });
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringContaining(file) });
    await expect(opening).rejects.toThrow(says);
    expect(() => openLogReader(directory)).toThrow(says);
  });
});

describe('reading a damaged log', () => {
  it.each([
    { name: 'is missing', sql: 'DELETE FROM entries WHERE seq = 7' },
    {
      name: 'has other contents',
      sql: "UPDATE entries SET data = replace(data, '1000000001', '2000000001') WHERE seq = 7",
    },
    { name: 'has another time', sql: 'UPDATE entries SET at = at + 1 WHERE seq = 7' },
    { name: 'has another type', sql: "UPDATE entries SET type = 'agent_graduated' WHERE seq = 7" },
    { name: 'has a type nobody knows', sql: "UPDATE entries SET type = 'tea_served' WHERE seq = 7" },
    {
      name: 'has another order',
      sql: "UPDATE entries SET placed_order = replace(placed_order, 'order-7', 'order-8') WHERE seq = 7",
    },
    { name: 'has lost its order', sql: 'UPDATE entries SET placed_order = NULL WHERE seq = 7' },
    { name: 'is of another agent', sql: "UPDATE entries SET agent_id = '3' WHERE seq = 7" },
    {
      name: 'has the contents of another',
      sql: 'UPDATE entries SET (data, checksum) = (SELECT data, checksum FROM entries WHERE seq = 4) WHERE seq = 7',
    },
  ])('stops where an entry $name', async ({ sql }) => {
    const { directory, file } = await closedLog(12);
    change(file, sql);
    const log = await openUntilFinished({ directory });
    const damage = {
      code: 'corrupt',
      message: expect.stringMatching(/market\.db: entry 7 is (missing|damaged)/),
    };
    await expect(log.read({ after: 0, limit: 100 })).rejects.toMatchObject(damage);
    await expect(log.read({ after: 6, through: 7, limit: 100 })).rejects.toMatchObject(damage);
    await expect(log.readBackward({ before: 99, limit: 100 })).rejects.toMatchObject(damage);
    expect(() => openLogReader(directory).read({ after: 0, limit: 100 })).toThrow('entry 7 is');
    expect((await log.read({ after: 7, limit: 100 })).records).toEqual(trades(8, 12));
    expect((await log.read({ after: 0, limit: 6 })).records).toEqual(trades(1, 6));
  });

  it('stops where the last entries of a range are missing', async () => {
    const { directory, file } = await closedLog(12);
    const log = await openUntilFinished({ directory });
    change(file, 'DELETE FROM entries WHERE seq > 10');
    await expect(log.read({ after: 8, limit: 100 })).rejects.toThrow('entry 11 is missing');
    await expect(log.readBackward({ before: 99, limit: 5 })).rejects.toThrow('entry 12 is missing');
    await expect(log.read({ after: 8, limit: 2 })).resolves.toMatchObject({ through: 10 });
  });

  it('is not disturbed by damage elsewhere', async () => {
    const { directory, file } = await closedLog(12);
    change(file, "UPDATE entries SET data = '[]' WHERE seq = 7");
    const log = await openUntilFinished({ directory });
    const selector = { agentId: agentId('1') };
    const { records } = await log.read({ after: 0, limit: 100, selector });
    expect(records).toEqual(trades(1, 12).filter(({ entry }) => 'agentId' in entry && entry.agentId === '1'));
  });
});
