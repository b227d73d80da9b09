import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { atMost, printGoals } from './goals.ts';
import type { BenchOptions } from './options.ts';
import type { Child } from './process/child.ts';
import { prepareRuns, type Run } from './process/processes.ts';
import { median, round } from './stats.ts';

const CONNECTIONS = 4_000;
const QUICK_CONNECTIONS = 500;
/** Connected before those that are measured, and kept: the heap's young generation and pools have grown by then. */
const WARM_UP = 1_500;
const ROUNDS = 3;
const CONNECTED_MS = 10_000;

const SUBSCRIPTIONS = ['onTrade', 'onPrice', 'onGraduation'] as const;
const HANDLERS = ['ours', 'stock', 'ws'] as const;
type Handler = (typeof HANDLERS)[number];

const openedSchema = z.object({ port: z.number(), epoch: z.string() });
const usageSchema = z.object({ rss: z.number(), heap: z.number(), connections: z.number() });

interface Measured {
  readonly handler: Handler;
  readonly rssEach: number;
  readonly heapEach: number;
}

/**
 * RSS of the server per further idle connection with three subscriptions: ours and the stock handler on the app's router,
 * and `ws` alone, without any, as what is below both. Every run has a new process.
 */
export async function memory({ quick }: BenchOptions): Promise<object> {
  const inRun = await prepareRuns(['memory-server', 'memory-load']);
  const connections = quick ? QUICK_CONNECTIONS : CONNECTIONS;
  const runs: Measured[] = [];
  for (let turn = 0; turn < (quick ? 1 : ROUNDS); turn += 1) {
    for (const handler of HANDLERS) runs.push(await inRun((run) => measure(run, { handler, connections })));
  }
  const of = (handler: Handler, field: 'rssEach' | 'heapEach'): number =>
    round(median(runs.filter((run) => run.handler === handler).map((run) => run[field])));
  const ours = of('ours', 'rssEach');
  const goals = [atMost('bytes per connection with 3 subscriptions', ours, 14_000)];
  console.table(
    HANDLERS.map((handler) => ({
      handler,
      subscriptions: handler === 'ws' ? 0 : SUBSCRIPTIONS.length,
      'RSS bytes each': of(handler, 'rssEach'),
      'live heap bytes each': of(handler, 'heapEach'),
      'RSS / ours': round(of(handler, 'rssEach') / ours, 2),
    })),
  );
  printGoals(goals);
  return {
    bench: 'memory',
    connections,
    subscriptionsPerConnection: SUBSCRIPTIONS.length,
    oursBytesPerConnection: ours,
    stockBytesPerConnection: of('stock', 'rssEach'),
    wsBytesPerConnection: of('ws', 'rssEach'),
    oursHeapBytesPerConnection: of('ours', 'heapEach'),
    stockHeapBytesPerConnection: of('stock', 'heapEach'),
    wsHeapBytesPerConnection: of('ws', 'heapEach'),
    goals,
  };
}

async function measure(
  run: Run,
  { handler, connections }: { readonly handler: Handler; readonly connections: number },
): Promise<Measured> {
  const server = run.start('memory-server', { args: [handler], exposeGc: true });
  const load = run.start('memory-load');
  const target = {
    ...(await server.call('open', {}, openedSchema)),
    paths: handler === 'ws' ? [] : SUBSCRIPTIONS,
  };
  await load.call('connect', { ...target, count: WARM_UP }, z.null());
  const before = await usageWith(server, WARM_UP);
  await load.call('connect', { ...target, count: connections }, z.null());
  const after = await usageWith(server, WARM_UP + connections);
  return {
    handler,
    rssEach: (after.rss - before.rss) / connections,
    heapEach: (after.heap - before.heap) / connections,
  };
}

/** What the server takes once it has so many connections. @throws when it does not come to that */
async function usageWith(server: Child, connections: number): Promise<z.infer<typeof usageSchema>> {
  const latest = performance.now() + CONNECTED_MS;
  for (;;) {
    const usage = await server.call('usage', {}, usageSchema);
    if (usage.connections === connections) return usage;
    if (performance.now() > latest) {
      throw new Error(`the server has ${usage.connections} connections instead of ${connections}`);
    }
    await sleep(100);
  }
}
