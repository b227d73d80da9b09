import type { Price } from '../../shared/units.ts';
import type { Candle } from '../../shared/view-schemas.ts';

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Where a price is drawn, from the top, and the prices at the edges. */
export interface Scale {
  readonly high: bigint;
  readonly low: bigint;
  readonly y: (price: bigint) => number;
}

/** Room above and below the extremes, in parts of the span between them. */
const MARGIN = 12n;
const STEPS = 1_000_000n;

/** Fits the candles' prices into the height. Only the place on the screen is a float, never a price. */
export function scaleOf(candles: readonly Candle[], height: number): Scale {
  const first = candles[0];
  let high: bigint = first?.high ?? 1n;
  let low: bigint = first?.low ?? 0n;
  for (const candle of candles) {
    if (candle.high > high) high = candle.high;
    if (candle.low < low) low = candle.low;
  }
  // A price that never moved is drawn in the middle.
  const margin = high === low ? high / MARGIN + 1n : (high - low) / MARGIN + 1n;
  const top = high + margin;
  const span = top - (low - margin);
  return {
    high,
    low,
    y: (price) => (Number(((top - price) * STEPS) / span) / Number(STEPS)) * height,
  };
}

/** The widest a candle gets, space included, so that a young agent's chart is not a wall. */
const WIDEST = 18;
const NARROWEST = 4;

/** How many candles fit. */
export const candlesThatFit = (width: number): number => Math.max(1, Math.floor(width / NARROWEST));

/** The width of one candle, the space to the next included. */
export const slotOf = (count: number, width: number): number => Math.min(WIDEST, width / Math.max(1, count));

/** Whether the price rose over the candle or stayed. */
export const rose = ({ open, close }: { readonly open: Price; readonly close: Price }): boolean =>
  close >= open;
