import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Allowance, TokenBucket } from '../../../server/realtime/ws/token-bucket.ts';

const allowance: fc.Arbitrary<Allowance> = fc.record({
  perSecond: fc.integer({ min: 1, max: 300 }),
  burst: fc.integer({ min: 1, max: 20 }),
});

/** Thousandths of a token in whole numbers, so that nothing is rounded. */
class Model {
  #thousandths: number;
  #at = 0;

  constructor(private readonly allowance: Allowance) {
    this.#thousandths = allowance.burst * 1_000;
  }

  take(now: number): number {
    const { perSecond, burst } = this.allowance;
    this.#thousandths = Math.min(burst * 1_000, this.#thousandths + (now - this.#at) * perSecond);
    this.#at = now;
    const missing = 1_000 - this.#thousandths;
    if (missing > 0) return Math.ceil(missing / perSecond);
    this.#thousandths -= 1_000;
    return 0;
  }
}

/** What times they are after so many milliseconds each. */
const timesOf = (gaps: readonly number[], start = 0): number[] => {
  let now = start;
  return gaps.map((gap) => {
    now += gap;
    return now;
  });
};

describe('a token bucket', () => {
  it('gives what a model without rounding gives, and tells the same times', () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 20 }), fc.nat({ max: 5_000 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(allowance, gaps, (given, each) => {
        const bucket = new TokenBucket(given, 0);
        const model = new Model(given);
        for (const now of timesOf(each)) expect(bucket.take(now)).toBe(model.take(now));
      }),
      { numRuns: 500 },
    );
  });

  it('has one for whoever has waited as long as it said, by any clock and at any rate', () => {
    const rate = fc.record({
      perSecond: fc.double({ min: 0.01, max: 1_000, noNaN: true }),
      burst: fc.integer({ min: 1, max: 5 }),
    });
    const gaps = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { maxLength: 40 });
    const start = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(rate, start, gaps, (given, from, each) => {
        const bucket = new TokenBucket(given, from);
        let late = 0;
        for (const at of timesOf(each, from)) {
          const wait = bucket.take(at + late);
          if (wait === 0) continue;
          expect(Number.isSafeInteger(wait)).toBe(true);
          late += wait;
          expect(bucket.take(at + late)).toBe(0);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    [0.3, [3_200, 126, 8]],
    [3, [145, 1, 0]],
    [7, [100, 42, 0]],
  ])('keeps its word at %f a second', (perSecond, gaps) => {
    for (let start = 100_000; start < 101_000; start += 1) {
      const bucket = new TokenBucket({ perSecond, burst: 1 }, start);
      let now = start;
      for (const gap of gaps) {
        now += gap;
        const wait = bucket.take(now);
        if (wait === 0) continue;
        now += wait;
        expect(bucket.take(now)).toBe(0);
      }
    }
  });

  it('is full at first and never more than full', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 1_000);
    const takeAll = (now: number) => [1, 2, 3, 4].map(() => bucket.take(now));
    expect(takeAll(1_000)).toEqual([0, 0, 0, 100]);
    expect(takeAll(1_000_000)).toEqual([0, 0, 0, 100]);
  });

  it('takes nothing for what it refuses', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 0);
    expect(bucket.take(0)).toBe(0);
    for (let now = 0; now < 1_000; now += 1) expect(bucket.take(now)).toBe(1_000 - now);
    expect(bucket.take(1_000)).toBe(0);
  });
});
