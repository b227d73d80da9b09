import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { atLeast, printGoals } from './goals.ts';
import type { BenchOptions } from './options.ts';
import { prepareRuns, type Run } from './process/processes.ts';
import { median, round } from './stats.ts';
import { inTemporaryDirectory } from './temporary.ts';

const CONNECTIONS = 10;
const IN_FLIGHT = 50;
const ROUNDS = 3;
const WARM_UP_MS = 2_000;
const MEASURED_MS = 5_000;

const KINDS = ['ours-buy', 'stock-noop', 'stock-buy'] as const;
type Kind = (typeof KINDS)[number];

const ackedSchema = z.object({ acked: z.number(), atMs: z.number() });

/**
 * Buys over WebSocket through the app's router, each answered when it is on disk (SQLite, synchronous FULL): our handler
 * and the stock one, beside a mutation behind the stock handler that takes the same input and does nothing.
 */
export async function mutations({ quick }: BenchOptions): Promise<object> {
  const inRun = await prepareRuns(['mutations-server', 'mutations-load']);
  const rates = new Map<Kind, number[]>(KINDS.map((kind) => [kind, []]));
  for (let turn = 0; turn < (quick ? 1 : ROUNDS); turn += 1) {
    for (const kind of KINDS) {
      const rate = await inTemporaryDirectory((directory) =>
        inRun((run) => measure(run, { kind, directory, quick })),
      );
      rates.get(kind)?.push(rate);
    }
  }
  const of = (kind: Kind): number => round(median(rates.get(kind) ?? []));
  const ackedPerSecond = of('ours-buy');
  const ratio = ackedPerSecond / of('stock-noop');
  const goals = [
    atLeast('durable buys acked a second', ackedPerSecond, 15_000),
    atLeast('durable buys / stock no-op mutations', ratio, 0.5),
  ];
  console.table(
    KINDS.map((kind) => ({
      mutation: kind,
      'acked a second': of(kind),
      'of the stock no-op': round(of(kind) / of('stock-noop'), 3),
    })),
  );
  printGoals(goals);
  return {
    bench: 'mutations',
    connections: CONNECTIONS,
    inFlight: IN_FLIGHT,
    ackedPerSecond,
    stockNoopPerSecond: of('stock-noop'),
    stockBuysPerSecond: of('stock-buy'),
    ratio: round(ratio, 3),
    goals,
  };
}

interface Given {
  readonly kind: Kind;
  readonly directory: string;
  readonly quick: boolean;
}

/** Acks a second. Every one was a result of its own buy, and the log has as many entries more. */
async function measure(run: Run, { kind, directory, quick }: Given): Promise<number> {
  const server = run.start('mutations-server', { args: [kind] });
  const load = run.start('mutations-load');
  const port = await server.call('open', { directory }, z.number());
  const head = await server.call('head', {}, z.number());
  await load.call('start', { port, connections: CONNECTIONS, inFlight: IN_FLIGHT }, z.null());
  await sleep(quick ? 500 : WARM_UP_MS);
  const first = await load.call('acked', {}, ackedSchema);
  await sleep(quick ? 1_000 : MEASURED_MS);
  const second = await load.call('acked', {}, ackedSchema);
  const all = await load.call('stop', {}, z.number());
  const entries = (await server.call('head', {}, z.number())) - head;
  if (kind !== 'stock-noop' && entries !== all)
    throw new Error(`${all} buys were answered, ${entries} logged`);
  return (second.acked - first.acked) / ((second.atMs - first.atMs) / 1000);
}
