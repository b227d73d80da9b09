import {
  formatDecimal,
  type Lamports,
  PRICE_DECIMALS,
  type Price,
  type Rate,
  SOL_DECIMALS,
  TOKEN_DECIMALS,
  type TokenUnits,
} from '../../shared/units.ts';

/** Amounts and times as the wire has them: exact decimal text in whole SOL and whole tokens, and ISO 8601. */
export const solText = (amount: Lamports): string => formatDecimal(amount, SOL_DECIMALS);
/** A gain or a loss: lamports with a sign. */
export const gainText = (lamports: bigint): string => formatDecimal(lamports, SOL_DECIMALS);
export const tokenText = (amount: TokenUnits): string => formatDecimal(amount, TOKEN_DECIMALS);
/** SOL for one whole token. */
export const priceText = (price: Price): string => formatDecimal(price, PRICE_DECIMALS);

const RATE_DECIMALS = 18;
/** A rate of lamports per token unit as SOL per whole token: 10^-18 lamports, 10^-9 SOL each, for 10^-6 tokens. */
export const perTokenText = (rate: Rate): string =>
  formatDecimal(rate, RATE_DECIMALS + SOL_DECIMALS - TOKEN_DECIMALS);
/** A rate of lamports, for a share or for nothing else, as SOL. */
export const fineSolText = (rate: Rate): string => formatDecimal(rate, RATE_DECIMALS + SOL_DECIMALS);

/** lamports / token units is 10^-9 / 10^-6 SOL for a token; in units of 10^-18 that is 10^15 for each. */
const AVERAGE_SCALE = 10n ** BigInt(PRICE_DECIMALS - SOL_DECIMALS + TOKEN_DECIMALS);

/** What one whole token cost on average, in SOL, rounded down to 18 places. */
export const averagePriceText = (sol: Lamports, tokens: TokenUnits): string =>
  formatDecimal((sol * AVERAGE_SCALE) / tokens, PRICE_DECIMALS);

/** @param at milliseconds since the epoch, UTC */
export const timeText = (at: number): string => new Date(at).toISOString();
