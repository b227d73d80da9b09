import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Curve, INITIAL_CURVE, tokensSold, walletSol } from '../../shared/curve.ts';
import { lamports, sol, tokens, tokenUnits } from '../../shared/units.ts';
import {
  type Funds,
  fillOf,
  mostSol,
  type Quote,
  readDraft,
  type Wanted,
  weigh,
} from '../../web/trade/quote.ts';
import { readAmount } from '../../web/ui/amount-text.ts';
import { openMarket } from '../support/test-app.ts';

const SEED = 20_260_114;
const rich: Funds = { sol: sol('1000'), tokens: tokens('900000000'), staked: tokens('0') };

function quoteFor(wanted: Wanted, given: { curve?: Curve; slippageBps?: number } = {}): Quote {
  const { curve = INITIAL_CURVE, slippageBps = 100 } = given;
  const weighed = weigh(wanted, { curve, slippageBps, funds: null });
  if (weighed.kind !== 'ready') throw new Error(`refused: ${weighed.problem.reason}`);
  return weighed.quote;
}

const forSol = (text: string): Wanted => ({ kind: 'buy_sol', sol: sol(text) });
const forTokens = (text: string): Wanted => ({ kind: 'buy_tokens', tokens: tokens(text) });
const sale = (text: string): Wanted => ({ kind: 'sell', tokens: tokens(text) });
const bought = (text: string): Curve => quoteFor(forSol(text)).fill.after;

describe('a quote', () => {
  it('is what the server quotes, for any trade on any curve', async () => {
    const market = await openMarket();
    const trader = await market.fund('trader');
    const agentId = await market.createAgent('AGNT');
    const api = market.as(trader);
    const wanted = fc.oneof(
      fc.bigInt(1n, 10n ** 11n).map((amount): Wanted => ({ kind: 'buy_sol', sol: lamports(amount) })),
      fc.bigInt(1n, 10n ** 15n).map((amount): Wanted => ({ kind: 'buy_tokens', tokens: tokenUnits(amount) })),
      fc.bigInt(1n, 10n ** 15n).map((amount): Wanted => ({ kind: 'sell', tokens: tokenUnits(amount) })),
    );
    for (const spent of ['0.000000001', '3.7', '41']) {
      await market.buy(trader, agentId, spent).catch(() => undefined);
      const { curve } = await api.agent({ agentId });
      const compare = async (trade: Wanted): Promise<void> => {
        const weighed = weigh(trade, { curve, slippageBps: 100, funds: null });
        if (weighed.kind === 'refused') {
          await expect(api.quote({ agentId, ...trade })).rejects.toThrow();
          return;
        }
        const { seq: _seq, ...theirs } = await api.quote({ agentId, ...trade });
        expect(weighed.quote).toMatchObject(theirs);
      };
      await fc.assert(fc.asyncProperty(wanted, compare), { seed: SEED, numRuns: 200 });
    }
    await market.app.close();
  });

  it('says all that the trader pays or gets, the fees included', () => {
    const quote = quoteFor(forSol('1'));
    expect(quote.walletSol).toBe(walletSol(quote.fill));
    expect(quote.walletSol).toBeLessThanOrEqual(sol('1'));
    expect(quote.fee).toBe(quote.fill.protocolFee + quote.fill.creatorFee);
    expect(quote.priceAfter).toBeGreaterThan(quote.priceBefore);
  });

  it('limits the order to what the slippage allows, never rounding in favour of a worse price', () => {
    const slippage = fc.integer({ min: 1, max: 5_000 });
    const amount = fc.bigInt(10_000n, 10n ** 10n);
    fc.assert(
      fc.property(slippage, amount, (slippageBps, units) => {
        const curve = bought('5');
        const bps = BigInt(slippageBps);
        const bySol = quoteFor({ kind: 'buy_sol', sol: lamports(units) }, { curve, slippageBps });
        expect(bySol.terms).toMatchObject({ exact: 'sol', sol: units });
        if (bySol.terms.side !== 'buy' || bySol.terms.exact !== 'sol') throw new Error('not for SOL');
        const { minTokens } = bySol.terms;
        expect(minTokens).toBe((bySol.fill.tokens * (10_000n - bps)) / 10_000n);
        expect(mostSol(bySol)).toBe(units);

        const byTokens = quoteFor({ kind: 'buy_tokens', tokens: tokenUnits(units) }, { curve, slippageBps });
        if (byTokens.terms.side !== 'buy' || byTokens.terms.exact !== 'tokens') throw new Error('not tokens');
        const { maxSol } = byTokens.terms;
        expect(maxSol * 10_000n).toBeGreaterThanOrEqual(byTokens.walletSol * (10_000n + bps));
        expect((maxSol - 1n) * 10_000n).toBeLessThan(byTokens.walletSol * (10_000n + bps));
        expect(mostSol(byTokens)).toBe(maxSol);
      }),
      { seed: SEED, numRuns: 100 },
    );
    const sold = quoteFor(sale('1000'), { curve: bought('5'), slippageBps: 250 });
    expect(sold.terms).toEqual({
      side: 'sell',
      tokens: tokens('1000'),
      minSol: (sold.walletSol * 9_750n) / 10_000n,
    });
    expect(mostSol(sold)).toBe(0n);
  });

  it('takes what is left when more is asked for, which graduates the agent', () => {
    const curve = bought('60');
    const rest = quoteFor(forTokens('800000000'), { curve });
    expect(rest).toMatchObject({ graduates: true, takesRest: true });
    expect(rest.fill.tokens).toBe(curve.realTokens);
    expect(rest.terms).toMatchObject({ tokens: curve.realTokens });
    expect(quoteFor(forSol('500'), { curve })).toMatchObject({ graduates: true, takesRest: true });
    const exactly: Wanted = { kind: 'buy_tokens', tokens: curve.realTokens };
    expect(quoteFor(exactly, { curve })).toMatchObject({ graduates: true, takesRest: false });
    expect(quoteFor(forSol('1'), { curve })).toMatchObject({ graduates: false, takesRest: false });
  });
});

describe('a trade that cannot be placed', () => {
  const problemOf = (wanted: Wanted, funds: Funds | null, curve = bought('5')) => {
    const weighed = weigh(wanted, { curve, slippageBps: 100, funds });
    return weighed.kind === 'refused' ? weighed.problem : null;
  };

  it('says what is missing, and is quoted all the same', () => {
    const poor: Funds = { sol: sol('0.3'), tokens: tokens('10'), staked: tokens('5') };
    const quote = quoteFor(forSol('1'), { curve: bought('5') });
    expect(weigh(forSol('1'), { curve: bought('5'), slippageBps: 100, funds: poor })).toEqual({
      kind: 'refused',
      problem: { reason: 'insufficient_sol', needed: quote.walletSol, available: sol('0.3') },
      quote,
    });
    expect(problemOf(sale('10'), poor)).toBeNull();
    expect(problemOf(sale('15'), poor)).toEqual({
      reason: 'tokens_locked',
      available: tokens('10'),
      staked: tokens('5'),
    });
    expect(problemOf(sale('15.000001'), poor)).toEqual({
      reason: 'insufficient_tokens',
      needed: tokens('15.000001'),
      available: tokens('10'),
    });
  });

  it('is limited by the market alone where nobody is signed in', () => {
    const curve = bought('5');
    expect(problemOf(forSol('900'), null)).toBeNull();
    const more: Wanted = { kind: 'sell', tokens: tokenUnits(tokensSold(curve) + 1n) };
    expect(problemOf(more, null)).toEqual({ reason: 'more_than_sold', available: tokensSold(curve) });
    expect(problemOf(more, rich)).toEqual({ reason: 'more_than_sold', available: tokensSold(curve) });
    expect(problemOf(more, { ...rich, tokens: tokens('1') })).toMatchObject({
      reason: 'insufficient_tokens',
    });
  });

  it('is too small, or comes too late', () => {
    expect(problemOf({ kind: 'buy_sol', sol: lamports(1n) }, rich)).toEqual({ reason: 'too_small' });
    expect(problemOf({ kind: 'sell', tokens: tokenUnits(30_000n) }, rich)).toEqual({ reason: 'too_small' });
    const soldOut = { ...bought('5'), realTokens: tokenUnits(0n) };
    expect(problemOf(forSol('1'), rich, soldOut)).toEqual({ reason: 'sold_out' });
  });

  it('takes the word of the server for the fill, where it has it', () => {
    const theirs = fillOf(bought('6'), forSol('1'));
    if ('reason' in theirs) throw new Error(theirs.reason);
    const weighed = weigh(forSol('1'), { curve: bought('5'), slippageBps: 100, funds: rich, fill: theirs });
    expect(weighed.quote?.fill).toBe(theirs);
    expect(weighed.quote?.terms).toMatchObject({ minTokens: (theirs.tokens * 99n) / 100n });
  });
});

describe('a draft', () => {
  it('is read in the unit of what is wanted', () => {
    expect(readDraft({ wanted: 'buy_sol', amount: '0.5' })).toEqual({
      kind: 'wanted',
      wanted: forSol('0.5'),
    });
    expect(readDraft({ wanted: 'sell', amount: '0.5' })).toEqual({ kind: 'wanted', wanted: sale('0.5') });
    expect(readDraft({ wanted: 'buy_tokens', amount: ' ' })).toEqual({ kind: 'blank' });
    expect(readDraft({ wanted: 'buy_tokens', amount: '0.00' })).toEqual({ kind: 'blank' });
    expect(readDraft({ wanted: 'sell', amount: '1.1234567' })).toEqual({
      kind: 'unreadable',
      problem: { reason: 'too_many_decimals', decimals: 6 },
    });
  });
});

describe('an amount as text', () => {
  const read = (text: string) => {
    const amount = readAmount(text, 6);
    return amount.kind === 'amount' ? amount.value : amount.kind === 'blank' ? amount.kind : amount.why;
  };

  it('is read as people write it, exactly', () => {
    const half = ['0.5', '0,5', '.5', ',5', ' 0.50 ', '00.5'];
    expect(half.map(read)).toEqual(half.map(() => 500_000n));
    expect(['5', '5.', '5,', '5.000000'].map(read)).toEqual(
      [5n, 5n, 5n, 5n].map((whole) => whole * 10n ** 6n),
    );
    expect(read('1,204.50')).toBe(1_204_500_000n);
    expect(read('1,204,500')).toBe(1_204_500_000_000n);
    expect(read('1 204.5')).toBe(1_204_500_000n);
    expect(read('0,123')).toBe(123_000n);
    expect(read('9223372036854.775807')).toBe(2n ** 63n - 1n);
  });

  it('is never guessed at', () => {
    expect(read('')).toBe('blank');
    expect(['1,234', '12,345', '123,456'].map(read)).toEqual(['ambiguous', 'ambiguous', 'ambiguous']);
    const odd = ['abc', '1.2.3', '1,2,3', '-1', '1e5', '0x10', '.', ',', '1.5 SOL', '１'];
    expect(odd.map(read)).toEqual(odd.map(() => 'not_a_number'));
    expect(read('1.1234567')).toBe('too_many_decimals');
    expect(read('9223372036854.775808')).toBe('too_large');
    expect(read('9'.repeat(400))).toBe('too_large');
  });

  it('reads back every amount that is filled in for somebody', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 63n - 1n), (value) => {
        const text = `${value / 10n ** 6n}.${(value % 10n ** 6n).toString().padStart(6, '0')}`;
        expect(readAmount(text, 6)).toEqual({ kind: 'amount', value });
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});
