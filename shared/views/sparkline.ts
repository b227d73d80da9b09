import { INITIAL_CURVE, spotPrice } from '../curve.ts';
import type { Price } from '../units.ts';
import type { CandleSeries } from '../view-schemas.ts';
import { INTERVAL_MS } from './candles.ts';

export interface SparklineOptions {
  /** The agent's price now. */
  readonly price: Price;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How many prices to give. */
  readonly points: number;
}

/**
 * The course of a price: `points` prices, the oldest first, an interval of the series apart, the last one of now. Each is
 * the close of the newest candle that had started by then; what lies before the first kept candle is its open, and
 * without a trade all of it is the price that the curve starts with.
 */
export function sparklineOf(
  { interval, closed, current }: CandleSeries,
  { price, now, points }: SparklineOptions,
): Price[] {
  const candles = current === null ? closed : [...closed, current];
  const start = candles[0]?.open ?? spotPrice(INITIAL_CURVE);
  const prices = [price];
  let newest = candles.length - 1;
  for (let steps = 1; steps < points; steps += 1) {
    const at = now - steps * INTERVAL_MS[interval];
    while ((candles[newest]?.start ?? at) > at) newest -= 1;
    prices.push(candles[newest]?.close ?? start);
  }
  return prices.reverse();
}
