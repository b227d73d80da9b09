import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TRPCError } from '@trpc/server';
import { expect, it } from 'vitest';
import { openApp } from '../../server/app.ts';
import { MemorySnapshotStore } from '../../server/journal/snapshot-store.ts';
import { openSqliteLog } from '../../server/journal/sqlite-log.ts';
import { restoreWorld } from '../../server/world.ts';
import { clientOrderId } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { wallet } from '../support/wallets.ts';

it('a full disk refuses work in words, keeps what was acknowledged, and goes on answering queries', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'agent-fun-full-'));
  const faults: string[] = [];
  const note = (_details: object, message: string) => void faults.push(message);
  const log = await openSqliteLog({ directory, maxPages: 40 });
  const app = await openApp({
    log,
    snapshots: new MemorySnapshotStore(),
    logger: { info: note, warn: note, error: note },
  });
  try {
    const operator = app.caller({ wallet: wallet('operator'), operator: true });
    const credit = (order: number) =>
      operator.credit({ clientOrderId: clientOrderId(`c${order}`), wallet: wallet('ann'), sol: sol('1') });
    let acknowledged = 0;
    const error: unknown = await (async () => {
      for (;;) {
        await credit(acknowledged + 1);
        acknowledged += 1;
      }
    })().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TRPCError);
    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: 'the log could not be written' });
    expect(acknowledged).toBeGreaterThan(10);
    expect(faults).toContain('the market lost its state and folds the log anew');
    expect(await app.caller().portfolio({ wallet: wallet('ann') })).toMatchObject({
      sol: sol(`${acknowledged}`),
      seq: acknowledged,
    });
    expect(log.head).toBe(acknowledged);
    const { world } = await restoreWorld(log, new MemorySnapshotStore(), { warn: () => undefined });
    expect(world.market.seq).toBe(acknowledged);
    // Still refused, still alive.
    await expect(credit(acknowledged + 1)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  } finally {
    await app.close();
    await rm(directory, { recursive: true, force: true });
  }
});
