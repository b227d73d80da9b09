import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogRecord, SnapshotStore } from '../server/journal/log.ts';
import { FileSnapshotStore, MemorySnapshotStore } from '../server/journal/snapshot-store.ts';
import { openSqliteLog } from '../server/journal/sqlite-log.ts';
import { carryOut, recordsOf } from '../server/market/carry-out.ts';
import { initialState } from '../server/market/state.ts';
import { emptyWorld, encodeWorld, foldWorld, restoreWorld } from '../server/world.ts';
import { median, round } from './stats.ts';
import { marketCommands } from './workload.ts';

const EVENTS = 1_000_000;
const RUNS = 3;

/** Time from opening the files to a world that can decide and answer, for a log of a million events. */
export async function coldstart(): Promise<object> {
  const directory = await mkdtemp(join(tmpdir(), 'agent-fun-bench-'));
  const warn = (message: string): void => {
    throw new Error(message);
  };
  try {
    const epoch = await fill(directory, warn);
    const withSnapshot: number[] = [];
    const without: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      withSnapshot.push(await timeToWorld(directory, new FileSnapshotStore(directory, { epoch, warn })));
      without.push(await timeToWorld(directory, new MemorySnapshotStore()));
    }
    console.table([
      { start: 'from a snapshot', 'median ms': round(median(withSnapshot)) },
      { start: 'from the log alone', 'median ms': round(median(without)) },
    ]);
    return {
      bench: 'coldstart',
      events: EVENTS,
      withSnapshotMs: round(median(withSnapshot)),
      withoutSnapshotMs: round(median(without)),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function timeToWorld(directory: string, snapshots: SnapshotStore): Promise<number> {
  const started = performance.now();
  const log = await openSqliteLog({ directory });
  const { world } = await restoreWorld(log, snapshots, { warn: (message) => console.error(message) });
  const ms = performance.now() - started;
  if (world.market.seq !== EVENTS) throw new Error(`restored ${world.market.seq} of ${EVENTS} entries`);
  await log.close();
  return ms;
}

/** Writes the log, and a snapshot as the server would have: some way behind the head. */
async function fill(directory: string, warn: (message: string) => void): Promise<string> {
  const log = await openSqliteLog({ directory });
  const state = initialState(log.epoch);
  const world = emptyWorld(log.epoch);
  const snapshotAt = EVENTS - 50_000;
  const commands = marketCommands();
  let group: LogRecord[] = [];
  let saved = false;
  while (state.seq < EVENTS) {
    const result = carryOut(state, commands.next().value, Date.now());
    if (result.kind !== 'accepted') throw new Error(`refused: ${result.kind}`);
    group.push(...recordsOf(result.entries, result.order));
    if (group.length < 1_000 && state.seq < EVENTS) continue;
    await log.append(group);
    if (!saved) for (const record of group) foldWorld(world, record);
    group = [];
    if (saved || world.market.seq < snapshotAt) continue;
    saved = true;
    const store = new FileSnapshotStore(directory, { epoch: log.epoch, warn });
    await store.save({ seq: world.market.seq, bytes: encodeWorld(world) });
  }
  await log.close();
  return log.epoch;
}
