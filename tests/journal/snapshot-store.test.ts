import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SnapshotStore } from '../../server/journal/log.ts';
import { FileSnapshotStore, MemorySnapshotStore } from '../../server/journal/snapshot-store.ts';
import { temporaryDirectory } from './temporary.ts';

const EPOCH = '0123456789abcdef';
const OTHER_EPOCH = 'fedcba9876543210';

const snapshot = (seq: number) => ({ seq, bytes: Buffer.from(`the state after ${seq}`) });

function store(directory = temporaryDirectory(), epoch = EPOCH) {
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  return { directory, warnings, snapshots: new FileSnapshotStore(directory, { epoch, warn }) };
}

async function seqOf(
  snapshots: SnapshotStore,
  atMost = Number.MAX_SAFE_INTEGER,
): Promise<number | undefined> {
  const loaded = await snapshots.load(atMost);
  if (loaded === undefined) return undefined;
  expect(Buffer.from(loaded.bytes).toString()).toBe(`the state after ${loaded.seq}`);
  return loaded.seq;
}

describe.each<{ name: string; open: () => SnapshotStore }>([
  { name: 'MemorySnapshotStore', open: () => new MemorySnapshotStore() },
  { name: 'FileSnapshotStore', open: () => store().snapshots },
])('the contract of SnapshotStore: $name', ({ open }) => {
  it('gives the newest that is not too new, of the newest two', async () => {
    const snapshots = open();
    expect(await snapshots.load(100)).toBeUndefined();
    for (const seq of [5, 90, 1000]) await snapshots.save(snapshot(seq));
    expect(await seqOf(snapshots)).toBe(1000);
    expect(await seqOf(snapshots, 1000)).toBe(1000);
    expect(await seqOf(snapshots, 999)).toBe(90);
    expect(await seqOf(snapshots, 89)).toBeUndefined();
  });

  it('runs saves in the order of the calls', async () => {
    const snapshots = open();
    await Promise.all([1, 2, 3].map((seq) => snapshots.save(snapshot(seq))));
    expect([await seqOf(snapshots), await seqOf(snapshots, 2), await seqOf(snapshots, 1)]).toEqual([
      3,
      2,
      undefined,
    ]);
  });

  it('drops what is of a future the log has lost', async () => {
    const snapshots = open();
    await snapshots.save(snapshot(500));
    await snapshots.save(snapshot(30));
    expect(await seqOf(snapshots)).toBe(30);
  });

  it('keeps an empty snapshot', async () => {
    const snapshots = open();
    await snapshots.save({ seq: 1, bytes: new Uint8Array(0) });
    expect((await snapshots.load(1))?.bytes).toHaveLength(0);
  });
});

describe('FileSnapshotStore', () => {
  it('keeps two files and no unfinished one', async () => {
    const { directory, snapshots } = store();
    writeFileSync(join(directory, 'snapshot-4.bin.tmp'), 'half of it');
    for (const seq of [5, 90, 1000]) await snapshots.save(snapshot(seq));
    expect(readdirSync(directory).sort()).toEqual(['snapshot-1000.bin', 'snapshot-90.bin']);
    expect(await seqOf(store(directory).snapshots)).toBe(1000);
  });

  it('passes over a file cut at any length', async () => {
    const { directory, snapshots, warnings } = store();
    await snapshots.save(snapshot(5));
    await snapshots.save(snapshot(90));
    const newest = join(directory, 'snapshot-90.bin');
    for (let length = readFileSync(newest).length - 1; length >= 0; length -= 1) {
      truncateSync(newest, length);
      expect(await seqOf(snapshots)).toBe(5);
      expect(warnings.splice(0)).toEqual([expect.stringContaining(newest)]);
    }
  });

  it('passes over a file with any one bit flipped, or a byte too many', async () => {
    const { directory, snapshots, warnings } = store();
    await snapshots.save(snapshot(5));
    await snapshots.save(snapshot(90));
    const newest = join(directory, 'snapshot-90.bin');
    const intact = readFileSync(newest);
    for (let index = 0; index < intact.length; index += 1) {
      const flipped = Buffer.from(intact);
      flipped[index] = (intact[index] ?? 0) ^ (1 << (index % 8));
      writeFileSync(newest, flipped);
      expect(await seqOf(snapshots)).toBe(5);
      expect(warnings.splice(0)).toEqual([expect.stringContaining(newest)]);
    }
    writeFileSync(newest, Buffer.concat([intact, Buffer.of(0)]));
    expect(await seqOf(snapshots)).toBe(5);
    writeFileSync(newest, intact);
    expect(await seqOf(snapshots)).toBe(90);
  });

  it('passes over a file under the name of another entry', async () => {
    const { directory, snapshots, warnings } = store();
    await snapshots.save(snapshot(5));
    writeFileSync(join(directory, 'snapshot-80.bin'), readFileSync(join(directory, 'snapshot-5.bin')));
    expect(await seqOf(snapshots)).toBe(5);
    expect(warnings).toEqual([expect.stringContaining('entry 5')]);
  });

  it('passes over the files of another log, and leaves them', async () => {
    const { directory, snapshots, warnings } = store();
    const other = store(directory, OTHER_EPOCH);
    await other.snapshots.save(snapshot(700));
    expect(await snapshots.load(1000)).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining(OTHER_EPOCH)]);
    for (const seq of [5, 90, 200]) await snapshots.save(snapshot(seq));
    expect([await seqOf(snapshots), await seqOf(snapshots, 199)]).toEqual([200, 90]);
    expect(await seqOf(other.snapshots)).toBe(700);
  });

  it('refuses an epoch that is none', async () => {
    await expect(store(undefined, 'mine').snapshots.save(snapshot(1))).rejects.toThrow(RangeError);
  });
});
