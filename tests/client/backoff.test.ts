import { describe, expect, it } from 'vitest';
import { Random } from '../../server/sim/random.ts';
import { Backoff, LASTING_MS } from '../../shared/client/backoff.ts';
import { RECONNECT } from '../../shared/client/options.ts';

/** Draws the longest delay there can be. */
const longest = (now: () => number) => new Backoff(RECONNECT, now, () => 1);

describe('the delay before a reconnect', () => {
  it('has a bound that doubles up to the longest', () => {
    const backoff = longest(() => 0);
    expect(Array.from({ length: 7 }, backoff.delay)).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
    ]);
  });

  it('is spread over all that is below the bound', () => {
    const draws = [0, 0.25, 0.99].map((drawn) => new Backoff(RECONNECT, Date.now, () => drawn).delay());
    expect(draws).toEqual([0, 125, 495]);
  });

  it('spreads 2,000 clients that lost the same server at their first attempt', () => {
    const random = new Random(20_260_101);
    const delays = Array.from({ length: 2_000 }, () =>
      new Backoff(
        RECONNECT,
        () => 0,
        () => random.next(),
      ).delay(),
    );
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const delay of delays) {
      const tenth = Math.floor(delay / (RECONNECT.firstMs / 10));
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.max(...delays)).toBeLessThan(RECONNECT.firstMs);
    // 200 are expected in each; four standard deviations are 54.
    expect(tenths).toHaveLength(10);
    for (const count of tenths) expect(Math.abs(count - 200)).toBeLessThan(54);
    // 20 are expected in 5 ms.
    const slots = new Map<number, number>();
    for (const delay of delays) slots.set(Math.floor(delay / 5), (slots.get(Math.floor(delay / 5)) ?? 0) + 1);
    expect(Math.max(...slots.values())).toBeLessThan(45);
  });

  it('does not start over because a socket opened, only when one has lasted', () => {
    let now = 0;
    const backoff = longest(() => now);
    const dropAfter = (ms: number): number => {
      backoff.working();
      now += ms;
      return backoff.delay();
    };
    expect(dropAfter(LASTING_MS)).toBe(500);
    expect(dropAfter(10)).toBe(1_000);
    expect(dropAfter(LASTING_MS - 1)).toBe(2_000);
    // It could not be reached at all for a while, and was refused as soon as it could.
    expect([backoff.delay(), backoff.delay(), dropAfter(10)]).toEqual([4_000, 8_000, 15_000]);
    expect(backoff.failures).toBe(6);
    expect(dropAfter(LASTING_MS)).toBe(500);
    expect(backoff.failures).toBe(1);
  });

  it('counts from when it began to work, however often that is said', () => {
    let now = 0;
    const backoff = longest(() => now);
    backoff.delay();
    for (; now <= LASTING_MS; now += 1_000) backoff.working();
    expect(backoff.delay()).toBe(500);
  });
});
