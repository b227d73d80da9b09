import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ring } from '../../server/realtime/ring.ts';

describe('ring', () => {
  it('keeps the newest items in order, whatever came before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 40 }),
        fc.integer({ min: 0, max: 130 }),
        (capacity, steps, asked) => {
          const ring = new Ring<{ seq: number }>(capacity);
          const all: number[] = [];
          let seq = 0;
          for (const step of steps) {
            seq += step;
            const evicted = ring.push({ seq });
            all.push(seq);
            expect(evicted?.seq).toBe(all.length > capacity ? all[all.length - capacity - 1] : undefined);
          }
          const kept = all.slice(-capacity);
          expect(Array.from({ length: ring.size }, (_, index) => ring.at(index)?.seq)).toEqual(kept);
          expect(ring.indexAfter(asked)).toBe(kept.filter((each) => each <= asked).length);
        },
      ),
      { seed: 7 },
    );
  });

  it('refuses a capacity that is none', () => {
    expect(() => new Ring(0)).toThrow(RangeError);
  });
});
