import { expect, it } from 'vitest';
import { FAUCET_SOL, utcDay, utcDayStart } from '../../shared/faucet.ts';

it('gives ten SOL', () => {
  expect(FAUCET_SOL).toBe(10_000_000_000n);
});

it('counts days in UTC, which begin at midnight to the millisecond', () => {
  const midnight = Date.UTC(2026, 2, 1);
  const day = utcDay(midnight);
  expect(utcDayStart(day)).toBe(midnight);
  expect([midnight - 1, midnight + 1, Date.UTC(2026, 2, 1, 23, 59, 59, 999)].map(utcDay)).toEqual([
    day - 1,
    day,
    day,
  ]);
  expect(utcDay(Date.UTC(2026, 2, 2))).toBe(day + 1);
  expect([0, 86_399_999, 86_400_000].map(utcDay)).toEqual([0, 0, 1]);
});
