import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AMOUNT_LIMIT,
  type Lamports,
  lamports,
  RATE_SCALE,
  rate,
  type Shares,
  shares,
  tokenUnits,
} from '../../shared/units.ts';
import {
  FIRST_SHARE_VALUE,
  MAX_POSITIONS,
  partOf,
  performanceFee,
  poolProceeds,
  sharesFor,
  shareValue,
} from '../../shared/vaults.ts';
import { amountsUpTo, SEEDED } from './fixtures.ts';

const none = shares(0n);
const sols = amountsUpTo(10n ** 14n);
const counts = amountsUpTo(10n ** 17n);
const feeBps = fc.integer({ min: 0, max: 2_000 });
const vault = (netAssetValue: bigint, totalShares: bigint) => ({
  netAssetValue: lamports(netAssetValue),
  totalShares: shares(totalShares),
});

it('a vault has at most twenty positions', () => {
  expect(MAX_POSITIONS).toBe(20);
});

describe('sharesFor', () => {
  it('is a thousand for a lamport in an empty vault', () => {
    expect(sharesFor(lamports(7n), lamports(0n), none)).toBe(7_000n);
  });

  it('goes by the value of the shares there are, rounded down', () => {
    expect(sharesFor(lamports(10n), lamports(99n), shares(9_000n))).toBe(1_000n);
    expect(sharesFor(lamports(10n), lamports(100n), shares(9_000n))).toBe(990n);
  });

  it('may be more than there can be', () => {
    expect(sharesFor(lamports(10n ** 18n), lamports(0n), shares(10n ** 18n))).toBeGreaterThan(2n ** 63n);
  });

  it('never lowers the value of a share', () => {
    fc.assert(
      fc.property(sols, fc.bigInt(0n, 10n ** 14n), counts, (sol, value, total) => {
        const made = sharesFor(lamports(sol), lamports(value), shares(total));
        expect((value + sol + 1n) * (total + 1_000n)).toBeGreaterThanOrEqual(
          (value + 1n) * (total + made + 1_000n),
        );
      }),
      SEEDED,
    );
  });
});

describe('partOf', () => {
  it('is rounded down, and leaves their part to the shares that nobody has', () => {
    expect(partOf(10n ** 9n, shares(1_000n), shares(1_000n))).toBe(5n * 10n ** 8n);
    expect(partOf(10n, shares(999n), shares(999n))).toBe(4n);
  });

  it('is never more than was put in just before', () => {
    fc.assert(
      fc.property(sols, fc.bigInt(0n, 10n ** 14n), counts, (sol, value, total) => {
        const made = sharesFor(lamports(sol), lamports(value), shares(total));
        fc.pre(total + made < AMOUNT_LIMIT);
        const back = partOf(value + sol, shares(made), shares(total + made));
        expect(back).toBeLessThanOrEqual(sol);
      }),
      SEEDED,
    );
  });

  it('of all shares together is never more than all', () => {
    fc.assert(
      fc.property(sols, counts, counts, (balance, first, second) => {
        const total = shares(first + second);
        const parts = partOf(balance, shares(first), total) + partOf(balance, shares(second), total);
        expect(parts).toBeLessThanOrEqual(balance);
      }),
      SEEDED,
    );
  });
});

describe('shareValue', () => {
  it('of an empty vault is what its first share costs', () => {
    expect(shareValue(lamports(0n), none)).toBe(FIRST_SHARE_VALUE);
    expect(FIRST_SHARE_VALUE).toBe(RATE_SCALE / 1_000n);
  });

  it('counts the lamport and the shares that nobody has', () => {
    expect(shareValue(lamports(2n), shares(2_000n))).toBe(RATE_SCALE / 1_000n);
    expect(shareValue(lamports(3n), none)).toBe((4n * RATE_SCALE) / 1_000n);
  });
});

describe('performanceFee', () => {
  const fees = (
    { netAssetValue, totalShares }: { netAssetValue: Lamports; totalShares: Shares },
    terms: { feeBps: number; highWaterMark: bigint },
  ) => performanceFee({ netAssetValue, totalShares }, { ...terms, highWaterMark: rate(terms.highWaterMark) });

  it('is nothing where nothing was gained, and the mark stays', () => {
    const highWaterMark = FIRST_SHARE_VALUE;
    for (const value of [0n, 500n, 1_000n]) {
      expect(fees(vault(value, 1_000_000n), { feeBps: 2_000, highWaterMark })).toEqual({
        feeShares: 0n,
        highWaterMark,
      });
    }
  });

  it('is so much of the gain, in shares', () => {
    // Shares worth 2,000 lamports, half of it gained: a fifth of that is 200, a tenth of all there will be.
    const fee = fees(vault(1_999n, 999_000n), { feeBps: 2_000, highWaterMark: FIRST_SHARE_VALUE });
    expect(fee.feeShares).toBe(111_111n);
    // What a share is worth then, rounded up, so that the same gain is not counted again.
    expect(fee.highWaterMark).toBe((2_000n * RATE_SCALE + 1_111_110n) / 1_111_111n);
  });

  it('of nothing raises the mark to what a share is worth', () => {
    const fee = fees(vault(1_999n, 999_000n), { feeBps: 0, highWaterMark: FIRST_SHARE_VALUE });
    expect(fee).toEqual({ feeShares: 0n, highWaterMark: (2_000n * RATE_SCALE) / 1_000_000n });
  });

  const cases = fc.record({ value: sols, total: counts, bps: feeBps, mark: amountsUpTo(10n ** 17n) });

  it('gives the manager no more than the part of the gain, and less by under a lamport and a share', () => {
    fc.assert(
      fc.property(cases, ({ value, total, bps, mark }) => {
        const { feeShares } = fees(vault(value, total), { feeBps: bps, highWaterMark: mark });
        const all = total + 1_000n;
        // All in 10^-22 lamports.
        const worth = (value + 1n) * RATE_SCALE * 10_000n;
        const gain = (value + 1n) * RATE_SCALE - mark * all;
        const most = gain > 0n ? gain * BigInt(bps) : 0n;
        expect(worth * feeShares).toBeLessThanOrEqual(most * (all + feeShares));
        const least = most - 2n * RATE_SCALE * 10_000n;
        expect(worth * (feeShares + 1n)).toBeGreaterThan(least * (all + feeShares + 1n));
      }),
      SEEDED,
    );
  });

  it('is not due again right after', () => {
    fc.assert(
      fc.property(cases, ({ value, total, bps, mark }) => {
        const { feeShares, highWaterMark } = fees(vault(value, total), { feeBps: bps, highWaterMark: mark });
        expect(fees(vault(value, total + feeShares), { feeBps: bps, highWaterMark })).toEqual({
          feeShares: 0n,
          highWaterMark,
        });
      }),
      SEEDED,
    );
  });

  it('never takes a share below the mark, and never lowers the mark', () => {
    fc.assert(
      fc.property(cases, ({ value, total, bps, mark }) => {
        const { feeShares, highWaterMark } = fees(vault(value, total), { feeBps: bps, highWaterMark: mark });
        expect(highWaterMark).toBeGreaterThanOrEqual(mark);
        if (feeShares === 0n) return;
        expect((value + 1n) * RATE_SCALE).toBeGreaterThanOrEqual(mark * (total + feeShares + 1_000n));
      }),
      SEEDED,
    );
  });
});

describe('poolProceeds', () => {
  it('is what a constant product gives, rounded down', () => {
    const reserves = { sol: lamports(1_000n), tokens: tokenUnits(900n) };
    expect(poolProceeds(reserves, 100n)).toBe(100n);
    expect(poolProceeds(reserves, 101n)).toBe(100n);
    expect(poolProceeds(reserves, 0n)).toBe(0n);
  });
});
