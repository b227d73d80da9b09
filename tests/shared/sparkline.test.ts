import { describe, expect, it } from 'vitest';
import { INITIAL_CURVE, spotPrice } from '../../shared/curve.ts';
import { CANDLE_INTERVALS } from '../../shared/inputs.ts';
import { lamports, type Price, price, tokens } from '../../shared/units.ts';
import type { Candle, CandleSeries } from '../../shared/view-schemas.ts';
import { CANDLES_LENGTH, emptyCandles, INTERVAL_MS, reduceCandles } from '../../shared/views/candles.ts';
import { sparklineOf } from '../../shared/views/sparkline.ts';
import { AgentStory, alice, frozen } from './fixtures.ts';

const MINUTE = 60_000;
const noon = Date.UTC(2025, 8, 13, 12);
const initial = spotPrice(INITIAL_CURVE);

const candle = (start: number, open: bigint, close: bigint): Candle => ({
  start,
  open: price(open),
  high: price(open > close ? open : close),
  low: price(open < close ? open : close),
  close: price(close),
  volume: lamports(1n),
  trades: 1,
});

/** Candles of minutes after noon, the last of them the current one. */
function series(
  ...candles: readonly (readonly [minute: number, open: bigint, close: bigint])[]
): CandleSeries {
  const all = candles.map(([minute, open, close]) => candle(noon + minute * MINUTE, open, close));
  return frozen({ interval: '1m', closed: all.slice(0, -1), current: all.at(-1) ?? null });
}

const drawn = (of: CandleSeries, at: number, points: number, now = 900n): bigint[] =>
  sparklineOf(of, { price: price(now), now: at, points });

describe('a sparkline', () => {
  it('of an agent without a trade is flat', () => {
    expect(drawn(emptyCandles('1m'), noon, 4, initial)).toEqual([initial, initial, initial, initial]);
  });

  it('ends with the price now, and goes back by closes', () => {
    const three = series([0, 100n, 200n], [1, 200n, 300n], [2, 300n, 900n]);
    expect(drawn(three, noon + 2 * MINUTE + 30_000, 3)).toEqual([200n, 300n, 900n]);
  });

  it('takes a candle from the millisecond in which it starts', () => {
    const two = series([0, 100n, 200n], [1, 200n, 900n]);
    expect(drawn(two, noon + 2 * MINUTE, 2)).toEqual([900n, 900n]);
    expect(drawn(two, noon + 2 * MINUTE - 1, 2)).toEqual([200n, 900n]);
  });

  it('stays where it was while nobody trades', () => {
    const gap = series([0, 100n, 200n], [4, 200n, 900n]);
    expect(drawn(gap, noon + 6 * MINUTE, 7)).toEqual([200n, 200n, 200n, 200n, 900n, 900n, 900n]);
  });

  it('begins with the open of the first candle kept', () => {
    expect(drawn(series([0, 100n, 900n]), noon + MINUTE, 4)).toEqual([100n, 100n, 900n, 900n]);
  });

  it('ends with the price now even if the clock has stepped back', () => {
    expect(drawn(series([5, 100n, 900n]), noon, 2)).toEqual([100n, 900n]);
  });

  it.each(CANDLE_INTERVALS)('of trades in every %s is the course of their prices', (interval) => {
    const story = new AgentStory();
    const step = INTERVAL_MS[interval];
    const begin = noon - (noon % step);
    let folded = emptyCandles(interval);
    const prices: Price[] = [];
    // More than are kept.
    for (let index = 0; index < CANDLES_LENGTH + 20; index += 1) {
      const trade = { ...story.buy(alice, tokens('1000')), at: begin + index * step + (index % step) };
      folded = reduceCandles(folded, trade);
      prices.push(trade.price);
    }
    const now = begin + (CANDLES_LENGTH + 19) * step + step - 1;
    const last = prices.at(-1) ?? initial;
    expect(sparklineOf(folded, { price: last, now, points: 60 })).toEqual(prices.slice(-60));
  });
});
