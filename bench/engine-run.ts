import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, openApp } from '../server/app.ts';
import { MemorySnapshotStore } from '../server/journal/snapshot-store.ts';
import { openSqliteLog } from '../server/journal/sqlite-log.ts';
import type { EngineRun } from './engine.ts';
import { percentile } from './stats.ts';
import { setUpCommands, tradeCommand } from './workload.ts';

/** One run of the engine bench: a process that measures, reports to its parent and ends. */
const IN_FLIGHT = 1_000;
const COMMANDS = 300_000;
const SEASON_MS = 86_400_000;
/** Commands whose time is kept: every one would be a load of its own. */
const SAMPLE_EVERY = 7;

const quiet = { info: () => undefined, warn: console.error, error: console.error };

async function inFreshLog<T>(use: (app: App) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'agent-fun-bench-'));
  try {
    const log = await openSqliteLog({ directory });
    const app = await openApp({ log, snapshots: new MemorySnapshotStore(), logger: quiet });
    try {
      // Every trade counts for the standings, as it does in a market that runs.
      await app.runSeasons(SEASON_MS);
      return await use(app);
    } finally {
      await app.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(app: App): Promise<EngineRun> {
  const { executor } = app.services;
  await Promise.all(setUpCommands().map((command) => executor.submit(command)));
  const firstSeq = app.views.seq;
  const latencies: number[] = [];
  // Made beforehand: parsing ids is the caller's work.
  const commands = Array.from({ length: COMMANDS }, (_, index) => tradeCommand(index));
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next; index < COMMANDS; index = next) {
      next += 1;
      const command = commands[index] ?? tradeCommand(index);
      const sampled = index % SAMPLE_EVERY === 0;
      const sent = sampled ? performance.now() : 0;
      const outcome = await executor.submit(command);
      if (outcome.kind !== 'accepted') throw new Error(`refused: ${outcome.rejection.reason}`);
      if (sampled) latencies.push(performance.now() - sent);
    }
  };
  const cpu = process.cpuUsage();
  const started = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  const events = app.views.seq - firstSeq;
  return {
    commandsPerSecond: COMMANDS / seconds,
    eventsPerSecond: events / seconds,
    cpuUsPerEvent: (used.user + used.system) / events,
    ackP50Ms: percentile(latencies, 0.5),
    ackP99Ms: percentile(latencies, 0.99),
    rssMb: process.memoryUsage().rss / 2 ** 20,
  };
}

process.send?.(await inFreshLog(measure));
