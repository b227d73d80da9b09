import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Offences, type Tolerance } from '../../../server/realtime/ws/offences.ts';

const TWENTY: Tolerance = { count: 20, windowMs: 10_000 };

describe('offences', () => {
  it('twenty in any ten seconds are borne, and the next one is not', () => {
    const offences = new Offences(TWENTY);
    for (let now = 0; now < 10_000; now += 500) expect(offences.add(now)).toBe(false);
    expect(offences.add(9_999)).toBe(true);
    // The first one is ten seconds ago: there is room for one.
    expect(offences.add(10_000)).toBe(false);
    expect(offences.add(10_499)).toBe(true);
    expect(offences.add(10_500)).toBe(false);
  });

  it('one every half second is borne for ever', () => {
    const offences = new Offences(TWENTY);
    for (let count = 0; count < 1_000; count += 1) expect(offences.add(count * 500)).toBe(false);
  });

  it('twenty at once are forgotten together', () => {
    const offences = new Offences(TWENTY);
    for (let count = 0; count < 20; count += 1) expect(offences.add(5)).toBe(false);
    expect(offences.add(10_004)).toBe(true);
    for (let count = 0; count < 20; count += 1) expect(offences.add(10_005)).toBe(false);
    expect(offences.add(10_005)).toBe(true);
  });

  it('are as many as were borne within the window, whatever came when', () => {
    const tolerance = fc.record({
      count: fc.integer({ min: 0, max: 6 }),
      windowMs: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(tolerance, fc.array(fc.nat({ max: 20 }), { maxLength: 60 }), (given, gaps) => {
        const offences = new Offences(given);
        const borne: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          const lately = borne.filter((at) => at > now - given.windowMs).length;
          expect(offences.add(now)).toBe(lately >= given.count);
          if (lately < given.count) borne.push(now);
        }
      }),
    );
  });
});
