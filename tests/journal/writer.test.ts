import type Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { encodeBlocks } from '../../server/journal/blocks.ts';
import { openForWriting } from '../../server/journal/database.ts';
import { holdLock } from '../../server/journal/lock.ts';
import type { AppendRequest } from '../../server/journal/messages.ts';
import { LogWriter } from '../../server/journal/writer.ts';
import { trades } from '../support/entries.ts';
import { temporaryDirectory } from './temporary.ts';

const append = (id: number, first: number, last: number): AppendRequest => ({
  kind: 'append',
  id,
  first,
  last,
  blocks: encodeBlocks(trades(first, last)),
});

/** The database, whose next commits fail with these codes instead. */
function failingCommits(db: Database.Database, codes: string[]): Database.Database {
  return new Proxy(db, {
    get(target, name) {
      if (name === 'exec') {
        return (sql: string) => {
          const code = sql === 'COMMIT' ? codes.shift() : undefined;
          if (code !== undefined) throw Object.assign(new Error('the disk says no'), { code });
          return target.exec(sql);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('LogWriter', () => {
  it('takes a group back whole when one of its blocks is refused', () => {
    const { db, file } = openForWriting(temporaryDirectory());
    const writer = new LogWriter(db, file);
    const blocks = [...append(1, 1, 2).blocks, ...append(1, 2, 3).blocks, ...append(1, 1, 1).blocks];
    const [reply] = writer.commit([{ kind: 'append', id: 1, first: 1, last: 3, blocks }]);
    expect(reply).toMatchObject({ failure: { code: 'write_failed', outcome: 'not_written' }, head: 0 });
    expect(writer.commit([append(2, 1, 3)])).toEqual([{ kind: 'appended', id: 2, head: 3 }]);
  });

  it('does not know what became of a commit that could not be synced', () => {
    const { db, file } = openForWriting(temporaryDirectory());
    const writer = new LogWriter(failingCommits(db, ['SQLITE_IOERR_FSYNC']), file);
    const unknown = { kind: 'failed', failure: { code: 'write_failed', outcome: 'unknown' }, head: 0 };
    const refused = { kind: 'failed', failure: { code: 'out_of_sequence', outcome: 'not_written' }, head: 0 };
    const replies = writer.commit([append(1, 1, 3), append(2, 4, 5), append(3, 9, 9)]);
    expect(replies).toMatchObject([unknown, unknown, refused]);
    expect(writer.commit([append(4, 1, 3)])).toMatchObject([{ kind: 'appended', head: 3 }]);
  });

  it('tries the groups of a commit that did not fit one by one', () => {
    const { db, file } = openForWriting(temporaryDirectory());
    const writer = new LogWriter(failingCommits(db, ['SQLITE_FULL']), file);
    const replies = writer.commit([append(1, 1, 3), append(2, 4, 5)]);
    expect(replies).toMatchObject([
      { kind: 'appended', id: 1, head: 3 },
      { kind: 'appended', id: 2, head: 5 },
    ]);
  });
});

describe('holdLock', () => {
  it('lets nobody in until it is let go of', () => {
    const directory = temporaryDirectory();
    const release = holdLock(directory);
    expect(() => holdLock(directory)).toThrow(directory);
    release();
    holdLock(directory)();
  });
});
