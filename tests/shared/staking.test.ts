import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accrue, claimable, owedAt, type RewardPool, stakersPart } from '../../shared/staking.ts';
import { lamports, RATE_SCALE, rate, tokenUnits } from '../../shared/units.ts';
import { amountsUpTo, SEEDED } from './fixtures.ts';

const pool = (staked: bigint, rewardPerUnit = 0n, carry = 0n): RewardPool => ({
  staked: tokenUnits(staked),
  rewardPerUnit: rate(rewardPerUnit),
  carry: rate(carry),
});
const stakes = amountsUpTo(10n ** 15n);
const rewards = fc.array(amountsUpTo(10n ** 12n), { minLength: 1, maxLength: 20 });

describe('stakersPart', () => {
  it.each([
    [0n, 0n],
    [4n, 0n],
    [5n, 1n],
    [9_999n, 1_999n],
  ])('of %d lamports is a fifth rounded down, %d', (fee, part) => {
    expect(stakersPart(lamports(fee))).toBe(part);
  });
});

describe('accrue', () => {
  it('shares a reward among all units', () => {
    expect(accrue(pool(4n, 3n), lamports(2n))).toEqual(pool(4n, 3n + RATE_SCALE / 2n));
  });

  it('carries over what does not divide', () => {
    expect(accrue(pool(3n), lamports(1n))).toEqual(pool(3n, 333_333_333_333_333_333n, 1n));
    expect(accrue(pool(3n, 0n, 2n), lamports(1n))).toEqual(pool(3n, 333_333_333_333_333_334n));
  });

  it('takes a carry of more than is staked now', () => {
    expect(accrue(pool(2n, 0n, 7n), lamports(0n))).toEqual(pool(2n, 3n, 1n));
  });

  it('gives every unit, of many rewards, what one of their sum would', () => {
    fc.assert(
      fc.property(stakes, rewards, (staked, amounts) => {
        const after = amounts.reduce((now, amount) => accrue(now, lamports(amount)), pool(staked));
        const all = amounts.reduce((sum, amount) => sum + amount, 0n) * RATE_SCALE;
        expect(after).toEqual(pool(staked, all / staked, all % staked));
      }),
      SEEDED,
    );
  });

  it('is refused while nobody has staked', () => {
    expect(() => accrue(pool(0n), lamports(1n))).toThrow(RangeError);
  });
});

describe('what a stake is owed', () => {
  it('is what it was owed and what its units have earned since', () => {
    const position = { staked: tokenUnits(5n), owed: rate(7n), rewardPerUnit: rate(10n) };
    expect(owedAt(position, rate(13n))).toBe(22n);
    expect(owedAt(position, rate(10n))).toBe(7n);
  });

  it('cannot be told of a rate that has fallen below nothing', () => {
    const position = { staked: tokenUnits(5n), owed: rate(7n), rewardPerUnit: rate(10n) };
    expect(() => owedAt(position, rate(8n))).toThrow(RangeError);
  });

  it('is the same in one stake as in two parts of it', () => {
    fc.assert(
      fc.property(stakes, stakes, rewards, (first, second, amounts) => {
        const start = pool(first + second);
        const { rewardPerUnit } = amounts.reduce((now, amount) => accrue(now, lamports(amount)), start);
        const owed = (staked: bigint): bigint =>
          owedAt({ staked: tokenUnits(staked), owed: rate(0n), rewardPerUnit: rate(0n) }, rewardPerUnit);
        expect(owed(first) + owed(second)).toBe(owed(first + second));
      }),
      SEEDED,
    );
  });
});

describe('claimable', () => {
  it('is the whole lamports', () => {
    expect(claimable(rate(RATE_SCALE - 1n))).toBe(0n);
    expect(claimable(rate(RATE_SCALE))).toBe(1n);
    expect(claimable(rate(3n * RATE_SCALE - 1n))).toBe(2n);
  });
});
