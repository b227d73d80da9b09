import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MEDALS, prizeOf, ROUND_TRIP_MS } from '../../shared/olympics.ts';
import { AMOUNT_LIMIT, lamports } from '../../shared/units.ts';
import { amountsUpTo, SEEDED } from './fixtures.ts';

describe('prizes', () => {
  it('are a half, 30 and 20 per cent of a tenth', () => {
    expect(MEDALS.map((medal) => prizeOf(medal, lamports(1_000_000n)))).toEqual([50_000n, 30_000n, 20_000n]);
  });

  it('are rounded down, each by itself and once', () => {
    expect(MEDALS.map((medal) => prizeOf(medal, lamports(19n)))).toEqual([0n, 0n, 0n]);
    expect(MEDALS.map((medal) => prizeOf(medal, lamports(20n)))).toEqual([1n, 0n, 0n]);
    // A tenth of 34 is 3.4, of which 30 per cent are 1.02; of the whole 3 they would be 0.9.
    expect(MEDALS.map((medal) => prizeOf(medal, lamports(34n)))).toEqual([1n, 1n, 0n]);
    expect(MEDALS.map((medal) => prizeOf(medal, lamports(99n)))).toEqual([4n, 2n, 1n]);
  });

  it('never come to more than a tenth, and to less by under three lamports', () => {
    fc.assert(
      fc.property(amountsUpTo(AMOUNT_LIMIT - 1n), (fees) => {
        const paid = MEDALS.reduce((sum, medal) => sum + prizeOf(medal, lamports(fees)), 0n);
        expect(10n * paid).toBeLessThanOrEqual(fees);
        expect(10n * (paid + 3n)).toBeGreaterThan(fees);
      }),
      SEEDED,
    );
  });
});

it('a round trip takes less than a minute', () => {
  expect(ROUND_TRIP_MS).toBe(60_000);
});
