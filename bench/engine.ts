import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { median, round } from './stats.ts';

const RUNS = 5;
const RUN = fileURLToPath(new URL('./engine-run.ts', import.meta.url));

/** What one run reports. */
const runSchema = z.object({
  commandsPerSecond: z.number(),
  eventsPerSecond: z.number(),
  cpuUsPerEvent: z.number(),
  ackP50Ms: z.number(),
  ackP99Ms: z.number(),
  rssMb: z.number(),
});
export type EngineRun = z.infer<typeof runSchema>;

/**
 * Commands through executor, SQLite with synchronous FULL, views, feeds and bus, as the server runs them. Each run has a
 * process of its own, so that none inherits the heap of the one before.
 */
export async function engine(): Promise<object> {
  const runs: EngineRun[] = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await runOnce());
  console.table(
    runs.map((run) => ({
      'commands/s': round(run.commandsPerSecond),
      'events/s': round(run.eventsPerSecond),
      'process CPU µs/event': round(run.cpuUsPerEvent, 2),
      'ack p50 ms': round(run.ackP50Ms, 2),
      'ack p99 ms': round(run.ackP99Ms, 2),
      'RSS MB': round(run.rssMb),
    })),
  );
  const pick = (field: keyof EngineRun): number => median(runs.map((run) => run[field]));
  return {
    bench: 'engine',
    eventsPerSecond: round(pick('eventsPerSecond')),
    commandsPerSecond: round(pick('commandsPerSecond')),
    ackP50Ms: round(pick('ackP50Ms'), 2),
    ackP99Ms: round(pick('ackP99Ms'), 2),
    rssMb: round(pick('rssMb')),
  };
}

function runOnce(): Promise<EngineRun> {
  return new Promise((resolve, reject) => {
    const child = fork(RUN);
    child.once('error', reject);
    child.once('message', (message) => resolve(runSchema.parse(message)));
    child.once('exit', (code) => reject(new Error(`the run ended with code ${code} and no result`)));
  });
}
