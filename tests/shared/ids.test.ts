import { base58 } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecordedTrades } from '../../server/sim/recorded-trades.ts';
import {
  agentId,
  clientOrderId,
  isWalletAddress,
  mintAddress,
  poolId,
  walletAddress,
} from '../../shared/ids.ts';
import {
  agentIdSchema,
  clientOrderIdSchema,
  mintAddressSchema,
  walletAddressSchema,
} from '../../shared/schema.ts';
import { recording, SEEDED } from './fixtures.ts';

describe('addresses', () => {
  it('are every address of the recorded trades', () => {
    const addresses = new Set(parseRecordedTrades(recording()).flatMap((t) => [t.mint, t.creator, t.trader]));
    expect(addresses.size).toBeGreaterThan(100);
    for (const address of addresses) expect(isWalletAddress(address), address).toBe(true);
  });

  it('are base58 of exactly 32 bytes, whatever the bytes', () => {
    const length = fc.integer({ min: 30, max: 34 });
    const zeros = fc.integer({ min: 0, max: 34 });
    fc.assert(
      fc.property(length, zeros, fc.infiniteStream(fc.nat(255)), (size, leading, stream) => {
        const bytes = Uint8Array.from({ length: size }, (_, i) =>
          i < leading ? 0 : Number(stream.next().value),
        );
        expect(isWalletAddress(base58.encode(bytes))).toBe(size === 32);
      }),
      SEEDED,
    );
  });

  it.each([31, 33])('are not base58 of %d bytes', (size) => {
    expect(isWalletAddress(base58.encode(new Uint8Array(size)))).toBe(false);
    expect(isWalletAddress(base58.encode(new Uint8Array(size).fill(255)))).toBe(false);
  });

  it('may be 32 zero bytes, and no more than 32 bytes of 255', () => {
    expect(isWalletAddress('1'.repeat(32))).toBe(true);
    const greatest = base58.encode(new Uint8Array(32).fill(255));
    expect(isWalletAddress(greatest)).toBe(true);
    // The next number needs 33 bytes, in a text of the same length.
    const next = base58.encode(Uint8Array.from([1, ...new Uint8Array(32)]));
    expect(next).toHaveLength(greatest.length);
    expect(isWalletAddress(next)).toBe(false);
  });

  it.each([
    '',
    '0'.repeat(32),
    `${'1'.repeat(31)}0`,
    `${'1'.repeat(31)}O`,
    `${'1'.repeat(31)}l`,
    `${'1'.repeat(31)}I`,
  ])('are not %j', (text) => {
    expect(isWalletAddress(text)).toBe(false);
  });

  it('are not padded by spaces or line breaks', () => {
    for (const text of [` ${'1'.repeat(32)}`, `${'1'.repeat(32)}\n`])
      expect(isWalletAddress(text)).toBe(false);
  });

  it('throw from the parsers and fail in the schemas when they are none', () => {
    for (const parse of [walletAddress, mintAddress, poolId]) {
      expect(parse('1'.repeat(32))).toBe('1'.repeat(32));
      expect(() => parse('1'.repeat(31))).toThrow(RangeError);
    }
    for (const schema of [walletAddressSchema, mintAddressSchema]) {
      expect(schema.parse('1'.repeat(32))).toBe('1'.repeat(32));
      expect(schema.safeParse('1'.repeat(33)).success).toBe(false);
    }
  });

  it('keep a refused text short in the error', () => {
    expect(() => walletAddress('x'.repeat(10_000))).toThrow(/^.{1,120}$/);
  });
});

describe('agent ids', () => {
  it.each(['1', '12', '999999999999999'])('may be %j', (text) => {
    expect(agentId(text)).toBe(text);
    expect(agentIdSchema.parse(text)).toBe(text);
  });

  it.each(['', '0', '01', '-1', '1.0', '1e3', ' 1', '1\n', '1000000000000000', '١'])('are not %j', (text) => {
    expect(() => agentId(text)).toThrow(RangeError);
    expect(agentIdSchema.safeParse(text).success).toBe(false);
  });
});

describe('client order ids', () => {
  it.each(['a', 'A-z_0.9:x', 'x'.repeat(64), '0190c5a3-7e2a-7b3c-9d4e-5f6a7b8c9d0e'])('may be %j', (text) => {
    expect(clientOrderId(text)).toBe(text);
    expect(clientOrderIdSchema.parse(text)).toBe(text);
  });

  it.each(['', 'x'.repeat(65), 'a b', 'a/b', 'é', 'a\n'])('are not %j', (text) => {
    expect(() => clientOrderId(text)).toThrow(RangeError);
    expect(clientOrderIdSchema.safeParse(text).success).toBe(false);
  });
});
