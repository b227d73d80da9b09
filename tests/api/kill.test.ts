import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogRecord } from '../../server/journal/log.ts';
import { MemorySnapshotStore } from '../../server/journal/snapshot-store.ts';
import { openSqliteLog } from '../../server/journal/sqlite-log.ts';
import { ledgerSums } from '../../server/market/ledger.ts';
import { Random } from '../../server/sim/random.ts';
import { restoreWorld } from '../../server/world.ts';

const KILLS = 20;
const CHILD = fileURLToPath(new URL('./trading-child.ts', import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agent-fun-kill-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

interface Ack {
  readonly order: string;
  readonly seq: number;
}

/** Lets a process trade on the log and kills it right after its n-th acknowledgement. */
async function tradeUntilKilled(life: string, acknowledgements: number): Promise<Ack[]> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', CHILD, directory, life], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  if (child.stdout === null) throw new Error('no output to read');
  const acks: Ack[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const [order = '', seq = ''] = line.split(' ');
    acks.push({ order, seq: Number(seq) });
    if (acks.length === acknowledgements) child.kill('SIGKILL');
  }
  const [code, signal] = await exited;
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
  return acks;
}

async function readLog(): Promise<readonly LogRecord[]> {
  const log = await openSqliteLog({ directory });
  try {
    const { records } = await log.read({ after: 0, limit: 1_000_000 });
    expect(records).toHaveLength(log.head);
    const { world } = await restoreWorld(log, new MemorySnapshotStore(), {
      warn: (message) => {
        throw new Error(message);
      },
    });
    for (const sum of ledgerSums(world.market.ledger).values()) expect(sum).toBe(0n);
    return records;
  } finally {
    await log.close();
  }
}

it(`a process that is killed ${KILLS} times while it trades loses and doubles nothing it acknowledged`, {
  timeout: 180_000,
}, async () => {
  const random = new Random(2026);
  const acks: Ack[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    acks.push(...(await tradeUntilKilled(`life${kill}`, 20 + random.below(400))));
    const records = await readLog();
    expect(records.map(({ entry }) => entry.seq)).toEqual(records.map((_, index) => index + 1));
    const placed = new Map<string, number[]>();
    for (const { entry, order } of records) {
      if (order === null) continue;
      placed.set(order.clientOrderId, [...(placed.get(order.clientOrderId) ?? []), entry.seq]);
    }
    for (const { order, seq } of acks) expect(placed.get(order), order).toEqual([seq]);
  }
  expect(acks.length).toBeGreaterThan(KILLS * 20);
});
