import { INITIAL_CURVE, spotPrice } from '../curve.ts';
import type { TradeExecuted } from '../events.ts';
import type { CandleInterval } from '../inputs.ts';
import { lamports } from '../units.ts';
import type { Candle, CandleSeries } from '../view-schemas.ts';

export const INTERVAL_MS: Readonly<Record<CandleInterval, number>> = {
  '1s': 1_000,
  '15s': 15_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/** A series keeps this many candles, the newest. */
export const CANDLES_LENGTH = 240;

export const emptyCandles = (interval: CandleInterval): CandleSeries => ({
  interval,
  closed: [],
  current: null,
});

/** Oldest first, the newest last; later trades do not change what is given out. */
export const allCandles = ({ closed, current }: CandleSeries): Candle[] =>
  current === null ? [...closed] : [...closed, { ...current }];

/**
 * Folds a trade in. A candle opens at the price before its first trade, which is the close of the candle before,
 * so a series has no jumps that no trade made. Candles stay in order even if a clock steps back: a trade from before
 * the current candle counts in it.
 */
export function reduceCandles(series: CandleSeries, trade: TradeExecuted): CandleSeries {
  const { interval, closed, current } = series;
  const next = { interval, closed: [...closed], current: current === null ? null : { ...current } };
  applyToCandles(next, trade);
  return next;
}

/** As {@link reduceCandles}, in place: for an owner that nobody shares the series with. */
export function applyToCandles(series: CandleSeries, trade: TradeExecuted): void {
  const { closed, current } = series;
  const { price } = trade;
  const start = trade.at - (trade.at % INTERVAL_MS[series.interval]);
  if (current !== null && start <= current.start) {
    if (price > current.high) current.high = price;
    if (price < current.low) current.low = price;
    current.close = price;
    current.volume = lamports(current.volume + trade.sol);
    current.trades += 1;
    return;
  }
  if (current !== null) closed.push(current);
  if (closed.length >= CANDLES_LENGTH) closed.shift();
  const open = current?.close ?? spotPrice(INITIAL_CURVE);
  series.current = {
    start,
    open,
    high: price > open ? price : open,
    low: price < open ? price : open,
    close: price,
    volume: trade.sol,
    trades: 1,
  };
}
