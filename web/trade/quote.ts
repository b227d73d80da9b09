import {
  type Curve,
  type Fill,
  fillBuyTokens,
  fillSellTokens,
  priceImpactBps,
  spotPrice,
  tokensForSpend,
  tokensSold,
  walletSol,
} from '../../shared/curve.ts';
import {
  ceilDiv,
  type Lamports,
  lamports,
  type Price,
  SOL_DECIMALS,
  TOKEN_DECIMALS,
  type TokenUnits,
  tokenUnits,
} from '../../shared/units.ts';
import { type AmountProblem, readAmount } from '../ui/amount-text.ts';

/** What a trade is to do exactly: the input of the server's `quote`, without the agent. */
export type Wanted =
  | { readonly kind: 'buy_sol'; readonly sol: Lamports }
  | { readonly kind: 'buy_tokens'; readonly tokens: TokenUnits }
  | { readonly kind: 'sell'; readonly tokens: TokenUnits };

/** What an order says: an exact amount, and how much worse than quoted it may come out. */
export type OrderTerms =
  | {
      readonly side: 'buy';
      readonly exact: 'sol';
      readonly sol: Lamports;
      readonly minTokens: TokenUnits;
    }
  | {
      readonly side: 'buy';
      readonly exact: 'tokens';
      readonly tokens: TokenUnits;
      readonly maxSol: Lamports;
    }
  | { readonly side: 'sell'; readonly tokens: TokenUnits; readonly minSol: Lamports };

/** What a trade would do now. */
export interface Quote {
  readonly wanted: Wanted;
  readonly fill: Fill;
  /** What the trader pays, or gets, fees included. */
  readonly walletSol: Lamports;
  /** The protocol's and the creator's together. */
  readonly fee: Lamports;
  readonly priceBefore: Price;
  readonly priceAfter: Price;
  readonly impactBps: number;
  /** It takes the last token. */
  readonly graduates: boolean;
  /** More was asked for than is left: it buys the rest. */
  readonly takesRest: boolean;
  readonly slippageBps: number;
  readonly terms: OrderTerms;
}

/** What somebody has filled in. */
export interface Draft {
  readonly wanted: Wanted['kind'];
  readonly amount: string;
}

/** What a trader may trade with now. */
export interface Funds {
  readonly sol: Lamports;
  /** Of this agent, those at stake left out. */
  readonly tokens: TokenUnits;
  readonly staked: TokenUnits;
}

/** Why a draft cannot be placed. */
export type Problem =
  | { readonly reason: AmountProblem; readonly decimals: number }
  | { readonly reason: 'too_small' }
  | { readonly reason: 'sold_out' }
  | { readonly reason: 'more_than_sold'; readonly available: TokenUnits }
  | { readonly reason: 'insufficient_sol'; readonly needed: Lamports; readonly available: Lamports }
  | { readonly reason: 'insufficient_tokens'; readonly needed: TokenUnits; readonly available: TokenUnits }
  | { readonly reason: 'tokens_locked'; readonly available: TokenUnits; readonly staked: TokenUnits };

/** What a draft asks for, whatever the market makes of it. */
export type ReadDraft =
  | { readonly kind: 'blank' }
  | { readonly kind: 'unreadable'; readonly problem: Problem }
  | { readonly kind: 'wanted'; readonly wanted: Wanted };

/** A trade against the market. A quote may stand beside a problem: what it would be, if one had the means. */
export type Weighed =
  | { readonly kind: 'refused'; readonly problem: Problem; readonly quote: Quote | null }
  | { readonly kind: 'ready'; readonly quote: Quote };

export interface Standing {
  readonly curve: Curve;
  readonly slippageBps: number;
  /** `null` while they are not known, or nobody is signed in: then only the market limits the trade. */
  readonly funds: Funds | null;
  /** As the server has it, when that is not what the curve says here. */
  readonly fill?: Fill | undefined;
}

/** Reads the amount in the unit of what is wanted. Nothing, or zero, is blank. */
export function readDraft({ wanted: kind, amount }: Draft): ReadDraft {
  const decimals = kind === 'buy_sol' ? SOL_DECIMALS : TOKEN_DECIMALS;
  const read = readAmount(amount, decimals);
  if (read.kind === 'invalid') return { kind: 'unreadable', problem: { reason: read.why, decimals } };
  if (read.kind === 'blank' || read.value === 0n) return { kind: 'blank' };
  const wanted =
    kind === 'buy_sol' ? { kind, sol: lamports(read.value) } : { kind, tokens: tokenUnits(read.value) };
  return { kind: 'wanted', wanted };
}

/** What the trade would do now, and whether it can be placed. */
export function weigh(wanted: Wanted, { curve, slippageBps, funds, fill: known }: Standing): Weighed {
  const fill = known ?? fillOf(curve, wanted);
  if ('reason' in fill) return { kind: 'refused', problem: lackOf(wanted, funds) ?? fill, quote: null };
  const quote = quoteOf(curve, { wanted, fill, slippageBps });
  const problem = lackOf(wanted, funds, quote);
  return problem === null ? { kind: 'ready', quote } : { kind: 'refused', problem, quote };
}

/** As the server fills it, to the unit; or why it would not. */
export function fillOf(curve: Curve, wanted: Wanted): Fill | Problem {
  switch (wanted.kind) {
    case 'buy_sol':
    case 'buy_tokens': {
      if (curve.realTokens === 0n) return { reason: 'sold_out' };
      const tokens = wanted.kind === 'buy_sol' ? tokensForSpend(curve, wanted.sol) : wanted.tokens;
      return tokens === 0n ? { reason: 'too_small' } : fillBuyTokens(curve, tokens);
    }
    case 'sell': {
      const available = tokensSold(curve);
      if (wanted.tokens > available) return { reason: 'more_than_sold', available };
      const fill = fillSellTokens(curve, wanted.tokens);
      return fill.sol < fill.protocolFee + fill.creatorFee ? { reason: 'too_small' } : fill;
    }
    default:
      return wanted satisfies never;
  }
}

interface Filled {
  readonly wanted: Wanted;
  readonly fill: Fill;
  readonly slippageBps: number;
}

/** The quote of a fill, wherever the fill was computed. */
function quoteOf(before: Curve, { wanted, fill, slippageBps }: Filled): Quote {
  const graduates = fill.after.realTokens === 0n;
  return {
    wanted,
    fill,
    walletSol: walletSol(fill),
    fee: lamports(fill.protocolFee + fill.creatorFee),
    priceBefore: spotPrice(before),
    priceAfter: spotPrice(fill.after),
    impactBps: priceImpactBps(before, fill),
    graduates,
    takesRest: graduates && !takesExactly(wanted, fill),
    slippageBps,
    terms: termsOf(wanted, fill, BigInt(slippageBps)),
  };
}

/** The most SOL that the order can take from whoever places it. */
export function mostSol({ terms }: Quote): Lamports {
  if (terms.side === 'sell') return lamports(0n);
  return terms.exact === 'sol' ? terms.sol : terms.maxSol;
}

const BPS = 10_000n;

function termsOf(wanted: Wanted, fill: Fill, slippageBps: bigint): OrderTerms {
  const least = (amount: bigint): bigint => (amount * (BPS - slippageBps)) / BPS;
  switch (wanted.kind) {
    case 'buy_sol':
      return { side: 'buy', exact: 'sol', sol: wanted.sol, minTokens: tokenUnits(least(fill.tokens)) };
    case 'buy_tokens': {
      const maxSol = lamports(ceilDiv(walletSol(fill) * (BPS + slippageBps), BPS));
      return { side: 'buy', exact: 'tokens', tokens: fill.tokens, maxSol };
    }
    case 'sell':
      return { side: 'sell', tokens: wanted.tokens, minSol: lamports(least(walletSol(fill))) };
    default:
      return wanted satisfies never;
  }
}

/** Whether the fill is all that was asked for. */
function takesExactly(wanted: Wanted, fill: Fill): boolean {
  switch (wanted.kind) {
    case 'buy_sol':
      return walletSol(fill) >= wanted.sol;
    case 'buy_tokens':
    case 'sell':
      return fill.tokens === wanted.tokens;
    default:
      return wanted satisfies never;
  }
}

/** What is missing for it; without a quote only tokens are known to be. */
function lackOf(wanted: Wanted, funds: Funds | null, quote?: Quote): Problem | null {
  if (funds === null) return null;
  if (wanted.kind === 'sell') {
    const { tokens: available, staked } = funds;
    if (wanted.tokens <= available) return null;
    return wanted.tokens <= available + staked
      ? { reason: 'tokens_locked', available, staked }
      : { reason: 'insufficient_tokens', needed: wanted.tokens, available };
  }
  if (quote === undefined || quote.walletSol <= funds.sol) return null;
  return { reason: 'insufficient_sol', needed: quote.walletSol, available: funds.sol };
}
