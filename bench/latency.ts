import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { atMost, printGoals } from './goals.ts';
import type { BenchOptions } from './options.ts';
import type { Child } from './process/child.ts';
import { prepareRuns, type Run } from './process/processes.ts';
import { median, round } from './stats.ts';
import { inTemporaryDirectory } from './temporary.ts';

interface Sizes {
  readonly subscribers: number;
  /** Of the subscribers, in every second run: those that never read. */
  readonly stuck: number;
  readonly tradesPerSecond: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Trades before the measurement: what fills the system's buffers for a socket that is not read, and then some. */
  readonly flood: number;
  readonly rounds: number;
}

const FULL: Sizes = {
  subscribers: 2_000,
  stuck: 50,
  tradesPerSecond: 100,
  warmUpSeconds: 3,
  seconds: 10,
  flood: 15_000,
  rounds: 3,
};
const QUICK: Sizes = {
  ...FULL,
  subscribers: 200,
  stuck: 10,
  warmUpSeconds: 1,
  seconds: 3,
  flood: 8_000,
  rounds: 1,
};

/** How long the last trades may take to arrive. */
const ARRIVAL_MS = 30_000;

const latenciesSchema = z.object({ p50Ms: z.number(), p99Ms: z.number(), maxMs: z.number() });
const arrivedSchema = z.object({ arrived: z.number(), faults: z.number() });
const acksSchema = z.array(z.tuple([z.number(), z.number()]));
const openedSchema = z.object({ port: z.number(), epoch: z.string() });
const usageSchema = z.object({ rss: z.number(), heap: z.number(), connections: z.number() });

interface Measured extends z.infer<typeof latenciesSchema> {
  readonly rss: number;
  readonly heap: number;
  readonly stuckLeft: number;
  /** What the server and the load generator keep busy: a load generator near 1 is what is slow. */
  readonly serverCores: number;
  readonly loadCores: number;
}

/**
 * Time from a buy's answer within the real server (SQLite, synchronous FULL) to its frame at each subscriber of onTrade,
 * who are in another process. Every second run has among the subscribers some that never read; a flood of trades
 * beforehand fills the system's buffers for them. What they pin is the server's RSS after that flood, beyond that of the
 * run without them.
 */
export async function latency({ quick }: BenchOptions): Promise<object> {
  const sizes = quick ? QUICK : FULL;
  const inRun = await prepareRuns(['app-server', 'latency-load']);
  const without: Measured[] = [];
  const withStuck: Measured[] = [];
  for (let turn = 0; turn < sizes.rounds; turn += 1) {
    for (const [stuck, runs] of [
      [0, without],
      [sizes.stuck, withStuck],
    ] as const) {
      runs.push(
        await inTemporaryDirectory((directory) =>
          inRun((run) => measure(run, { ...sizes, directory, stuck })),
        ),
      );
    }
  }
  const of = (runs: readonly Measured[], field: keyof Measured): number =>
    median(runs.map((run) => run[field]));
  const p99Ms = of(without, 'p99Ms');
  const p99WithStuckMs = of(withStuck, 'p99Ms');
  const pinned = (field: 'rss' | 'heap'): number => (of(withStuck, field) - of(without, field)) / sizes.stuck;
  const stuckBytesEach = pinned('rss');
  const goals = [
    atMost('p99, ms', p99Ms, 30),
    atMost('p99 with readers that never read / without', p99WithStuckMs / p99Ms, 1.1),
    atMost('bytes that one of them pins', stuckBytesEach, 2 ** 20),
  ];
  console.table(
    [...without, ...withStuck].map((run) => ({
      'never read': run.stuckLeft,
      'p50 ms': round(run.p50Ms, 2),
      'p99 ms': round(run.p99Ms, 2),
      'max ms': round(run.maxMs, 2),
      'server cores': round(run.serverCores, 2),
      'load cores': round(run.loadCores, 2),
      'RSS MB after the flood': round(run.rss / 2 ** 20, 1),
      'heap MB': round(run.heap / 2 ** 20, 1),
    })),
  );
  printGoals(goals);
  return {
    bench: 'latency',
    p50Ms: round(of(without, 'p50Ms'), 2),
    p99Ms: round(p99Ms, 2),
    maxMs: round(of(without, 'maxMs'), 2),
    subscribers: sizes.subscribers,
    tradesPerSecond: sizes.tradesPerSecond,
    serverCores: round(of(without, 'serverCores'), 2),
    loadCores: round(of(without, 'loadCores'), 2),
    stuckReaders: sizes.stuck,
    p50WithStuckMs: round(of(withStuck, 'p50Ms'), 2),
    p99WithStuckMs: round(p99WithStuckMs, 2),
    stuckBytesEach: round(stuckBytesEach),
    stuckHeapBytesEach: round(pinned('heap')),
    goals,
  };
}

type Given = Sizes & { readonly directory: string };

async function measure(run: Run, sizes: Given): Promise<Measured> {
  const server = run.start('app-server', { exposeGc: true });
  const load = run.start('latency-load');
  const target = await server.call('open', { directory: sizes.directory }, openedSchema);
  await load.call('stick', { ...target, count: sizes.stuck }, z.null());
  await server.call('flood', { buys: sizes.flood }, z.null());
  const { rss, heap } = await server.call('usage', {}, usageSchema);
  const readers = sizes.subscribers - sizes.stuck;
  await load.call('connect', { ...target, count: readers }, z.null());

  await trade(server, sizes.tradesPerSecond, sizes.warmUpSeconds);
  await sleep(500);
  const trades = Math.ceil(sizes.seconds * sizes.tradesPerSecond * 1.5);
  const head = await server.call('head', {}, z.number());
  await load.call('record', { firstSeq: head + 1, trades }, z.null());
  const trading = trade(server, sizes.tradesPerSecond, sizes.seconds);
  const [acks, serverCores, loadCores] = await Promise.all([
    trading,
    server.coresDuring(trading),
    load.coresDuring(trading),
  ]);
  await arrived(load, acks.length * readers);
  const latencies = await load.call('latencies', { acks }, latenciesSchema);
  const { connections } = await server.call('usage', {}, usageSchema);
  return { ...latencies, rss, heap, serverCores, loadCores, stuckLeft: connections - readers };
}

async function trade(server: Child, perSecond: number, seconds: number): Promise<z.infer<typeof acksSchema>> {
  await server.call('trade', { perSecond }, z.null());
  await sleep(seconds * 1000);
  return server.call('rest', {}, acksSchema);
}

/** Waits until so many trades have come, over all subscribers. @throws when that takes too long or one got something else */
async function arrived(load: Child, expected: number): Promise<void> {
  const latest = performance.now() + ARRIVAL_MS;
  for (;;) {
    const seen = await load.call('arrived', {}, arrivedSchema);
    if (seen.arrived === expected && seen.faults === 0) return;
    if (seen.faults > 0 || performance.now() > latest) {
      throw new Error(`${expected} trades were to arrive: ${JSON.stringify(seen)}`);
    }
    await sleep(100);
  }
}
