import { RateLimiterMemory } from 'rate-limiter-flexible';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyLimiter } from '../../server/guards/key-limiter.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function takeAll(limiter: KeyLimiter, keys: readonly string[]): Promise<number[]> {
  const waits: number[] = [];
  for (const key of keys) waits.push(await limiter.take(key));
  return waits;
}

describe('a rate', () => {
  it('admits its count in a window that begins with the first, and says when the next one begins', async () => {
    const limiter = new KeyLimiter({ count: 2, seconds: 10 });
    expect(await limiter.take('a')).toBe(0);
    vi.advanceTimersByTime(4_000);
    expect(await takeAll(limiter, ['a', 'a'])).toEqual([0, 6_000]);
    vi.advanceTimersByTime(5_999);
    expect(await limiter.take('a')).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await takeAll(limiter, ['a', 'a', 'a'])).toEqual([0, 0, 10_000]);
  });

  it('counts each key on its own', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 10 });
    expect(await takeAll(limiter, ['a', 'b', 'a', 'b'])).toEqual([0, 0, 10_000, 10_000]);
  });

  it('is not lengthened by what is refused', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 10 });
    await limiter.take('a');
    for (let second = 1; second < 10; second += 1) {
      vi.advanceTimersByTime(1_000);
      expect(await limiter.take('a')).toBe((10 - second) * 1_000);
    }
    vi.advanceTimersByTime(1_000);
    expect(await limiter.take('a')).toBe(0);
  });

  it('holds for attempts of one moment', async () => {
    const limiter = new KeyLimiter({ count: 3, seconds: 10 });
    const waits = await Promise.all(Array.from({ length: 5 }, () => limiter.take('a')));
    expect(waits).toEqual([0, 0, 0, 10_000, 10_000]);
  });

  it('waits whole milliseconds, also in a window that is none', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 0.0015 });
    expect(await takeAll(limiter, ['a', 'a'])).toEqual([0, 2]);
  });

  it.each([
    [0, 1],
    [-1, 1],
    [1.5, 1],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [1, 0],
    [1, -1],
    [1, Number.NaN],
    [1, 2_147_484],
    [1, Number.POSITIVE_INFINITY],
  ])('is not %d in %d seconds', (count, seconds) => {
    expect(() => new KeyLimiter({ count, seconds })).toThrow(RangeError);
  });

  it('may have the longest window a timer can wait for', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 2_147_483 });
    await limiter.take('a');
    vi.advanceTimersByTime(2_147_482_999);
    expect(await limiter.take('a')).toBe(1);
  });
});

describe('a look', () => {
  it('says what an attempt would be told, and counts nothing', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 10 });
    expect([await limiter.peek('a'), await limiter.peek('a'), await limiter.take('a')]).toEqual([0, 0, 0]);
    vi.advanceTimersByTime(3_000);
    expect([await limiter.peek('a'), await limiter.take('a')]).toEqual([7_000, 7_000]);
    expect([await limiter.peek('b'), limiter.size]).toEqual([0, 1]);
  });

  it('sees that a window is over before its timer has run', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 10 });
    await limiter.take('a');
    vi.setSystemTime(1_010_000);
    expect(await limiter.peek('a')).toBe(0);
  });
});

describe('what is given back', () => {
  it('can be taken again in the same window', async () => {
    const limiter = new KeyLimiter({ count: 2, seconds: 10 });
    await takeAll(limiter, ['a', 'a']);
    vi.advanceTimersByTime(1_000);
    await limiter.giveBack('a');
    expect(await takeAll(limiter, ['a', 'a'])).toEqual([0, 9_000]);
  });

  it('is nothing when its window is over, whether or not its timer has run', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 10 });
    await takeAll(limiter, ['a', 'b']);
    vi.setSystemTime(1_010_000);
    await limiter.giveBack('a');
    expect(await takeAll(limiter, ['a', 'a'])).toEqual([0, 10_000]);
    vi.advanceTimersByTime(10_000);
    await limiter.giveBack('b');
    expect(await takeAll(limiter, ['b', 'b'])).toEqual([0, 10_000]);
  });

  it('is room for another one, however many were refused', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 10 });
    expect(await takeAll(limiter, ['a', 'a', 'a', 'a'])).toEqual([0, 10_000, 10_000, 10_000]);
    await limiter.giveBack('a');
    expect(await takeAll(limiter, ['a', 'a'])).toEqual([0, 10_000]);
  });

  it('is never more than was taken', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 10 });
    await limiter.take('a');
    await limiter.giveBack('a');
    await limiter.giveBack('a');
    expect(await takeAll(limiter, ['a', 'a'])).toEqual([0, 10_000]);
  });
});

describe('the memory', () => {
  it('is that of the keys whose window is not over', async () => {
    const limiter = new KeyLimiter({ count: 5, seconds: 10 });
    await takeAll(limiter, ['a', 'b', 'a']);
    expect([limiter.size, vi.getTimerCount()]).toEqual([2, 2]);
    vi.advanceTimersByTime(5_000);
    await limiter.take('c');
    expect([limiter.size, vi.getTimerCount()]).toEqual([3, 3]);
    vi.advanceTimersByTime(5_000);
    await limiter.take('d');
    expect([limiter.size, vi.getTimerCount()]).toEqual([2, 2]);
  });

  it('is bounded: beyond that, the key whose window ends first is forgotten', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 10 }, 3);
    await takeAll(limiter, ['a', 'b', 'c', 'd']);
    expect([limiter.size, vi.getTimerCount()]).toEqual([3, 3]);
    expect(await takeAll(limiter, ['b', 'c', 'd'])).toEqual([10_000, 10_000, 10_000]);
    expect(await limiter.peek('a')).toBe(0);
  });

  it('stays bounded over many windows of many keys', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 10 }, 50);
    for (let count = 0; count < 2_000; count += 1) {
      await limiter.take(`${count}`);
      expect(vi.getTimerCount()).toBe(limiter.size);
      expect(limiter.size).toBe(Math.min(count + 1, 50));
      // Of these, 50 come in about four seconds: none is over by then.
      vi.advanceTimersByTime(80);
    }
    expect([await limiter.take('1999'), await limiter.take('1950')].every((wait) => wait > 0)).toBe(true);
    expect(await limiter.peek('1949')).toBe(0);
  });

  it('is given back when it is closed, and then it counts afresh', async () => {
    const limiter = new KeyLimiter({ count: 1, seconds: 10 }, 3);
    await takeAll(limiter, ['a', 'b', 'c', 'd']);
    await limiter.close();
    expect([limiter.size, vi.getTimerCount()]).toEqual([0, 0]);
    expect(await takeAll(limiter, ['d', 'd'])).toEqual([0, 10_000]);
    await limiter.close();
  });
});

it('fails when the limiter fails, and admits nothing', async () => {
  const fault = new Error('out of order');
  const limiter = new KeyLimiter({ count: 1, seconds: 10 });
  vi.spyOn(RateLimiterMemory.prototype, 'consume').mockRejectedValue(fault);
  await expect(limiter.take('a')).rejects.toBe(fault);
  vi.spyOn(RateLimiterMemory.prototype, 'get').mockRejectedValue(fault);
  await expect(limiter.peek('a')).rejects.toBe(fault);
  await expect(limiter.giveBack('a')).rejects.toBe(fault);
});
