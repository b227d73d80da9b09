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

/** Oldest first, the newest last. */
export const allCandles = (series: CandleSeries): Candle[] =>
  series.current === null ? series.closed : [...series.closed, series.current];

/**
 * Folds a trade in. A candle opens at the price before its first trade, which is the close of the candle before,
 * so a series has no jumps that no trade made. Candles stay in order even if a clock steps back: a trade from before
 * the current candle counts in it.
 */
export function reduceCandles(series: CandleSeries, trade: TradeExecuted): CandleSeries {
  const length = INTERVAL_MS[series.interval];
  const start = trade.at - (trade.at % length);
  const { current } = series;
  if (current !== null && start <= current.start) {
    return {
      interval: series.interval,
      closed: series.closed,
      current: {
        start: current.start,
        open: current.open,
        high: trade.price > current.high ? trade.price : current.high,
        low: trade.price < current.low ? trade.price : current.low,
        close: trade.price,
        volume: lamports(current.volume + trade.sol),
        trades: current.trades + 1,
      },
    };
  }
  const open = current?.close ?? spotPrice(INITIAL_CURVE);
  return {
    interval: series.interval,
    closed: current === null ? series.closed : [...series.closed, current].slice(1 - CANDLES_LENGTH),
    current: {
      start,
      open,
      high: trade.price > open ? trade.price : open,
      low: trade.price < open ? trade.price : open,
      close: trade.price,
      volume: trade.sol,
      trades: 1,
    },
  };
}
