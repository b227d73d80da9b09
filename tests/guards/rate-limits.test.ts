import { RateLimiterMemory } from 'rate-limiter-flexible';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  DEFAULT_RATES,
  type LimitedKind,
  RateLimits,
  type RateSettings,
  type Who,
} from '../../server/guards/rate-limits.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** As the default, but for trades. */
const settings = (trades: RateSettings['trades']): RateSettings => ({ ...DEFAULT_RATES, trades });
const TIGHT = settings({ wallet: { count: 2, seconds: 10 }, address: { count: 3, seconds: 60 } });

async function admitted(limits: RateLimits, kind: LimitedKind, who: Who): Promise<number> {
  let count = 0;
  while (count < 1_000 && (await limits.check(kind, who)) === 0) count += 1;
  return count;
}

const KINDS: readonly LimitedKind[] = ['trades', 'creations', 'sign_ins', 'faucet', 'requests', 'connects'];

describe('by default', () => {
  it.each([
    ['trades', 5, 1_000, 20, 1_000],
    ['creations', 3, 60_000, 12, 60_000],
    ['sign_ins', 1_000, 0, 30, 60_000],
    ['faucet', 1_000, 0, 10, 86_400_000],
    ['requests', 1_000, 0, 60, 3_000],
    ['connects', 1_000, 0, 5, 1_000],
  ] as const)(
    '%s: a wallet %d in %d ms, an address %d in %d ms',
    async (kind, wallet, walletMs, address, addressMs) => {
      const limits = new RateLimits();
      expect(await admitted(limits, kind, { wallet: 'w' })).toBe(wallet);
      expect(await limits.check(kind, { wallet: 'w' })).toBe(walletMs);
      expect(await admitted(limits, kind, { address: 'a' })).toBe(address);
      expect(await limits.check(kind, { address: 'a' })).toBe(addressMs);
    },
  );

  it('each kind has a budget of its own', async () => {
    const limits = new RateLimits();
    for (const kind of KINDS) {
      expect(await limits.check(kind, { wallet: 'w', address: 'a' })).toBe(0);
      await admitted(limits, kind, { wallet: 'w', address: 'a' });
    }
  });
});

describe('an attempt', () => {
  it('needs room for its wallet and for its address', async () => {
    const limits = new RateLimits(TIGHT);
    expect(await admitted(limits, 'trades', { wallet: 'w1', address: 'a' })).toBe(2);
    expect(await admitted(limits, 'trades', { wallet: 'w2', address: 'a' })).toBe(1);
    expect(await limits.check('trades', { wallet: 'w3', address: 'a' })).toBe(60_000);
    expect(await limits.check('trades', { wallet: 'w1', address: 'b' })).toBe(10_000);
    expect(await limits.check('trades', { wallet: 'w3', address: 'b' })).toBe(0);
  });

  it('that its wallet has no room for takes nothing from the address', async () => {
    const limits = new RateLimits(TIGHT);
    expect(await admitted(limits, 'trades', { wallet: 'w1', address: 'a' })).toBe(2);
    for (let attempt = 0; attempt < 20; attempt += 1)
      await limits.check('trades', { wallet: 'w1', address: 'a' });
    expect(await limits.check('trades', { wallet: 'w2', address: 'a' })).toBe(0);
  });

  it('that its address has no room for takes nothing from the wallet', async () => {
    const limits = new RateLimits(TIGHT);
    expect(await admitted(limits, 'trades', { address: 'a' })).toBe(3);
    for (let attempt = 0; attempt < 20; attempt += 1)
      await limits.check('trades', { wallet: 'w', address: 'a' });
    expect(await admitted(limits, 'trades', { wallet: 'w', address: 'b' })).toBe(2);
  });

  it('is told when both have room', async () => {
    const limits = new RateLimits(TIGHT);
    const who = { wallet: 'w', address: 'a' };
    expect(await admitted(limits, 'trades', { address: 'a' })).toBe(3);
    expect(await admitted(limits, 'trades', { wallet: 'w' })).toBe(2);
    vi.advanceTimersByTime(1_000);
    // The wallet's window is the shorter one.
    expect(await limits.check('trades', who)).toBe(59_000);
    vi.advanceTimersByTime(58_999);
    expect(await limits.check('trades', who)).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await limits.check('trades', who)).toBe(0);
  });

  it('is told the longer wait of the wallet too', async () => {
    const limits = new RateLimits(
      settings({ wallet: { count: 1, seconds: 60 }, address: { count: 1, seconds: 10 } }),
    );
    const who = { wallet: 'w', address: 'a' };
    expect([await limits.check('trades', who), await limits.check('trades', who)]).toEqual([0, 60_000]);
  });

  it('is one of many at the same moment, and no more are admitted than there is room for', async () => {
    const limits = new RateLimits(TIGHT);
    const waits = await Promise.all(
      ['w1', 'w1', 'w1', 'w2', 'w2', 'w2'].map((wallet) => limits.check('trades', { wallet, address: 'a' })),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
    // What the address had no room for was given back.
    expect(await admitted(limits, 'trades', { wallet: 'w2', address: 'b' })).toBe(1);
  });

  it('without a wallet or an address, or where there is no rate, is not looked at', async () => {
    const limits = new RateLimits(settings({ wallet: null, address: null }));
    expect(await admitted(limits, 'trades', { wallet: 'w', address: 'a' })).toBe(1_000);
    expect(await admitted(new RateLimits(TIGHT), 'trades', {})).toBe(1_000);
    expect(await admitted(new RateLimits(TIGHT), 'trades', { wallet: undefined, address: 'a' })).toBe(3);
  });
});

it('a wallet and an address of the same name are two', async () => {
  const limits = new RateLimits(TIGHT);
  expect(await admitted(limits, 'trades', { wallet: 'same' })).toBe(2);
  expect(await admitted(limits, 'trades', { address: 'same' })).toBe(3);
});

it('a failing limiter is an error, of the wallet and of the address', async () => {
  const limits = new RateLimits(TIGHT);
  vi.spyOn(RateLimiterMemory.prototype, 'consume').mockRejectedValue(new Error('out of order'));
  await expect(limits.check('trades', { wallet: 'w' })).rejects.toThrow('out of order');
  await expect(limits.check('trades', { address: 'a' })).rejects.toThrow('out of order');
});

it('no timer is left when it is closed', async () => {
  const limits = new RateLimits();
  for (const kind of KINDS) await limits.check(kind, { wallet: 'w', address: 'a' });
  // A wallet and an address have two, three only the address.
  expect(vi.getTimerCount()).toBe(8);
  await limits.close();
  expect(vi.getTimerCount()).toBe(0);
});

it('remembers only so many keys of each kind', async () => {
  const limits = new RateLimits(DEFAULT_RATES, 10);
  for (let count = 0; count < 40; count += 1) {
    await limits.check('creations', { wallet: `w${count}`, address: `a${count}` });
  }
  expect(vi.getTimerCount()).toBe(20);
});

it('does not take what is no rate', () => {
  const rate = { count: 0, seconds: 1 };
  expect(() => new RateLimits(settings({ wallet: rate, address: null }))).toThrow(RangeError);
  expect(() => new RateLimits(settings({ wallet: null, address: rate }))).toThrow(RangeError);
});
