import { join } from 'node:path';
import { z } from 'zod';
import { atLeast, printGoals } from './goals.ts';
import type { BenchOptions } from './options.ts';
import type { Child } from './process/child.ts';
import { prepareRuns, type Run } from './process/processes.ts';
import { median, round } from './stats.ts';
import { inTemporaryDirectory } from './temporary.ts';

const CONNECTIONS = 10;
const IN_FLIGHT = 50;

const KINDS = ['ours-buy', 'stock-noop', 'stock-buy'] as const;
type Kind = (typeof KINDS)[number];

interface Sizes {
  readonly rounds: number;
  /** Of each server, before the first round. */
  readonly firstWarmUpMs: number;
  /** Of each turn. */
  readonly warmUpMs: number;
  readonly measuredMs: number;
}

const FULL: Sizes = { rounds: 9, firstWarmUpMs: 4_000, warmUpMs: 250, measuredMs: 1_500 };
const QUICK: Sizes = { rounds: 3, firstWarmUpMs: 1_500, warmUpMs: 250, measuredMs: 500 };

const tradedSchema = z.object({ ackedPerSecond: z.number(), acked: z.number() });

/**
 * Buys over WebSocket through the app's router, each answered when it is on disk (SQLite, synchronous FULL): our handler
 * and the stock one, beside a mutation behind the stock handler that takes the same input and does nothing. The servers
 * take short turns, so that all see the machine in the same moods; ratios are those of a round.
 */
export async function mutations({ quick }: BenchOptions): Promise<object> {
  const sizes = quick ? QUICK : FULL;
  const inRun = await prepareRuns(['mutations-server', 'mutations-load']);
  const rates = await inTemporaryDirectory((directory) => inRun((run) => measure(run, sizes, directory)));
  const of = (kind: Kind): number => round(median(rates.map((rate) => rate[kind])));
  const ofNoop = (kind: Kind): number =>
    round(median(rates.map((rate) => rate[kind] / rate['stock-noop'])), 3);
  const ackedPerSecond = of('ours-buy');
  const ratio = ofNoop('ours-buy');
  const goals = [
    atLeast('durable buys acked a second', ackedPerSecond, 15_000),
    atLeast('durable buys / stock no-op mutations', ratio, 0.5),
  ];
  console.table(
    KINDS.map((kind) => ({
      mutation: kind,
      'acked a second': of(kind),
      'of the stock no-op': ofNoop(kind),
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
    ratio,
    goals,
  };
}

type Rates = { readonly [K in Kind]: number };

/** Acks a second, round by round. */
async function measure(
  run: Run,
  { rounds, firstWarmUpMs, warmUpMs, measuredMs }: Sizes,
  directory: string,
): Promise<Rates[]> {
  const pairs = {
    'ours-buy': await open(run, 'ours-buy', directory),
    'stock-noop': await open(run, 'stock-noop', directory),
    'stock-buy': await open(run, 'stock-buy', directory),
  };
  for (const kind of KINDS) await pairs[kind].trade(firstWarmUpMs, 0);
  const rates: Rates[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    rates.push({
      'ours-buy': await pairs['ours-buy'].trade(warmUpMs, measuredMs),
      'stock-noop': await pairs['stock-noop'].trade(warmUpMs, measuredMs),
      'stock-buy': await pairs['stock-buy'].trade(warmUpMs, measuredMs),
    });
  }
  return rates;
}

/** A server and its traders. */
interface Pair {
  /** @returns acks a second. Every one was a result of its own buy, and the log has as many trades more. */
  trade(warmUpMs: number, measuredMs: number): Promise<number>;
}

async function open(run: Run, kind: Kind, directory: string): Promise<Pair> {
  const server = run.start('mutations-server', { args: [kind] });
  const load = run.start('mutations-load');
  const port = await server.call('open', { directory: join(directory, kind) }, z.number());
  const before = await tradesOf(server);
  await load.call('connect', { port, connections: CONNECTIONS }, z.null());
  return {
    async trade(warmUpMs, measuredMs) {
      const traded = await load.call('trade', { inFlight: IN_FLIGHT, warmUpMs, measuredMs }, tradedSchema);
      const logged = (await tradesOf(server)) - before;
      if (kind !== 'stock-noop' && logged !== traded.acked) {
        throw new Error(`${traded.acked} buys were answered, ${logged} logged`);
      }
      return traded.ackedPerSecond;
    },
  };
}

const tradesOf = (server: Child): Promise<number> => server.call('trades', {}, z.number());
