import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  lamportsSchema,
  positiveLamportsSchema,
  positiveTokenUnitsSchema,
  priceSchema,
} from '../../shared/schema.ts';
import {
  AMOUNT_LIMIT,
  formatDecimal,
  lamports,
  parseDecimal,
  price,
  sol,
  tokens,
  tokenUnits,
} from '../../shared/units.ts';
import { SEEDED } from './fixtures.ts';

describe.each([
  ['lamports', lamports],
  ['tokenUnits', tokenUnits],
  ['price', price],
])('%s', (_, brand) => {
  it('takes 0 to 2^63 − 1', () => {
    expect(brand(0n)).toBe(0n);
    expect(brand(2n ** 63n - 1n)).toBe(9_223_372_036_854_775_807n);
  });

  it('refuses what is outside', () => {
    expect(() => brand(-1n)).toThrow(RangeError);
    expect(() => brand(2n ** 63n)).toThrow(RangeError);
  });
});

describe('the schemas of amounts', () => {
  it('hold the same bounds and take bigints only', () => {
    for (const schema of [lamportsSchema, priceSchema]) {
      expect(schema.safeParse(0n).success).toBe(true);
      expect(schema.safeParse(AMOUNT_LIMIT - 1n).success).toBe(true);
      for (const bad of [-1n, AMOUNT_LIMIT, 1, '1', 1.5, null, undefined]) {
        expect(schema.safeParse(bad).success, String(bad)).toBe(false);
      }
    }
  });

  it('refuse zero where the amount must be positive', () => {
    for (const schema of [positiveLamportsSchema, positiveTokenUnitsSchema]) {
      expect(schema.safeParse(1n).success).toBe(true);
      expect(schema.safeParse(AMOUNT_LIMIT - 1n).success).toBe(true);
      expect(schema.safeParse(0n).success).toBe(false);
      expect(schema.safeParse(AMOUNT_LIMIT).success).toBe(false);
    }
  });
});

describe('sol and tokens', () => {
  it('read decimals exactly', () => {
    expect(sol('0.5')).toBe(500_000_000n);
    expect(sol('30')).toBe(30_000_000_000n);
    expect(sol('0.000000001')).toBe(1n);
    expect(sol('9223372036.854775807')).toBe(AMOUNT_LIMIT - 1n);
    expect(tokens('1.5')).toBe(1_500_000n);
    expect(tokens('0.000001')).toBe(1n);
  });

  it.each(['', '.5', '-1', '+1', '1e3', '1,5', ' 1', '0x10', 'NaN', '0.0000000001', '9223372036.854775808'])(
    'refuse %j as SOL',
    (text) => {
      expect(() => sol(text)).toThrow(RangeError);
    },
  );

  it('refuse more places than the asset has', () => {
    expect(() => tokens('0.0000001')).toThrow(RangeError);
  });
});

describe('formatDecimal', () => {
  it.each([
    [0n, 9, '0'],
    [1n, 9, '0.000000001'],
    [1_500_000n, 6, '1.5'],
    [1_000_000n, 6, '1'],
    [10_000_000n, 6, '10'],
    [-1_250_000n, 6, '-1.25'],
    [7n, 0, '7'],
  ])('of %d with %d places is %s', (value, decimals, text) => {
    expect(formatDecimal(value, decimals)).toBe(text);
  });

  it('is read back as the same amount', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, AMOUNT_LIMIT - 1n), fc.constantFrom(2, 6, 9, 18), (value, decimals) => {
        expect(parseDecimal(formatDecimal(value, decimals), decimals)).toBe(value);
      }),
      SEEDED,
    );
  });
});
