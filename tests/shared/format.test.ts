import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatBps,
  formatMarketCap,
  formatPrice,
  formatSignedSol,
  formatSol,
  formatTokens,
} from '../../shared/format.ts';
import { AMOUNT_LIMIT, lamports, price, sol, tokens, tokenUnits } from '../../shared/units.ts';
import { amountsUpTo, SEEDED } from './fixtures.ts';

describe('formatSol', () => {
  it.each([
    ['0', '0'],
    ['0.5312', '0.5312'],
    ['0.53124999', '0.5312'],
    ['0.53125', '0.5313'],
    ['0.5', '0.5000'],
    ['1', '1.0000'],
    ['9.99994', '9.9999'],
    ['9.99995', '10.00'],
    ['10', '10.00'],
    ['84.994999999', '84.99'],
    ['84.995', '85.00'],
    ['999.995', '1,000.00'],
    ['1204.5', '1,204.50'],
    ['1234567.891', '1,234,567.89'],
    ['0.01234567', '0.01235'],
    ['0.0999996', '0.1000'],
    ['0.00094', '0.0009400'],
    ['0.000001234', '0.000001234'],
    ['0.000000001', '0.000000001'],
    ['9223372036.854775807', '9,223,372,036.85'],
  ])('of %s is %s', (amount, text) => {
    expect(formatSol(sol(amount))).toBe(text);
  });

  it('shows the sign of gains and losses, and none for zero', () => {
    expect(formatSignedSol(531_200_000n)).toBe('+0.5312');
    expect(formatSignedSol(-12_250_000_000n)).toBe('−12.25');
    expect(formatSignedSol(0n)).toBe('0');
  });

  it('is within half of its last digit, and zero for zero alone', () => {
    fc.assert(
      fc.property(amountsUpTo(AMOUNT_LIMIT - 1n), (amount) => {
        const [whole = '', fraction = ''] = formatSol(lamports(amount)).replaceAll(',', '').split('.');
        const shown = BigInt(whole + fraction.padEnd(9, '0'));
        const step = 10n ** BigInt(9 - fraction.length);
        const error = shown > amount ? shown - amount : amount - shown;
        expect(error * 2n).toBeLessThanOrEqual(step);
        expect(shown).toBeGreaterThan(0n);
      }),
      SEEDED,
    );
  });
});

describe('formatPrice', () => {
  it.each([
    [0n, '0'],
    [28_310_000_000n, '0.0₇2831'],
    [27_958_993_476n, '0.0₇2796'],
    [28_000_000_000n, '0.0₇2800'],
    [99_994_000_000_000n, '0.0₄9999'],
    [99_999_000_000_000n, '0.0001000'],
    [100_000_000_000_000n, '0.0001000'],
    [531_200_000_000_000_000n, '0.5312'],
    [1_250_000_000_000_000_000n, '1.2500'],
    [9_999_600n, '0.0₁₀1000'],
    [1_234n, '0.0₁₄1234'],
    [12n, '0.0₁₆12'],
    [1n, '0.0₁₇1'],
  ])('of %d is %s', (value, text) => {
    expect(formatPrice(price(value))).toBe(text);
  });
});

describe('formatMarketCap', () => {
  it.each([
    ['0', '0 SOL'],
    ['27.958993476', '28.0 SOL'],
    ['31.2', '31.2 SOL'],
    ['31.25', '31.3 SOL'],
    ['410.9', '411 SOL'],
    ['999.4', '999 SOL'],
    ['999.5', '1.00K SOL'],
    ['1240', '1.24K SOL'],
    ['12400', '12.4K SOL'],
    ['999499', '999K SOL'],
    ['999500', '1.00M SOL'],
    ['9223372036', '9.22B SOL'],
  ])('of %s is %s', (amount, text) => {
    expect(formatMarketCap(sol(amount))).toBe(text);
  });
});

describe('formatTokens', () => {
  it.each([
    ['0', '0'],
    ['0.000001', '<0.01'],
    ['0.004999', '<0.01'],
    ['0.005', '0.01'],
    ['0.53', '0.53'],
    ['1', '1.00'],
    ['9.994', '9.99'],
    ['9.995', '10.0'],
    ['99.95', '100'],
    ['13421.332211', '13.4K'],
    ['793100000', '793M'],
    ['1000000000', '1.00B'],
    ['1234567890123', '1.23T'],
  ])('of %s is %s', (amount, text) => {
    expect(formatTokens(tokens(amount))).toBe(text);
  });

  it('has at most three digits and never shows a positive amount as zero', () => {
    fc.assert(
      fc.property(amountsUpTo(AMOUNT_LIMIT - 1n), (amount) => {
        expect(formatTokens(tokenUnits(amount))).toMatch(
          /^(<0\.01|0\.(0[1-9]|[1-9]\d)|[1-9](\.\d\d|\d(\.\d|\d))[KMBT]?)$/,
        );
      }),
      SEEDED,
    );
  });
});

describe('formatBps', () => {
  it.each([
    [0, '0 %'],
    [1, '0.01 %'],
    [100, '1 %'],
    [125, '1.25 %'],
    [180, '1.8 %'],
    [10_000, '100 %'],
    [-50, '-0.5 %'],
  ])('of %d is %s', (bps, text) => {
    expect(formatBps(bps)).toBe(text);
  });

  it('refuses a part of a basis point', () => {
    expect(() => formatBps(0.5)).toThrow(RangeError);
  });
});

describe('formatAge', () => {
  const now = Date.UTC(2025, 8, 14, 12);
  it.each([
    [-5_000, 'now'],
    [0, 'now'],
    [999, 'now'],
    [1_000, '1s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [3_599_999, '59m'],
    [3_600_000, '1h'],
    [86_399_999, '23h'],
    [86_400_000, '2025-09-13'],
  ])('after %d ms is %s', (age, text) => {
    expect(formatAge(now, now - age)).toBe(text);
  });
});
