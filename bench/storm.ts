import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { atMost, printGoals } from './goals.ts';
import type { BenchOptions } from './options.ts';
import type { Child } from './process/child.ts';
import { prepareRuns, type Run } from './process/processes.ts';
import { median, round } from './stats.ts';
import { inTemporaryDirectory } from './temporary.ts';

interface Sizes {
  readonly rawClients: number;
  readonly realClients: number;
  /** How many of the real clients are first dropped alone, one after the other. */
  readonly lone: number;
  readonly tradesPerSecond: number;
  /** Connections that have held this long count as good ones, whose loss begins with the shortest backoff. */
  readonly lastingMs: number;
  readonly rounds: number;
}

const FULL: Sizes = {
  rawClients: 1_980,
  realClients: 20,
  lone: 10,
  tradesPerSecond: 100,
  lastingMs: 10_500,
  rounds: 3,
};
const QUICK: Sizes = { ...FULL, rawClients: 196, realClients: 4, lone: 2, lastingMs: 1_000, rounds: 1 };

/** How long the last trades may take to reach everybody. */
const ARRIVAL_MS = 30_000;

const openedSchema = z.object({ port: z.number(), epoch: z.string() });
const acksSchema = z.array(z.tuple([z.number(), z.number()]));
const dropSchema = z.object({ atMs: z.number(), head: z.number(), connections: z.number() });
const returnedSchema = z.object({ atMs: z.number(), inOneSecond: z.number(), inTenth: z.number() });
const tallySchema = z.object({ gaps: z.number(), duplicates: z.number(), through: z.number() });

interface Measured {
  readonly recoveredMs: number;
  readonly gaps: number;
  readonly duplicates: number;
  readonly inOneSecond: number;
  readonly inTenth: number;
  readonly loneMs: readonly number[];
}

/**
 * The real server cuts all its connections at once, as a network that fails, while trades go on. A client has recovered
 * when it is back and has every trade that anyone had when it came back; gaps and duplicates are counted by seq over
 * all clients and the whole run. Some of the clients are the project's own, the others light ones with its backoff.
 */
export async function storm({ quick }: BenchOptions): Promise<object> {
  const sizes = quick ? QUICK : FULL;
  const inRun = await prepareRuns(['app-server', 'storm-load']);
  const runs: Measured[] = [];
  for (let turn = 0; turn < sizes.rounds; turn += 1) {
    runs.push(
      await inTemporaryDirectory((directory) => inRun((run) => measure(run, { ...sizes, directory }))),
    );
  }
  const clients = sizes.rawClients + sizes.realClients;
  const of = (pick: (run: Measured) => number): number => median(runs.map(pick));
  const sum = (pick: (run: Measured) => number): number => runs.reduce((total, run) => total + pick(run), 0);
  const recoveredMs = of((run) => run.recoveredMs);
  const gaps = sum((run) => run.gaps);
  const duplicates = sum((run) => run.duplicates);
  const lone = runs.flatMap((run) => run.loneMs);
  const loneMaxMs = Math.max(...lone);
  const goals = [
    atMost(`all of ${clients} resumed, ms`, recoveredMs, 10_000),
    atMost('gaps, all runs', gaps, 0),
    atMost('duplicates, all runs', duplicates, 0),
    atMost('slowest client that was dropped alone, ms', loneMaxMs, 1_000),
  ];
  console.table(
    runs.map((run) => ({
      clients,
      'recovered ms': round(run.recoveredMs),
      gaps: run.gaps,
      duplicates: run.duplicates,
      'peak connects in 1 s': run.inOneSecond,
      'in 100 ms': run.inTenth,
      'lone ms, median': round(median(run.loneMs)),
      'lone ms, slowest': round(Math.max(...run.loneMs)),
    })),
  );
  printGoals(goals);
  return {
    bench: 'storm',
    clients,
    realClients: sizes.realClients,
    tradesPerSecond: sizes.tradesPerSecond,
    recoveredMs: round(recoveredMs),
    gaps,
    duplicates,
    /** Most attempts within one second, wherever it begins. */
    peakConnectsPerSecond: of((run) => run.inOneSecond),
    peakConnectsPer100Ms: of((run) => run.inTenth),
    loneMs: round(median(lone)),
    loneMaxMs: round(loneMaxMs),
    goals,
  };
}

async function measure(run: Run, sizes: Sizes & { readonly directory: string }): Promise<Measured> {
  const { rawClients, realClients, tradesPerSecond } = sizes;
  const server = run.start('app-server');
  const load = run.start('storm-load');
  const target = await server.call('open', { directory: sizes.directory }, openedSchema);
  await load.call('join', { ...target, rawClients, realClients }, z.null());
  await server.call('trade', { perSecond: tradesPerSecond }, z.null());

  await sleep(sizes.lastingMs);
  const loneMs: number[] = [];
  for (let index = 0; index < sizes.lone; index += 1) {
    loneMs.push(await load.call('lone', { index }, z.number()));
  }

  await sleep(sizes.lastingMs);
  await load.call('brace', {}, z.null());
  const dropped = await server.call('drop', {}, dropSchema);
  if (dropped.connections !== rawClients + realClients) {
    throw new Error(`${dropped.connections} connections were there to be dropped`);
  }
  const returned = await load.call('returned', {}, returnedSchema);
  await sleep(500);
  const acks = await server.call('rest', {}, acksSchema);
  const { gaps, duplicates } = await arrived(load, acks.at(-1)?.[0] ?? 0);
  return {
    recoveredMs: returned.atMs - dropped.atMs,
    gaps,
    duplicates,
    inOneSecond: returned.inOneSecond,
    inTenth: returned.inTenth,
    loneMs,
  };
}

/** Waits until every client has got everything up to `seq`. @throws when that takes too long */
async function arrived(load: Child, seq: number): Promise<z.infer<typeof tallySchema>> {
  const latest = performance.now() + ARRIVAL_MS;
  for (;;) {
    const tally = await load.call('tally', {}, tallySchema);
    if (tally.through >= seq) return tally;
    if (performance.now() > latest)
      throw new Error(`a client has trades up to ${tally.through} of ${seq} only`);
    await sleep(100);
  }
}
