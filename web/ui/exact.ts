import { formatDecimal, PRICE_DECIMALS, SOL_DECIMALS, TOKEN_DECIMALS } from '../../shared/units.ts';

/** Amounts to their last unit, for tooltips and where a few units decide. */

export const exactSol = (value: bigint): string => `${formatDecimal(value, SOL_DECIMALS)} SOL`;

/** In SOL per token. */
export const exactPrice = (value: bigint): string => `${formatDecimal(value, PRICE_DECIMALS)} SOL`;

export const exactTokens = (value: bigint, symbol = 'tokens'): string =>
  `${formatDecimal(value, TOKEN_DECIMALS)} ${symbol}`;
