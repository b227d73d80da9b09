import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CURVE_SUPPLY,
  type Curve,
  creatorFee,
  fillBuyTokens,
  fillSellTokens,
  INITIAL_CURVE,
  marketCap,
  POOL_SUPPLY,
  priceImpactBps,
  progressBps,
  protocolFee,
  spotPrice,
  TOTAL_SUPPLY,
  tokensForSpend,
  tokensSold,
  walletSol,
} from '../../shared/curve.ts';
import { AMOUNT_LIMIT, lamports, sol, tokens, tokenUnits } from '../../shared/units.ts';
import { amountsUpTo, curves, SEEDED } from './fixtures.ts';

const product = (curve: Curve): bigint => curve.virtualSol * curve.virtualTokens;
const soldOut = fillBuyTokens(INITIAL_CURVE, CURVE_SUPPLY).after;

/** A curve and an amount that can be bought from it. */
const buys = curves
  .filter((curve) => curve.realTokens > 0n)
  .chain((curve) =>
    fc.record({ curve: fc.constant(curve), amount: amountsUpTo(curve.realTokens).map(tokenUnits) }),
  );
/** A curve and an amount that can be sold to it. */
const sells = curves
  .filter((curve) => tokensSold(curve) > 0n)
  .chain((curve) =>
    fc.record({ curve: fc.constant(curve), amount: amountsUpTo(tokensSold(curve)).map(tokenUnits) }),
  );
const fills = fc.oneof(
  buys.map(({ curve, amount }) => ({ curve, fill: fillBuyTokens(curve, amount) })),
  sells.map(({ curve, amount }) => ({ curve, fill: fillSellTokens(curve, amount) })),
);

describe('the fresh curve', () => {
  it('has the constants of the program', () => {
    expect(INITIAL_CURVE).toEqual({
      virtualSol: sol('30'),
      virtualTokens: tokens('1073000000'),
      realSol: 0n,
      realTokens: tokens('793100000'),
    });
    expect(TOTAL_SUPPLY).toBe(tokens('1000000000'));
    expect(POOL_SUPPLY).toBe(tokens('206900000'));
  });

  it('has the price 30 / 1,073,000,000 SOL and that times 10^9 as market cap', () => {
    expect(spotPrice(INITIAL_CURVE)).toBe(27_958_993_476n);
    expect(marketCap(spotPrice(INITIAL_CURVE))).toBe(sol('27.958993476'));
    expect(progressBps(INITIAL_CURVE)).toBe(0);
    expect(tokensSold(INITIAL_CURVE)).toBe(0n);
  });

  it('sells out at 85.005359057 SOL', () => {
    expect(soldOut.realTokens).toBe(0n);
    expect(soldOut.realSol).toBe(sol('85.005359057'));
    expect(progressBps(soldOut)).toBe(10_000);
  });
});

describe('progressBps', () => {
  it('is 10,000 only when sold out', () => {
    expect(progressBps(fillBuyTokens(INITIAL_CURVE, tokenUnits(CURVE_SUPPLY - 1n)).after)).toBe(9_999);
    expect(progressBps(fillBuyTokens(INITIAL_CURVE, tokens('396550000')).after)).toBe(5_000);
  });
});

describe('fees', () => {
  it.each([
    [0n, 0n, 0n],
    [1n, 1n, 1n],
    [10_000n, 95n, 30n],
    [10_001n, 96n, 31n],
    [20_000n, 190n, 60n],
  ])('of %d lamports are %d and %d', (amount, protocol, creator) => {
    expect(protocolFee(amount)).toBe(protocol);
    expect(creatorFee(amount)).toBe(creator);
  });

  it('are rounded up, by less than one lamport', () => {
    fc.assert(
      fc.property(amountsUpTo(AMOUNT_LIMIT), (amount) => {
        for (const [fee, bps] of [
          [protocolFee(amount), 95n],
          [creatorFee(amount), 30n],
        ] as const) {
          expect(fee * 10_000n).toBeGreaterThanOrEqual(amount * bps);
          expect((fee - 1n) * 10_000n).toBeLessThan(amount * bps);
        }
      }),
      SEEDED,
    );
  });

  it('come on top of a buy and off a sell', () => {
    const fill = { sol: sol('1'), protocolFee: sol('0.0095'), creatorFee: sol('0.003') };
    expect(walletSol({ side: 'buy', ...fill })).toBe(sol('1.0125'));
    expect(walletSol({ side: 'sell', ...fill })).toBe(sol('0.9875'));
  });
});

describe('every fill', () => {
  it('never lets the product of the reserves fall', () => {
    fc.assert(
      fc.property(fills, ({ curve, fill }) => {
        expect(product(fill.after)).toBeGreaterThanOrEqual(product(curve));
      }),
      SEEDED,
    );
  });

  it('moves exactly its tokens and its SOL, on virtual and real reserves alike', () => {
    fc.assert(
      fc.property(fills, ({ curve, fill }) => {
        const sign = fill.side === 'buy' ? 1n : -1n;
        expect(fill.after).toEqual({
          virtualSol: curve.virtualSol + sign * fill.sol,
          virtualTokens: curve.virtualTokens - sign * fill.tokens,
          realSol: curve.realSol + sign * fill.sol,
          realTokens: curve.realTokens - sign * fill.tokens,
        });
      }),
      SEEDED,
    );
  });

  it('charges both fees on its SOL', () => {
    fc.assert(
      fc.property(fills, ({ fill }) => {
        expect(fill.protocolFee).toBe(protocolFee(fill.sol));
        expect(fill.creatorFee).toBe(creatorFee(fill.sol));
      }),
      SEEDED,
    );
  });

  it('never has a negative price impact', () => {
    fc.assert(
      fc.property(fills, ({ curve, fill }) => {
        expect(priceImpactBps(curve, fill)).toBeGreaterThanOrEqual(0);
      }),
      SEEDED,
    );
  });
});

describe('fillBuyTokens', () => {
  it('takes what is left when that is less', () => {
    fc.assert(
      fc.property(
        curves.filter((curve) => curve.realTokens > 0n),
        fc.bigInt(0n, 10n ** 15n),
        (curve, more) => {
          const fill = fillBuyTokens(curve, tokenUnits(curve.realTokens + more));
          expect(fill).toEqual(fillBuyTokens(curve, curve.realTokens));
          expect(fill.tokens).toBe(curve.realTokens);
          expect(fill.after.realTokens).toBe(0n);
        },
      ),
      SEEDED,
    );
  });

  it('costs at least one lamport', () => {
    expect(fillBuyTokens(INITIAL_CURVE, tokenUnits(1n)).sol).toBe(1n);
  });

  it('refuses zero tokens and a sold-out curve', () => {
    expect(() => fillBuyTokens(INITIAL_CURVE, tokenUnits(0n))).toThrow(RangeError);
    expect(() => fillBuyTokens(soldOut, tokenUnits(1n))).toThrow(RangeError);
  });
});

describe('fillSellTokens', () => {
  it('never brings more than the same tokens cost just before', () => {
    fc.assert(
      fc.property(buys, ({ curve, amount }) => {
        const bought = fillBuyTokens(curve, amount);
        const sold = fillSellTokens(bought.after, bought.tokens);
        expect(sold.sol).toBeLessThanOrEqual(bought.sol);
        const received = sold.sol - sold.protocolFee - sold.creatorFee;
        expect(received).toBeLessThan(walletSol(bought));
      }),
      SEEDED,
    );
  });

  it('never brings more in two sales than in one', () => {
    fc.assert(
      fc.property(
        sells.filter(({ amount }) => amount > 1n),
        fc.bigInt(1n, 999n),
        ({ curve, amount }, share) => {
          const part = (amount * share) / 1_000n;
          fc.pre(part > 0n);
          const first = fillSellTokens(curve, tokenUnits(part));
          const second = fillSellTokens(first.after, tokenUnits(amount - part));
          expect(first.sol + second.sol).toBeLessThanOrEqual(fillSellTokens(curve, amount).sol);
        },
      ),
      SEEDED,
    );
  });

  it('refuses zero tokens and more than was ever bought', () => {
    const { after } = fillBuyTokens(INITIAL_CURVE, tokenUnits(5n));
    expect(fillSellTokens(after, tokenUnits(5n)).after.realTokens).toBe(CURVE_SUPPLY);
    expect(() => fillSellTokens(after, tokenUnits(6n))).toThrow(RangeError);
    expect(() => fillSellTokens(after, tokenUnits(0n))).toThrow(RangeError);
    expect(() => fillSellTokens(INITIAL_CURVE, tokenUnits(1n))).toThrow(RangeError);
  });
});

describe('tokensForSpend', () => {
  const price = (curve: Curve, amount: bigint): bigint => walletSol(fillBuyTokens(curve, tokenUnits(amount)));

  it('gives the most tokens the money pays for, fees included', () => {
    const spends = fc.oneof(fc.bigInt(0n, 200n), fc.bigInt(0n, 10n ** 9n), fc.bigInt(0n, 100n * 10n ** 9n));
    fc.assert(
      fc.property(curves, spends, (curve, spend) => {
        const most = tokensForSpend(curve, lamports(spend));
        expect(most).toBeLessThanOrEqual(curve.realTokens);
        if (most > 0n) expect(price(curve, most)).toBeLessThanOrEqual(spend);
        if (most < curve.realTokens) expect(price(curve, most + 1n)).toBeGreaterThan(spend);
      }),
      { ...SEEDED, numRuns: 3_000 },
    );
  });

  it('counts the extra lamport of a cost that divides evenly', () => {
    const curve: Curve = {
      virtualSol: lamports(1_000n),
      virtualTokens: tokenUnits(2_000n),
      realSol: lamports(0n),
      realTokens: tokenUnits(2_000n),
    };
    // 1,000 tokens cost 1,001 lamports and 999 cost 999; the fees on 1,000 lamports are 10 and 3.
    expect(tokensForSpend(curve, lamports(1_013n))).toBe(999n);
  });

  it('gives nothing for less than the cheapest unit: one lamport and two fees', () => {
    expect(tokensForSpend(INITIAL_CURVE, lamports(0n))).toBe(0n);
    expect(tokensForSpend(INITIAL_CURVE, lamports(2n))).toBe(0n);
    expect(tokensForSpend(INITIAL_CURVE, lamports(3n))).toBeGreaterThan(0n);
  });

  it('is capped by what is left, however much is spent', () => {
    expect(tokensForSpend(INITIAL_CURVE, lamports(AMOUNT_LIMIT - 1n))).toBe(CURVE_SUPPLY);
    expect(tokensForSpend(soldOut, sol('1'))).toBe(0n);
  });
});

describe('priceImpactBps', () => {
  it('is how much dearer a buy is than the spot price, rounded up', () => {
    // A tenth of the virtual tokens costs 1/9 of the virtual SOL: 1/0.9 of the spot price, 1111.1 bps above it.
    expect(priceImpactBps(INITIAL_CURVE, fillBuyTokens(INITIAL_CURVE, tokens('107300000')))).toBe(1_112);
  });

  it('is how much cheaper a sell is than the spot price', () => {
    const curve: Curve = {
      virtualSol: lamports(1_000n),
      virtualTokens: tokenUnits(900n),
      realSol: lamports(500n),
      realTokens: tokenUnits(CURVE_SUPPLY - 500n),
    };
    // 100 units bring 100 lamports, 1 each, where the spot price is 1000/900: exactly a tenth less.
    const fill = fillSellTokens(curve, tokenUnits(100n));
    expect(fill.sol).toBe(100n);
    expect(priceImpactBps(curve, fill)).toBe(1_000);
  });

  it('is rounded up', () => {
    const fill = fillBuyTokens(INITIAL_CURVE, tokens('1'));
    expect(fill.sol).toBe(28n);
    // 28 lamports for a token that is worth 27.96 at the margin: 14.67 bps.
    expect(priceImpactBps(INITIAL_CURVE, fill)).toBe(15);
  });
});
