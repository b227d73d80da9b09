import { describe, expect, it } from 'vitest';
import { CURVE_SUPPLY, INITIAL_CURVE, marketCap, spotPrice } from '../../shared/curve.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { type AgentId, agentId, type WalletAddress } from '../../shared/ids.ts';
import { CANDLE_INTERVALS } from '../../shared/inputs.ts';
import { lamports, price, type TokenUnits, tokens, tokenUnits } from '../../shared/units.ts';
import type { CandleSeries, PriceChanged } from '../../shared/view-schemas.ts';
import { createdAgent, reduceAgent } from '../../shared/views/agent.ts';
import {
  allCandles,
  CANDLES_LENGTH,
  emptyCandles,
  INTERVAL_MS,
  reduceCandles,
} from '../../shared/views/candles.ts';
import {
  type AgentDetailView,
  LATEST_LENGTH,
  type PricesView,
  reduceAgentDetail,
  reduceGraduations,
  reduceNewAgents,
  reducePrices,
  reduceTrades,
} from '../../shared/views/channel-views.ts';
import {
  applyToHolders,
  type HoldersView,
  largestHolders,
  reduceHolders,
} from '../../shared/views/holders.ts';
import { GRADUATIONS_LENGTH, NEW_AGENTS_LENGTH, pushNewest, TAPE_LENGTH } from '../../shared/views/newest.ts';
import { priceOf } from '../../shared/views/prices.ts';
import { AgentStory, alice, bob, carol, frozen, pool } from './fixtures.ts';

/** Folds with every view and every entry frozen, so a reducer that writes to its input throws. */
function fold<V, E>(reduce: (view: V, entry: E) => V, start: V, entries: readonly E[]): V {
  return entries.reduce((view, entry) => reduce(frozen(view), frozen(entry)), start);
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('candles', () => {
  const minute = 60_000;
  const noon = Date.UTC(2025, 8, 13, 12);
  const story = new AgentStory();
  const tradeAt = (at: number, trade: TradeExecuted): TradeExecuted => ({ ...trade, at });
  const up = tradeAt(noon + 1_000, story.buy(alice, tokens('1000000')));
  const top = tradeAt(noon + 2_000, story.buy(bob, tokens('2000000')));
  const down = tradeAt(noon + 59_999, story.sell(alice, tokens('1000000')));
  const later = tradeAt(noon + 3 * minute, story.sell(bob, tokens('2000000')));

  it('open at the first price of the curve', () => {
    expect(fold(reduceCandles, emptyCandles('1m'), [up])).toEqual({
      interval: '1m',
      closed: [],
      current: {
        start: noon,
        open: spotPrice(INITIAL_CURVE),
        high: up.price,
        low: spotPrice(INITIAL_CURVE),
        close: up.price,
        volume: up.sol,
        trades: 1,
      },
    });
  });

  it('gather the trades of an interval to its last millisecond', () => {
    expect(fold(reduceCandles, emptyCandles('1m'), [up, top, down])).toEqual({
      interval: '1m',
      closed: [],
      current: {
        start: noon,
        open: spotPrice(INITIAL_CURVE),
        high: top.price,
        low: spotPrice(INITIAL_CURVE),
        close: down.price,
        volume: up.sol + top.sol + down.sol,
        trades: 3,
      },
    });
  });

  it('roll over at the interval, open at the close before, and leave empty intervals out', () => {
    const before = fold(reduceCandles, emptyCandles('1m'), [up, top, down]);
    const after = fold(reduceCandles, before, [later]);
    expect(after.closed).toEqual([before.current]);
    expect(after.current).toEqual({
      start: noon + 3 * minute,
      open: down.price,
      high: down.price,
      low: later.price,
      close: later.price,
      volume: later.sol,
      trades: 1,
    });
    expect(allCandles(after)).toEqual([before.current, after.current]);
  });

  it('span the highest and the lowest price of their interval', () => {
    const prices: [number, bigint][] = [
      [noon, 100n],
      [noon + minute, 120n],
      [noon + minute + 1, 90n],
      [noon + minute + 2, 110n],
    ];
    const trades = prices.map(([at, value]) => ({ ...tradeAt(at, up), price: price(value) }));
    const series = fold(reduceCandles, emptyCandles('1m'), trades);
    expect(series.current).toMatchObject({ open: 100n, high: 120n, low: 90n, close: 110n });
  });

  it('stay in order when a clock steps back', () => {
    const series = fold(reduceCandles, emptyCandles('1m'), [later, up]);
    expect(series.closed).toEqual([]);
    expect(series.current).toMatchObject({ start: noon + 3 * minute, close: up.price, trades: 2 });
  });

  it.each(CANDLE_INTERVALS)('of %s start at multiples of their length', (interval) => {
    const series = fold(reduceCandles, emptyCandles(interval), [later]);
    const start = series.current?.start ?? Number.NaN;
    expect(start % INTERVAL_MS[interval]).toBe(0);
    expect(later.at - start).toBeGreaterThanOrEqual(0);
    expect(later.at - start).toBeLessThan(INTERVAL_MS[interval]);
  });

  it('keep the newest only', () => {
    const trades = numbers(CANDLES_LENGTH + 5).map((n) => tradeAt(noon + n * minute, up));
    const series: CandleSeries = fold(reduceCandles, emptyCandles('1m'), trades);
    const candles = allCandles(series);
    expect(candles).toHaveLength(CANDLES_LENGTH);
    expect(candles.map(({ start }) => start)).toEqual(trades.slice(-CANDLES_LENGTH).map(({ at }) => at));
  });
});

describe('holders', () => {
  const empty: HoldersView = new Map();

  it('hold what they bought less what they sold', () => {
    const story = new AgentStory();
    const trades = [
      story.buy(alice, tokens('10')),
      story.buy(bob, tokens('5')),
      story.buy(alice, tokens('3')),
      story.sell(alice, tokens('4')),
    ];
    expect([...fold(reduceHolders, empty, trades)]).toEqual([
      [alice, tokens('9')],
      [bob, tokens('5')],
    ]);
  });

  it('are out when they have sold everything', () => {
    const story = new AgentStory();
    const trades = [
      story.buy(alice, tokens('10')),
      story.buy(bob, tokens('5')),
      story.sell(alice, tokens('10')),
    ];
    expect([...fold(reduceHolders, empty, trades)]).toEqual([[bob, tokens('5')]]);
  });

  it('cannot sell what they do not hold', () => {
    const story = new AgentStory();
    story.buy(alice, tokens('10'));
    const sale = story.sell(bob, tokens('1'));
    expect(() => reduceHolders(empty, sale)).toThrow(RangeError);
  });

  it('are the same when folded in place', () => {
    const story = new AgentStory();
    const trades = [
      story.buy(alice, tokens('10')),
      story.buy(bob, tokens('5')),
      story.sell(bob, tokens('5')),
    ];
    const inPlace = new Map<WalletAddress, TokenUnits>();
    for (const trade of trades) applyToHolders(inPlace, trade);
    expect(inPlace).toEqual(fold(reduceHolders, empty, trades));
  });

  it('are listed largest first, equal ones by address, up to the limit', () => {
    const amounts = [
      { wallet: carol, tokens: tokens('5') },
      { wallet: alice, tokens: tokens('5') },
      { wallet: bob, tokens: tokens('7') },
    ];
    for (const order of [amounts, [...amounts].reverse()]) {
      const view = frozen(new Map(order.map((holder) => [holder.wallet, holder.tokens])));
      expect(largestHolders(view, 10)).toEqual([
        { wallet: bob, tokens: tokens('7') },
        { wallet: alice, tokens: tokens('5') },
        { wallet: carol, tokens: tokens('5') },
      ]);
      expect(largestHolders(view, 2).map(({ wallet }) => wallet)).toEqual([bob, alice]);
    }
  });
});

describe('an agent', () => {
  it('begins on a fresh curve', () => {
    const created = new AgentStory().created();
    const { seq, at, name, symbol, purpose, imageUrl, creator, mint } = created;
    expect(createdAgent(frozen(created))).toEqual({
      agentId: created.agentId,
      ...{ name, symbol, purpose, imageUrl, creator, mint, seq },
      createdAt: at,
      phase: { kind: 'bonding' },
      curve: INITIAL_CURVE,
      price: spotPrice(INITIAL_CURVE),
      marketCap: marketCap(spotPrice(INITIAL_CURVE)),
      progressBps: 0,
      volume: 0n,
      trades: 0,
      lastTradeAt: null,
      staked: 0n,
    });
  });

  it('follows its trades', () => {
    const story = new AgentStory();
    const start = createdAgent(story.created());
    const buy = story.buy(alice, tokens('396550000'));
    const sell = story.sell(alice, tokens('1000'));
    const view = fold(reduceAgent, start, [buy, sell]);
    expect(view).toEqual({
      ...start,
      seq: sell.seq,
      curve: story.curve,
      price: spotPrice(story.curve),
      marketCap: marketCap(spotPrice(story.curve)),
      progressBps: 4_999,
      volume: buy.sol + sell.sol,
      trades: 2,
      lastTradeAt: sell.at,
    });
  });

  it('keeps its last curve when it graduates', () => {
    const story = new AgentStory();
    const start = createdAgent(story.created());
    const buy = story.buy(alice, CURVE_SUPPLY);
    const end = story.graduated();
    const traded = fold(reduceAgent, start, [buy]);
    expect(fold(reduceAgent, traded, [end])).toEqual({
      ...traded,
      seq: end.seq,
      phase: { kind: 'graduated', poolId: pool, at: end.at },
    });
    expect(traded.progressBps).toBe(10_000);
  });
});

describe('what is at stake in an agent', () => {
  const story = new AgentStory();
  const start = createdAgent(story.created());
  const bought = story.buy(alice, tokens('10'));
  const put = story.staked(alice, tokens('4'));
  const more = story.staked(bob, tokens('3'));
  const taken = story.unstaked(alice, tokens('1'));
  const claimed = story.claimed(alice, lamports(5n));

  it.each([
    ['stakes add to it', [put, more], tokens('7')],
    ['what is unstaked is taken off', [put, more, taken], tokens('6')],
    ['a claim leaves it', [put, claimed], tokens('4')],
  ])('%s, and nothing else but the seq changes', (_, entries, staked) => {
    const traded = reduceAgent(start, bought);
    const seq = entries.at(-1)?.seq;
    expect(fold(reduceAgent, traded, entries)).toEqual({ ...traded, staked, seq });
  });

  it('stays through trades and the graduation', () => {
    const view = fold(reduceAgent, start, [bought, put, story.buy(bob, tokens('1')), story.graduated()]);
    expect(view.staked).toBe(tokens('4'));
  });

  it('moves the detail of the agent, not its tape', () => {
    const snapshot = { type: 'snapshot' as const, reason: 'start' as const, agent: start, trades: [] };
    const nothing: AgentDetailView | null = null;
    const before = fold(reduceAgentDetail, nothing, [snapshot, bought]);
    for (const entry of [put, taken, claimed]) {
      const after = reduceAgentDetail(frozen(before), entry);
      expect(after?.agent).toEqual(before === null ? null : reduceAgent(before.agent, entry));
      expect(after?.trades).toBe(before?.trades);
      expect(reduceAgentDetail(nothing, entry)).toBeNull();
    }
  });
});

describe('prices', () => {
  const story = new AgentStory();
  const created = story.created();
  const traded = story.buy(alice, tokens('396550000'));
  const priceFor = (n: number, seq = n): PriceChanged => ({
    ...priceOf(createdAgent(created)),
    agentId: agentId(`${n}`),
    seq,
  });
  const snapshot = (prices: PriceChanged[]) => ({ type: 'snapshot', reason: 'start', prices }) as const;
  const empty: PricesView = new Map();
  const keys = (view: PricesView): AgentId[] => [...view.keys()];

  it('come from a creation and from trades', () => {
    expect(priceOf(frozen(createdAgent(created)))).toEqual({
      type: 'price_changed',
      seq: created.seq,
      at: created.at,
      agentId: created.agentId,
      price: spotPrice(INITIAL_CURVE),
      marketCap: marketCap(spotPrice(INITIAL_CURVE)),
      tokensSold: 0n,
      totalValueLocked: 0n,
      progressBps: 0,
      volume: 0n,
      trades: 0,
    });
    expect(priceOf(frozen(reduceAgent(createdAgent(created), traded)))).toEqual({
      type: 'price_changed',
      seq: traded.seq,
      at: traded.at,
      agentId: traded.agentId,
      price: traded.price,
      marketCap: marketCap(traded.price),
      tokensSold: tokens('396550000'),
      totalValueLocked: traded.sol,
      progressBps: 5_000,
      volume: traded.sol,
      trades: 1,
    });
  });

  it('replace each other by agent, the last changed at the end', () => {
    const view = fold(reducePrices, empty, [
      snapshot([priceFor(1), priceFor(2)]),
      priceFor(1, 9),
      priceFor(3, 10),
    ]);
    expect(keys(view)).toEqual(['2', '1', '3']);
    expect(view.get(agentId('1'))?.seq).toBe(9);
  });

  it('are replaced as a whole by a snapshot', () => {
    const view = fold(reducePrices, empty, [snapshot([priceFor(1), priceFor(2)]), snapshot([priceFor(3)])]);
    expect(keys(view)).toEqual(['3']);
  });

  it('are bounded: the longest unchanged goes first', () => {
    const all = numbers(LATEST_LENGTH).map((n) => priceFor(n));
    const full = fold(reducePrices, empty, [snapshot(all)]);
    expect(full.size).toBe(LATEST_LENGTH);
    const view = fold(reducePrices, full, [priceFor(1, 5_000), priceFor(LATEST_LENGTH + 1, 5_001)]);
    expect(view.size).toBe(LATEST_LENGTH);
    expect(view.has(agentId('1'))).toBe(true);
    expect(view.has(agentId('2'))).toBe(false);
    expect(keys(view).slice(-2)).toEqual(['1', `${LATEST_LENGTH + 1}`]);
  });

  it('are bounded in a snapshot as well', () => {
    const view = fold(reducePrices, empty, [snapshot(numbers(LATEST_LENGTH + 3).map((n) => priceFor(n)))]);
    expect(view.size).toBe(LATEST_LENGTH);
    expect(keys(view)[0]).toBe('4');
  });
});

describe('newest-first lists', () => {
  it('keep the newest and do not touch the list before', () => {
    const list = frozen([3, 2, 1]);
    expect(pushNewest(list, 4, 4)).toEqual([4, 3, 2, 1]);
    expect(pushNewest(list, 4, 3)).toEqual([4, 3, 2]);
    expect(pushNewest(list, 4, 1)).toEqual([4]);
  });

  const story = new AgentStory();
  const trade = story.buy(alice, tokens('1'));
  const created = story.created();
  const graduated = story.graduated();
  const newestSeqs = (count: number, length: number) => numbers(count).reverse().slice(0, length);

  it('are replaced by a snapshot and pushed to by events: trades', () => {
    const start = { type: 'snapshot', reason: 'gap', trades: [trade] } as const;
    expect(fold(reduceTrades, [{ ...trade, seq: 99 }], [{ ...start, trades: [trade] }])).toEqual([trade]);
    const entries = numbers(TAPE_LENGTH + 7).map((seq) => ({ ...trade, seq }));
    expect(fold(reduceTrades, [], entries).map(({ seq }) => seq)).toEqual(
      newestSeqs(TAPE_LENGTH + 7, TAPE_LENGTH),
    );
  });

  it('are replaced by a snapshot and pushed to by events: new agents', () => {
    const snapshot = { type: 'snapshot' as const, reason: 'gap' as const, agents: [created] };
    expect(fold(reduceNewAgents, [{ ...created, seq: 99 }], [snapshot])).toEqual([created]);
    const entries = numbers(NEW_AGENTS_LENGTH + 7).map((seq) => ({ ...created, seq }));
    expect(fold(reduceNewAgents, [], entries).map(({ seq }) => seq)).toEqual(
      newestSeqs(NEW_AGENTS_LENGTH + 7, NEW_AGENTS_LENGTH),
    );
  });

  it('are replaced by a snapshot and pushed to by events: graduations', () => {
    const snapshot = { type: 'snapshot' as const, reason: 'gap' as const, graduations: [graduated] };
    expect(fold(reduceGraduations, [{ ...graduated, seq: 99 }], [snapshot])).toEqual([graduated]);
    const entries = numbers(GRADUATIONS_LENGTH + 7).map((seq) => ({ ...graduated, seq }));
    expect(fold(reduceGraduations, [], entries).map(({ seq }) => seq)).toEqual(
      newestSeqs(GRADUATIONS_LENGTH + 7, GRADUATIONS_LENGTH),
    );
  });
});

describe('the detail of an agent', () => {
  const story = new AgentStory();
  const agent = createdAgent(story.created());
  const buy = story.buy(alice, tokens('10'));
  const sale = story.sell(alice, tokenUnits(5_000_000n));
  const start = { type: 'snapshot' as const, reason: 'start' as const, agent, trades: [] };
  const nothing: AgentDetailView | null = null;

  it('is nothing before the first snapshot', () => {
    expect(reduceAgentDetail(nothing, buy)).toBeNull();
    expect(reduceAgentDetail(nothing, story.graduated())).toBeNull();
  });

  it('folds trades into the agent and the tape', () => {
    const view = fold(reduceAgentDetail, nothing, [start, buy, sale]);
    expect(view).toEqual({ agent: fold(reduceAgent, agent, [buy, sale]), trades: [sale, buy] });
  });

  it('keeps the tape, by identity, at a graduation', () => {
    const before = reduceAgentDetail(reduceAgentDetail(nothing, start), buy);
    const end = story.graduated();
    const after = reduceAgentDetail(frozen(before), end);
    expect(after?.agent.phase).toEqual({ kind: 'graduated', poolId: pool, at: end.at });
    expect(after?.trades).toBe(before?.trades);
  });

  it('has a bounded tape', () => {
    const entries = numbers(TAPE_LENGTH + 2).map((seq) => ({ ...buy, seq }));
    const view = fold(reduceAgentDetail, nothing, [start, ...entries]);
    expect(view?.trades.map(({ seq }) => seq)).toEqual(
      numbers(TAPE_LENGTH + 2)
        .reverse()
        .slice(0, TAPE_LENGTH),
    );
    expect(view?.agent.trades).toBe(TAPE_LENGTH + 2);
  });
});
