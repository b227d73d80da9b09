import {
  ceilDiv,
  type Lamports,
  lamports,
  type Price,
  price,
  type TokenUnits,
  tokenUnits,
  UNITS_PER_TOKEN,
} from './units.ts';

/**
 * The bonding curve: constant product over virtual reserves, with the constants and the rounding of pump.fun's
 * mainnet program. Every function is exact; the recorded trades in the tests reproduce to the lamport.
 */
export interface Curve {
  /** Reserves the price is computed from. */
  readonly virtualSol: Lamports;
  readonly virtualTokens: TokenUnits;
  /** SOL the curve really holds. */
  readonly realSol: Lamports;
  /** Tokens still for sale; 0 means sold out, which is graduation. */
  readonly realTokens: TokenUnits;
}

export type Side = 'buy' | 'sell';

/** What a trade does, exactly. `sol` is what moves on the curve, before fees. */
export interface Fill {
  readonly side: Side;
  readonly tokens: TokenUnits;
  readonly sol: Lamports;
  readonly protocolFee: Lamports;
  readonly creatorFee: Lamports;
  readonly after: Curve;
}

export const TOTAL_SUPPLY = tokenUnits(1_000_000_000n * UNITS_PER_TOKEN);
/** Tokens sold on the curve; the rest of the supply goes to the pool at graduation. */
export const CURVE_SUPPLY = tokenUnits(793_100_000n * UNITS_PER_TOKEN);
/** Tokens that never trade on the curve. */
export const POOL_SUPPLY = tokenUnits(TOTAL_SUPPLY - CURVE_SUPPLY);
export const PROTOCOL_FEE_BPS = 95n;
export const CREATOR_FEE_BPS = 30n;
const BPS = 10_000n;
const PRICE_SCALE = 10n ** 9n;

export const INITIAL_CURVE: Curve = {
  virtualSol: lamports(30n * 10n ** 9n),
  virtualTokens: tokenUnits(1_073_000_000n * UNITS_PER_TOKEN),
  realSol: lamports(0n),
  realTokens: CURVE_SUPPLY,
};

/** Protocol's share of a trade of `sol` lamports: 95 bps, rounded up. */
export const protocolFee = (sol: bigint): bigint => ceilDiv(sol * PROTOCOL_FEE_BPS, BPS);
/** Creator's share of a trade of `sol` lamports: 30 bps, rounded up. */
export const creatorFee = (sol: bigint): bigint => ceilDiv(sol * CREATOR_FEE_BPS, BPS);

/** Lamports the wallet pays (buy) or receives (sell), fees included. */
export function walletSol(fill: Pick<Fill, 'side' | 'sol' | 'protocolFee' | 'creatorFee'>): Lamports {
  const fees = fill.protocolFee + fill.creatorFee;
  return lamports(fill.side === 'buy' ? fill.sol + fees : fill.sol - fees);
}

/** Lamports of curve cost for exactly `tokens`: ⌊t·vs/(vt−t)⌋+1. */
const costOf = (curve: Curve, tokens: bigint): bigint =>
  (tokens * curve.virtualSol) / (curve.virtualTokens - tokens) + 1n;

/** Buys exactly `tokens`, or what is left when that is less. @throws RangeError for zero tokens or a sold-out curve. */
export function fillBuyTokens(curve: Curve, tokens: TokenUnits): Fill {
  const taken = tokens < curve.realTokens ? tokens : curve.realTokens;
  if (taken <= 0n) throw new RangeError('nothing to buy');
  const cost = costOf(curve, taken);
  return {
    side: 'buy',
    tokens: taken,
    sol: lamports(cost),
    protocolFee: lamports(protocolFee(cost)),
    creatorFee: lamports(creatorFee(cost)),
    after: {
      virtualSol: lamports(curve.virtualSol + cost),
      virtualTokens: tokenUnits(curve.virtualTokens - taken),
      realSol: lamports(curve.realSol + cost),
      realTokens: tokenUnits(curve.realTokens - taken),
    },
  };
}

/**
 * The most tokens whose cost, both fees included, does not exceed `spend`; at most what is left. 0 when `spend`
 * does not pay for a single unit.
 */
export function tokensForSpend(curve: Curve, spend: Lamports): TokenUnits {
  const total = (cost: bigint): bigint => cost + protocolFee(cost) + creatorFee(cost);
  // Rounding the fees up adds less than two lamports, so the largest affordable cost is at most two below this.
  let cost = (spend * BPS) / (BPS + PROTOCOL_FEE_BPS + CREATOR_FEE_BPS);
  while (cost > 0n && total(cost) > spend) cost -= 1n;
  if (cost <= 0n) return tokenUnits(0n);
  // ⌊t·vs/(vt−t)⌋+1 ≤ c  ⇔  t·vs < c·(vt−t)  ⇔  t ≤ ⌊(c·vt−1)/(vs+c)⌋
  const affordable = (cost * curve.virtualTokens - 1n) / (curve.virtualSol + cost);
  return tokenUnits(affordable < curve.realTokens ? affordable : curve.realTokens);
}

/** Sells exactly `tokens` for ⌊t·vs/(vt+t)⌋. @throws RangeError for zero tokens or more than was ever bought. */
export function fillSellTokens(curve: Curve, tokens: TokenUnits): Fill {
  if (tokens <= 0n || tokens > CURVE_SUPPLY - curve.realTokens) throw new RangeError('nothing to sell');
  const proceeds = (tokens * curve.virtualSol) / (curve.virtualTokens + tokens);
  return {
    side: 'sell',
    tokens,
    sol: lamports(proceeds),
    protocolFee: lamports(protocolFee(proceeds)),
    creatorFee: lamports(creatorFee(proceeds)),
    after: {
      virtualSol: lamports(curve.virtualSol - proceeds),
      virtualTokens: tokenUnits(curve.virtualTokens + tokens),
      realSol: lamports(curve.realSol - proceeds),
      realTokens: tokenUnits(curve.realTokens + tokens),
    },
  };
}

/** Lamports that selling `tokens` would bring now, after fees; 0 when the fees would take it all. */
export function saleProceeds(curve: Curve, tokens: TokenUnits): Lamports {
  if (tokens === 0n) return lamports(0n);
  const { sol, protocolFee: protocol, creatorFee: creator } = fillSellTokens(curve, tokens);
  const net = sol - protocol - creator;
  return lamports(net > 0n ? net : 0n);
}

/** Price of one whole token at the margin, in 10^-18 SOL, rounded down. */
export const spotPrice = (curve: Curve): Price =>
  price((curve.virtualSol * UNITS_PER_TOKEN * PRICE_SCALE) / curve.virtualTokens);

/**
 * Price times the total supply, in lamports, rounded down. The supply is 10^9 tokens and a price counts 10^-18 SOL, so
 * the number is the price's own.
 */
export const marketCap = (price: Price): Lamports => lamports(price);

/** Tokens sold on the curve so far. */
export const tokensSold = (curve: Curve): TokenUnits => tokenUnits(CURVE_SUPPLY - curve.realTokens);

/** Progress to graduation in basis points, 0 to 10,000, rounded down: 10,000 only when sold out. */
export const progressBps = (curve: Curve): number => Number((tokensSold(curve) * BPS) / CURVE_SUPPLY);

/**
 * How far the average price of the fill (before fees) is from the spot price before it, in basis points, rounded
 * up and never negative: 150 on a buy means 1.5 % dearer, on a sell 1.5 % cheaper.
 */
export function priceImpactBps(before: Curve, fill: Fill): number {
  const paid = fill.sol * before.virtualTokens;
  const spot = fill.tokens * before.virtualSol;
  const against = fill.side === 'buy' ? paid - spot : spot - paid;
  return against <= 0n ? 0 : Number(ceilDiv(against * BPS, spot));
}

/** The invariant of the curve; it never falls. */
export const product = (curve: Curve): bigint => curve.virtualSol * curve.virtualTokens;
