import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, openApp } from '../server/app.ts';
import { MemorySnapshotStore } from '../server/journal/snapshot-store.ts';
import { openSqliteLog } from '../server/journal/sqlite-log.ts';
import { median, percentile, round } from './stats.ts';
import { setUpCommands, tradeCommand } from './workload.ts';

const IN_FLIGHT = 1_000;
const COMMANDS = 300_000;
const RUNS = 5;
/** Commands whose time is kept: every one would be a load of its own. */
const SAMPLE_EVERY = 7;

interface Run {
  readonly commandsPerSecond: number;
  readonly eventsPerSecond: number;
  readonly latencies: readonly number[];
  readonly cpuUsPerEvent: number;
}

const quiet = { info: () => undefined, warn: console.error, error: console.error };

/** Commands through executor, SQLite with synchronous FULL, views, feeds and bus, as the server runs them. */
export async function engine(): Promise<object> {
  const runs: Run[] = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await inFreshLog(measure));
  const latencies = runs.flatMap((run) => run.latencies);
  const pick = (field: 'commandsPerSecond' | 'eventsPerSecond' | 'cpuUsPerEvent') =>
    median(runs.map((run) => run[field]));
  console.table(
    runs.map(({ latencies: times, ...run }) => ({
      'commands/s': round(run.commandsPerSecond),
      'events/s': round(run.eventsPerSecond),
      'process CPU µs/event': round(run.cpuUsPerEvent, 2),
      'ack p50 ms': round(percentile(times, 0.5), 2),
      'ack p99 ms': round(percentile(times, 0.99), 2),
    })),
  );
  return {
    bench: 'engine',
    eventsPerSecond: round(pick('eventsPerSecond')),
    commandsPerSecond: round(pick('commandsPerSecond')),
    ackP50Ms: round(percentile(latencies, 0.5), 2),
    ackP99Ms: round(percentile(latencies, 0.99), 2),
    rssMb: round(process.memoryUsage().rss / 2 ** 20),
  };
}

async function inFreshLog<T>(use: (app: App) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'agent-fun-bench-'));
  try {
    const log = await openSqliteLog({ directory });
    const app = await openApp({ log, snapshots: new MemorySnapshotStore(), logger: quiet });
    try {
      return await use(app);
    } finally {
      await app.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(app: App): Promise<Run> {
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
    latencies,
    cpuUsPerEvent: (used.user + used.system) / events,
  };
}
