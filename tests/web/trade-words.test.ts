import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import type { SessionProblem } from '../../shared/auth.ts';
import { UnansweredError } from '../../shared/client/errors.ts';
import { fillBuyTokens, INITIAL_CURVE } from '../../shared/curve.ts';
import { agentId, clientOrderId, vaultId, walletAddress } from '../../shared/ids.ts';
import type { Rejection } from '../../shared/rejections.ts';
import { lamports, shares, sol, tokens, tokenUnits } from '../../shared/units.ts';
import { rejectionWords } from '../../web/orders/rejection-words.ts';
import { failureOf } from '../../web/orders/words.ts';
import { type Problem, type Quote, type Wanted, weigh } from '../../web/trade/quote.ts';
import { doneWords, pendingWords, problemWords, refusedWords } from '../../web/trade/trade-words.ts';
import { agentGraduated, tradeExecuted, WALLETS } from '../support/entries.ts';

const AGENT = { agentId: agentId('1'), symbol: 'AGNT' };
const CURVE = fillBuyTokens(INITIAL_CURVE, tokens('100000000')).after;

function quoteFor(wanted: Wanted, slippageBps = 100): Quote {
  const weighed = weigh(wanted, { curve: CURVE, slippageBps, funds: null });
  if (weighed.kind !== 'ready') throw new Error(weighed.problem.reason);
  return weighed.quote;
}
const forSol = quoteFor({ kind: 'buy_sol', sol: sol('0.5') });
const forTokens = quoteFor({ kind: 'buy_tokens', tokens: tokens('1000000') });
const sale = quoteFor({ kind: 'sell', tokens: tokens('1000000') });

interface Details {
  readonly httpStatus: number;
  readonly rejection?: Rejection;
  readonly session?: SessionProblem;
  readonly retryAfter?: number;
  readonly issues?: readonly { readonly path: readonly string[]; readonly message: string }[];
}
const answered = (data: Details, message = 'as the server says') =>
  failureOf(
    new TRPCClientError<AppRouter>(message, {
      result: { error: { code: -32603, message, data: { code: 'BAD_REQUEST', ...data } } },
    }),
  );
const rejected = (rejection: Rejection) => answered({ httpStatus: 412, rejection });

describe('a trade', () => {
  it('is spoken of in its own amounts', () => {
    expect([forSol, forTokens, sale].map((quote) => pendingWords(AGENT, quote))).toEqual([
      'Buying AGNT for 0.5000 SOL',
      'Buying 1.00M AGNT',
      'Selling 1.00M AGNT',
    ]);
  });

  it('says when it is done what it was exactly, and where it is in the log', () => {
    const trade = tradeExecuted(1_234, {
      tokens: tokens('1230000'),
      sol: sol('0.5'),
      protocolFee: lamports(1_000_000n),
      creatorFee: lamports(200_000n),
    });
    expect(doneWords(AGENT, { trade, graduation: null })).toEqual({
      title: 'Bought 1.23M AGNT for 0.5012 SOL',
      detail: 'Entry 1,234, fee 0.0012 SOL.',
      link: { href: '/agent/1', label: 'See AGNT' },
    });
    const sold = { ...trade, side: 'sell' } as const;
    expect(doneWords(AGENT, { trade: sold, graduation: null }).title).toBe('Sold 1.23M AGNT for 0.4988 SOL');
    expect(doneWords(AGENT, { trade, graduation: agentGraduated(1_235) }).detail).toContain('has graduated');
  });

  it('says by how much the price has moved past its limit', () => {
    const { tokens: expected } = forSol.fill;
    const fewer = tokenUnits((expected * 982n) / 1_000n);
    const words = (quote: Quote, rejection: Rejection) =>
      refusedWords(AGENT, { quote, failure: rejected(rejection) });
    expect(words(forSol, { reason: 'too_few_tokens', minimum: fewer, actual: fewer })).toEqual({
      title: 'AGNT not bought',
      detail: 'Price moved 1.81 %, your limit was 1 %. Nothing was bought.',
    });
    const dearer = lamports((forTokens.walletSol * 1_018n) / 1_000n);
    expect(words(forTokens, { reason: 'too_much_sol', maximum: dearer, actual: dearer }).detail).toBe(
      'Price moved 1.8 %, your limit was 1 %. Nothing was bought.',
    );
    const cheaper = lamports((sale.walletSol * 9n) / 10n);
    expect(words(sale, { reason: 'too_little_sol', minimum: cheaper, actual: cheaper })).toEqual({
      title: 'AGNT not sold',
      detail: 'Price moved 10.01 %, your limit was 1 %. Nothing was sold.',
    });
  });

  it('is never said to have moved by no more than its limit', () => {
    const { terms } = forSol;
    if (terms.side !== 'buy' || terms.exact !== 'sol') throw new Error('not for SOL');
    const actual = tokenUnits(terms.minTokens - 1n);
    const failure = rejected({ reason: 'too_few_tokens', minimum: terms.minTokens, actual });
    expect(refusedWords(AGENT, { quote: forSol, failure }).detail).toContain('Price moved 1.01 %');
  });

  it('that was refused for another reason, or may have been carried out, says that', () => {
    const failure = rejected({ reason: 'agent_graduated', agentId: AGENT.agentId });
    expect(refusedWords(AGENT, { quote: sale, failure })).toEqual({
      title: 'AGNT not sold',
      detail: failure.words.detail,
    });
    const lost = { path: 'buy', deadlineMs: 1, repeatable: true } as const;
    const unknown = failureOf(
      new UnansweredError({ ...lost, why: 'deadline', outcome: 'unknown' }, undefined),
    );
    expect(refusedWords(AGENT, { quote: sale, failure: unknown })).toEqual(unknown.words);
  });
});

describe('a failure', () => {
  it('tells what was not done from what may have been done', () => {
    const lost = { path: 'buy', why: 'deadline', deadlineMs: 1, repeatable: true } as const;
    const unknown = failureOf(new UnansweredError({ ...lost, outcome: 'unknown' }, undefined));
    expect(unknown).toMatchObject({ kind: 'unknown', words: { title: 'No answer' } });
    expect(unknown.words.detail).toContain('may have been carried out');
    const unsent = failureOf(new UnansweredError({ ...lost, outcome: 'never_sent' }, undefined));
    expect(unsent).toMatchObject({ kind: 'failed', words: { title: 'Not sent' } });
    expect(unsent.words.detail).toContain('Nothing was done');
    expect(answered({ httpStatus: 500 })).toMatchObject({ kind: 'unknown' });
    expect(failureOf(new Error('of the wallet'))).toMatchObject({
      kind: 'failed',
      words: { detail: 'of the wallet' },
    });
    expect(failureOf('thrown')).toMatchObject({ kind: 'failed', words: { detail: 'Something went wrong.' } });
  });

  it('says what to do about a session, a limit and an input', () => {
    const problems = ['none', 'invalid', 'expired', 'revoked', 'replaced'] as const;
    const sessions = problems.map((session) => answered({ httpStatus: 401, session }).words);
    expect(sessions.map(({ title }) => title)).toEqual(problems.map(() => 'Signed out'));
    expect(new Set(sessions.map(({ detail }) => detail)).size).toBe(problems.length);
    expect(answered({ httpStatus: 429, retryAfter: 2.1 })).toMatchObject({
      kind: 'refused',
      words: { title: 'Too many orders', detail: 'Try again in 3 s. Nothing was done.' },
    });
    const issues = [{ path: ['sol'], message: 'must be below 2^63' }];
    expect(answered({ httpStatus: 400, issues }).words.detail).toBe('must be below 2^63');
    expect(answered({ httpStatus: 403 }).words.detail).toBe('as the server says');
  });
});

describe('a rejection', () => {
  const agent = agentId('7');
  const vault = vaultId('3');
  const at = Date.UTC(2026, 0, 31, 17);
  const cases: readonly (readonly [Rejection, string])[] = [
    [{ reason: 'agent_not_found', agentId: agent }, 'does not exist'],
    [{ reason: 'agent_graduated', agentId: agent }, 'has graduated'],
    [
      { reason: 'insufficient_sol', needed: sol('5.000000001'), available: sol('5') },
      '5.000000001 SOL, and there is 5 SOL',
    ],
    [
      { reason: 'insufficient_tokens', needed: tokens('2'), available: tokens('1.5') },
      '2 tokens, and there are 1.5 tokens',
    ],
    [
      { reason: 'too_few_tokens', minimum: tokens('2'), actual: tokens('1') },
      '1 tokens for it now, your limit was 2 tokens',
    ],
    [
      { reason: 'too_much_sol', maximum: sol('1'), actual: sol('1.1') },
      'costs 1.1 SOL now, your limit was 1 SOL',
    ],
    [
      { reason: 'too_little_sol', minimum: sol('1'), actual: sol('0.9') },
      'brings 0.9 SOL now, your limit was 1 SOL',
    ],
    [{ reason: 'amount_too_small' }, 'too small'],
    [{ reason: 'symbol_taken', symbol: 'AGNT', agentId: agent }, 'AGNT is the symbol'],
    [{ reason: 'order_conflict', clientOrderId: clientOrderId('a') }, 'Try again'],
    [{ reason: 'supply_limit', available: sol('3') }, '3 SOL more'],
    [
      { reason: 'tokens_locked', needed: tokens('9'), available: tokens('4'), staked: tokens('6') },
      '4 tokens are free, 6 tokens are staked',
    ],
    [
      { reason: 'insufficient_stake', needed: tokens('9'), available: tokens('4') },
      '9 tokens at stake, and there are 4',
    ],
    [{ reason: 'nothing_to_claim', agentId: agent }, 'no rewards'],
    [{ reason: 'vault_not_found', vaultId: vault }, 'does not exist'],
    [{ reason: 'not_the_manager', vaultId: vault, manager: walletAddress(WALLETS[0]) }, 'Only its manager'],
    [{ reason: 'own_token', vaultId: vault, agentId: agent }, 'its own manager created'],
    [{ reason: 'too_many_positions', vaultId: vault, limit: 20 }, 'holds 20 agents'],
    [
      { reason: 'insufficient_shares', needed: shares(9n), available: shares(4n) },
      '9 shares, and there are 4',
    ],
    [
      { reason: 'too_few_shares', minimum: shares(9n), actual: shares(8n) },
      '8 shares for it now, your limit was 9',
    ],
    [{ reason: 'shares_limit', vaultId: vault, available: shares(8n) }, '8 more shares'],
    [{ reason: 'season_running', season: 2, endsAt: at }, 'Season 2 runs until 2026-01-31 17:00 UTC'],
    [{ reason: 'season_over', season: 2 }, 'Season 2 is not running'],
    [{ reason: 'faucet_empty', nextAt: at }, 'more at 2026-01-31 17:00 UTC'],
  ];
  it.each(cases)('%o is put plainly, with its figures', (rejection, part) => {
    expect(rejectionWords(rejection)).toContain(part);
  });
});

describe('a problem with a draft', () => {
  const cases: readonly (readonly [Problem, string])[] = [
    [{ reason: 'not_a_number', decimals: 9 }, 'Not a number.'],
    [{ reason: 'ambiguous', decimals: 9 }, 'Unclear comma: use a point, or leave it out.'],
    [{ reason: 'too_many_decimals', decimals: 6 }, 'At most 6 decimals.'],
    [{ reason: 'too_large', decimals: 9 }, 'More than there can be.'],
    [{ reason: 'too_small' }, 'Too small to trade.'],
    [{ reason: 'sold_out' }, 'No AGNT is left on the curve.'],
    [{ reason: 'more_than_sold', available: tokens('5') }, 'Only 5 AGNT are in circulation.'],
    [
      { reason: 'insufficient_sol', needed: sol('5'), available: sol('1.5') },
      'Costs 5.0000 SOL, 1.5000 SOL available.',
    ],
    [
      { reason: 'insufficient_sol', needed: sol('64.500000001'), available: sol('64.5') },
      'Costs 64.500000001 SOL, 64.5 SOL available.',
    ],
    [
      { reason: 'insufficient_tokens', needed: tokens('5'), available: tokens('1.5') },
      'Only 1.5 AGNT can be sold.',
    ],
    [
      { reason: 'insufficient_tokens', needed: tokens('5'), available: tokens('0') },
      'There is no AGNT to sell.',
    ],
    [
      { reason: 'tokens_locked', available: tokens('1500'), staked: tokens('500') },
      '1.50K free, 500 staked. Unstake first.',
    ],
  ];
  it.each(cases)('%o', (problem, words) => {
    expect(problemWords(problem, 'AGNT')).toBe(words);
  });
});
