import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openApp } from '../server/app.ts';
import { FileSnapshotStore, MemorySnapshotStore } from '../server/journal/snapshot-store.ts';
import { openSqliteLog } from '../server/journal/sqlite-log.ts';
import { stateDigest } from '../server/market/digest.ts';
import { Snapshotter } from '../server/snapshotter.ts';
import { decodeWorld } from '../server/world.ts';
import { clientOrderId } from '../shared/ids.ts';
import { sol } from '../shared/units.ts';
import { wallet } from './support/wallets.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agent-fun-snapshot-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('a worker saves a snapshot of a log that grows, while the log stays open', async () => {
  const warn = vi.fn();
  const log = await openSqliteLog({ directory });
  const snapshotter = new Snapshotter({
    directory,
    logger: { warn },
    last: 0,
    entriesBetween: 5,
    whaleSol: sol('3'),
  });
  const app = await openApp({
    log,
    snapshots: new MemorySnapshotStore(),
    logger: { info: warn, warn, error: warn },
    onCommitted: snapshotter.committed,
    whaleSol: sol('3'),
  });
  try {
    const operator = app.caller({ wallet: wallet('operator'), operator: true });
    const credit = (order: number) =>
      operator.credit({ clientOrderId: clientOrderId(`c${order}`), wallet: wallet('ann'), sol: sol('1') });
    const store = new FileSnapshotStore(directory, { epoch: log.epoch, warn });
    for (let order = 1; order <= 4; order += 1) await credit(order);
    expect(await store.load(log.head)).toBeUndefined();
    await credit(5);
    const stored = await vi.waitUntil(() => store.load(log.head), { timeout: 20_000 });
    expect(stored.seq).toBe(5);
    const world = decodeWorld(stored.bytes, log.epoch);
    expect(stateDigest(world.market)).toBe(stateDigest(app.market));
    expect(world.views).toEqual(app.views);
    expect(world.views.whaleSol).toBe(sol('3'));
    expect(warn).not.toHaveBeenCalled();
  } finally {
    await snapshotter.stop();
    await app.close();
  }
});
