import type { UTCTimestamp } from 'lightweight-charts';

/**
 * The library cuts days and hours in UTC. It is given local time as if that were UTC, so that it cuts where the viewer
 * does. One offset holds for all candles: where clocks are set back, an hour would otherwise come twice, out of order.
 */
export interface LocalTimes {
  /** @param ms since the epoch */
  readonly toChart: (ms: number) => UTCTimestamp;
  /** Milliseconds since the epoch. */
  readonly fromChart: (time: number) => number;
}

/** @param offsetMs what local time is ahead of UTC by */
export const localTimes = (offsetMs: number): LocalTimes => ({
  toChart: (ms) => {
    const seconds = Math.floor((ms + offsetMs) / 1_000);
    if (!isChartTime(seconds)) throw new RangeError(`not a time: ${ms}`);
    return seconds;
  },
  fromChart: (time) => time * 1_000 - offsetMs,
});

/** What local time is ahead of UTC by, now. */
export const localOffset = (): number => -new Date().getTimezoneOffset() * 60_000;

const isChartTime = (seconds: number): seconds is UTCTimestamp => Number.isSafeInteger(seconds);
