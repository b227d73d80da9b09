import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { LiveStream } from '../../server/realtime/live-stream.ts';
import type { MessageOf } from '../../shared/channels.ts';
import { agentId } from '../../shared/ids.ts';
import { CANDLE_INTERVALS } from '../../shared/inputs.ts';
import { reduceCandles } from '../../shared/views/candles.ts';
import {
  type AgentDetailView,
  type PricesView,
  reduceAgentDetail,
  reduceGraduations,
  reduceNewAgents,
  reducePrices,
  reduceTrades,
} from '../../shared/views/channel-views.ts';
import { type HoldersView, reduceHolders } from '../../shared/views/holders.ts';
import { reducePortfolio } from '../../shared/views/portfolio.ts';
import { commandFrom, GENES_PER_COMMAND } from '../support/random-commands.ts';
import { TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

const SEED = 20_260_102;
const COMMANDS = 400;
const one = agentId('1');

const genes = fc.uint32Array({
  minLength: COMMANDS * GENES_PER_COMMAND,
  maxLength: COMMANDS * GENES_PER_COMMAND,
});
/** Where, of all the commands, the snapshot is taken and how many are sent at a time. */
const cut = fc.integer({ min: 10, max: COMMANDS - 10 });
const groups = fc.integer({ min: 1, max: 40 });

let markets: TestMarket[] = [];
afterEach(async () => {
  for (const market of markets) await market.app.close();
  markets = [];
});

/** A market with some agents and funded wallets, so that random commands soon meet each other. */
async function prepared(): Promise<TestMarket> {
  const market = await new TestMarket().open({ ringCapacity: 16 });
  markets.push(market);
  for (const name of ['ann', 'bob', 'cyd', 'dee', 'eve', 'fay']) await market.fund(name, '200');
  await market.createAgent('ONE');
  await market.createAgent('TWO');
  return market;
}

interface Part {
  readonly from: number;
  readonly to: number;
  /** Commands sent at a time. */
  readonly size: number;
}

async function send(market: TestMarket, numbers: Uint32Array, { from, to, size }: Part): Promise<void> {
  const { executor } = market.app.services;
  for (let start = from; start < to; start += size) {
    market.clock.advance(700);
    const indexes = Array.from({ length: Math.min(size, to - start) }, (_, index) => start + index);
    await Promise.all(
      indexes.map((index) => executor.submit(commandFrom(numbers, index, market.app.market))),
    );
  }
}

interface Channel<M, V> {
  readonly open: (market: TestMarket) => LiveStream<M>;
  readonly empty: V;
  readonly reduce: (view: V, message: M) => V;
}

/** Reads everything that is there and folds it. */
async function fold<M, V>({ reduce }: Channel<M, V>, stream: LiveStream<M>, start: V): Promise<V> {
  let view = start;
  for (;;) {
    const items = await stream.cursor.take(7);
    if (items.length === 0) return view;
    for (const { data } of items) view = reduce(view, data);
  }
}

const feedsOf = (market: TestMarket) => market.app.services.feeds;

describe('snapshot(n) and the messages up to m give snapshot(m)', () => {
  function holdsFor<M, V>(name: string, channel: Channel<M, V>): void {
    it(name, { timeout: 60_000 }, async () => {
      let changed = 0;
      await fc.assert(
        fc.asyncProperty(genes, cut, groups, async (numbers, at, size) => {
          const market = await prepared();
          await send(market, numbers, { from: 0, to: at, size });
          const stream = channel.open(market);
          let view = await fold(channel, stream, channel.empty);
          const start = view;
          // Some of it read as it comes, the rest at the end: from the ring where it reaches, else from the log.
          const middle = Math.floor((at + COMMANDS) / 2);
          await send(market, numbers, { from: at, to: middle, size });
          view = await fold(channel, stream, view);
          await send(market, numbers, { from: middle, to: COMMANDS, size });
          view = await fold(channel, stream, view);
          const fresh = await fold(channel, channel.open(market), channel.empty);
          expect(view).toEqual(fresh);
          if (view !== start) changed += 1;
        }),
        { numRuns: 12, seed: SEED },
      );
      // A channel on which nothing happened would show nothing.
      expect(changed).toBeGreaterThan(3);
    });
  }

  holdsFor('trades', { open: (market) => feedsOf(market).trades({}), empty: [], reduce: reduceTrades });
  holdsFor('graduations', {
    open: (market) => feedsOf(market).graduations({}),
    empty: [],
    reduce: reduceGraduations,
  });
  holdsFor('agents', { open: (market) => feedsOf(market).agents({}), empty: [], reduce: reduceNewAgents });
  const noPrices: PricesView = new Map();
  holdsFor('prices', { open: (market) => feedsOf(market).prices({}), empty: noPrices, reduce: reducePrices });
  holdsFor('prices of some agents', {
    open: (market) => feedsOf(market).prices({ agentIds: [one, agentId('4')] }),
    empty: noPrices,
    reduce: reducePrices,
  });
  holdsFor<MessageOf<'agent'>, AgentDetailView | null>('agent:1', {
    open: (market) => feedsOf(market).agent(one, {}),
    empty: null,
    reduce: reduceAgentDetail,
  });

  it('candles, holders and portfolios', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(genes, cut, groups, async (numbers, at, size) => {
        const market = await prepared();
        await send(market, numbers, { from: 0, to: at, size });
        const ann = wallet('ann');
        const { views } = market.app;
        const after = views.seq;
        const known = views.wallets.get(ann);
        if (known === undefined) throw new Error('no wallet');
        const start = structuredClone({
          candles: views.candles.get(one),
          holders: views.holders.get(one),
          portfolio: { wallet: ann, ...known },
        });
        await send(market, numbers, { from: at, to: COMMANDS, size });
        const { records } = await market.log.read({ after, limit: 10_000 });
        const entries = records.map(({ entry }) => entry);
        const trades = entries.flatMap((entry) => (entry.type === 'trade_executed' ? [entry] : []));
        const ofOne = trades.filter((trade) => trade.agentId === one);

        for (const interval of CANDLE_INTERVALS) {
          const series = start.candles?.[interval];
          if (series === undefined) throw new Error('no candles');
          expect(ofOne.reduce(reduceCandles, series)).toEqual(views.candles.get(one)?.[interval]);
        }
        const holders: HoldersView = start.holders ?? new Map();
        expect(ofOne.reduce(reduceHolders, holders)).toEqual(views.holders.get(one));
        const mine = entries.flatMap((entry) =>
          (entry.type === 'trade_executed' && entry.trader === ann) ||
          (entry.type === 'wallet_credited' && entry.wallet === ann)
            ? [entry]
            : [],
        );
        expect(mine.reduce(reducePortfolio, start.portfolio)).toEqual({
          wallet: ann,
          ...views.wallets.get(ann),
        });
      }),
      { numRuns: 12, seed: SEED },
    );
  });
});
