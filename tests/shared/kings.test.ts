import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dethrones } from '../../shared/kings.ts';
import { AMOUNT_LIMIT, lamports } from '../../shared/units.ts';
import { amountsUpTo, SEEDED } from './fixtures.ts';

describe('dethrones', () => {
  it('asks for one hundredth more, and no less', () => {
    expect(dethrones(lamports(101n), lamports(100n))).toBe(true);
    expect(dethrones(lamports(1_009_999n), lamports(1_000_000n))).toBe(false);
    expect(dethrones(lamports(1_010_000n), lamports(1_000_000n))).toBe(true);
  });

  it('rounds the hundredth up when it does not divide', () => {
    expect(dethrones(lamports(28_239_530_287n), lamports(27_959_930_978n))).toBe(false);
    expect(dethrones(lamports(28_239_530_288n), lamports(27_959_930_978n))).toBe(true);
  });

  it('is not enough to be level, or ahead by less', () => {
    expect(dethrones(lamports(100n), lamports(100n))).toBe(false);
    expect(dethrones(lamports(50n), lamports(50n))).toBe(false);
  });

  it('never lets two agents dethrone each other', () => {
    const caps = amountsUpTo(AMOUNT_LIMIT - 1n);
    fc.assert(
      fc.property(caps, caps, (a, b) => {
        expect(dethrones(lamports(a), lamports(b)) && dethrones(lamports(b), lamports(a))).toBe(false);
      }),
      SEEDED,
    );
  });
});
