import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { checksum } from '../../server/journal/blocks.ts';
import { openLogReader } from '../../server/journal/log-reader.ts';
import { openSqliteLog } from '../../server/journal/sqlite-log.ts';
import { agentId } from '../../shared/ids.ts';
import { trades } from '../support/entries.ts';
import { openUntilFinished, temporaryDirectory } from './temporary.ts';

/** A closed log of so many trades, in blocks of three unless told otherwise. */
async function closedLog(entries: number, perBlock = 3): Promise<{ directory: string; file: string }> {
  const directory = temporaryDirectory();
  const log = await openSqliteLog({ directory });
  for (let first = 1; first <= entries; first += perBlock) {
    await log.append(trades(first, Math.min(first + perBlock - 1, entries)));
  }
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
      const { directory, file } = await closedLog(2000, 500);
      truncateSync(file, Math.floor(statSync(file).size * part));
      await expect(openSqliteLog({ directory })).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringContaining(file),
      });
    },
  );

  it.each([
    {
      name: 'of a later schema version',
      sql: 'PRAGMA user_version = 5',
      code: 'schema_version',
      says: 'has schema version 5; this program reads versions 2, 3 and 4',
    },
    {
      name: 'with a row per entry, as version 1 had it',
      sql: 'PRAGMA user_version = 1',
      code: 'schema_version',
      says: 'has schema version 1; this program reads versions 2, 3 and 4',
    },
    { name: 'of another program', sql: 'PRAGMA user_version = 0', code: 'schema_version', says: 'version 0' },
    { name: 'without an epoch', sql: 'DELETE FROM meta', code: 'corrupt', says: 'epoch' },
    { name: 'with a foreign epoch', sql: "UPDATE meta SET value = 'mine'", code: 'corrupt', says: 'epoch' },
    {
      name: 'without its first entry',
      sql: 'DELETE FROM blocks WHERE first = 1',
      code: 'corrupt',
      says: 'entry 1',
    },
    { name: 'without its tables', sql: 'DROP TABLE blocks', code: 'corrupt', says: 'blocks' },
  ])('refuses a log $name', async ({ sql, code, says }) => {
    const { directory, file } = await closedLog(10);
    change(file, sql);
    const opening = openSqliteLog({ directory });
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringContaining(file) });
    await expect(opening).rejects.toThrow(says);
    expect(() => openLogReader(directory)).toThrow(says);
  });
});

describe('opening an empty file', () => {
  const emptied = (beside: readonly string[]): { directory: string; file: string } => {
    const directory = temporaryDirectory();
    for (const name of ['market.db', ...beside]) writeFileSync(join(directory, name), '');
    return { directory, file: join(directory, 'market.db') };
  };

  it('begins the log when nothing was ever durable in it', async () => {
    const { directory } = emptied([]);
    expect(() => openLogReader(directory)).toThrow('no tables');
    const log = await openUntilFinished({ directory });
    await log.append(trades(1, 3));
    expect((await log.read({ after: 0, limit: 9 })).records).toEqual(trades(1, 3));
  });

  it.each([{ beside: 'market.db-wal' }, { beside: 'snapshot-12.bin' }])(
    'refuses it beside $beside, and leaves it alone',
    async ({ beside }) => {
      const { directory, file } = emptied([beside]);
      await expect(openSqliteLog({ directory })).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringContaining(`${file} is empty`),
      });
      expect(() => openLogReader(directory)).toThrow('is empty');
      expect([statSync(file).size, statSync(join(directory, beside)).size]).toEqual([0, 0]);
    },
  );
});

describe('reading a damaged log', () => {
  // Blocks 1–3, 4–6, 7–9 and 10–12.
  it.each([
    { name: 'has other contents', set: "data = replace(data, '1000000001', '2000000001')" },
    { name: 'has another order', set: "data = replace(data, 'order-8', 'order-6')" },
    { name: 'has lost a line', set: 'data = substr(data, 1, instr(data, char(10)) - 1)' },
    { name: 'ends elsewhere', set: 'last = last + 1' },
    { name: 'has another checksum', set: 'checksum = checksum + 1' },
    { name: 'is not of UTF-8', set: "data = CAST(x'5bff5d' AS TEXT)" },
    {
      name: 'has the contents of another',
      set: '(data, checksum) = (SELECT data, checksum FROM blocks WHERE first = 4)',
    },
  ])('stops where a block $name', async ({ set }) => {
    const { directory, file } = await closedLog(12);
    change(file, `UPDATE blocks SET ${set} WHERE first = 7`);
    const log = await openUntilFinished({ directory });
    const damage = {
      code: 'corrupt',
      message: expect.stringMatching(/market\.db: the block of entries 7 to (9|10) is damaged/),
    };
    const selector = { agentId: agentId('1') };
    await expect(log.read({ after: 0, limit: 100 })).rejects.toMatchObject(damage);
    await expect(log.read({ after: 7, through: 8, limit: 100 })).rejects.toMatchObject(damage);
    await expect(log.read({ after: 0, limit: 100, selector })).rejects.toMatchObject(damage);
    await expect(log.readBackward({ before: 99, limit: 100 })).rejects.toMatchObject(damage);
    expect(() => openLogReader(directory).read({ after: 0, limit: 100 })).toThrow('block of entries 7');
    expect((await log.read({ after: 9, limit: 100 })).records).toEqual(trades(10, 12));
    expect((await log.read({ after: 0, limit: 6 })).records).toEqual(trades(1, 6));
  });

  it('notices any one bit that has flipped in a block', async () => {
    const { directory, file } = await closedLog(3);
    const bytes = readFileSync(file);
    const start = bytes.indexOf('[1,17');
    const end = bytes.indexOf(']', bytes.indexOf('[3,17')) + 1;
    expect(start).toBeGreaterThan(0);
    for (let at = start; at < end; at += 7) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 8)), at);
      writeFileSync(file, changed);
      const reader = openLogReader(directory);
      expect(() => reader.read({ after: 0, limit: 9 }), `byte ${at}`).toThrow('entries 1 to 3 is damaged');
      reader.close();
    }
  });

  it('stops where a block is missing', async () => {
    const { directory, file } = await closedLog(12);
    change(file, 'DELETE FROM blocks WHERE first = 7');
    const log = await openUntilFinished({ directory });
    const missing = { code: 'corrupt', message: expect.stringMatching(/market\.db: entry [789] is missing/) };
    await expect(log.read({ after: 0, limit: 100 })).rejects.toMatchObject(missing);
    await expect(log.read({ after: 6, through: 7, limit: 100 })).rejects.toMatchObject(missing);
    await expect(log.read({ after: 7, through: 8, limit: 100 })).rejects.toMatchObject(missing);
    await expect(log.readBackward({ before: 99, limit: 100 })).rejects.toMatchObject(missing);
    await expect(log.readBackward({ before: 9, limit: 1 })).rejects.toMatchObject(missing);
    expect((await log.read({ after: 9, limit: 100 })).records).toEqual(trades(10, 12));
    expect((await log.read({ after: 0, limit: 6 })).records).toEqual(trades(1, 6));
  });

  it('stops where the last entries of a range are missing', async () => {
    const { directory, file } = await closedLog(12);
    const log = await openUntilFinished({ directory });
    change(file, 'DELETE FROM blocks WHERE first > 9');
    await expect(log.read({ after: 7, limit: 100 })).rejects.toThrow('entry 10 is missing');
    await expect(log.readBackward({ before: 99, limit: 5 })).rejects.toThrow('entry 12 is missing');
    await expect(log.read({ after: 7, limit: 2 })).resolves.toMatchObject({ through: 9 });
  });

  it('takes an epoch that is not of UTF-8 for none', async () => {
    const { directory, file } = await closedLog(3);
    change(file, "UPDATE meta SET value = CAST(x'ff313233343536373839303132333435' AS TEXT)");
    await expect(openSqliteLog({ directory })).rejects.toThrow(`${file} has no epoch`);
  });

  it('says which line is not an entry though its block is what was stored', async () => {
    const { directory, file } = await closedLog(3);
    const data = '[1,17,"tea_served",null]';
    change(file, `UPDATE blocks SET last = 1, data = '${data}', checksum = ${checksum(1, 1, data)}`);
    const log = await openUntilFinished({ directory });
    const reading = log.read({ after: 0, limit: 100 });
    await expect(reading).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining(file) });
    await expect(reading).rejects.toThrow('[1,17,"tea_served",null] is not an entry');
  });

  it('is not disturbed by damage elsewhere', async () => {
    const { directory, file } = await closedLog(12, 1);
    change(file, "UPDATE blocks SET data = '[]' WHERE first = 7");
    const log = await openUntilFinished({ directory });
    const selector = { agentId: agentId('1') };
    const { records } = await log.read({ after: 0, limit: 100, selector });
    expect(records).toEqual(trades(1, 12).filter(({ entry }) => 'agentId' in entry && entry.agentId === '1'));
  });
});
