import { formatSol, formatTokens } from '../../shared/format.ts';
import { formatDecimal, lamports, RATE_SCALE, type Rate, tokenUnits } from '../../shared/units.ts';

/**
 * How shares are shown: as people count them, one share is what one SOL bought first, which is 10^12 of the smallest.
 * So every vault's share begins at 1 SOL.
 */
const SHARE_DECIMALS = 12;
const SHARE = 10n ** BigInt(SHARE_DECIMALS);
/** As whole tokens are shown, which have fewer decimals. */
const TO_TOKEN_DECIMALS = 10n ** 6n;

/** "12.4", "1.24K", "<0.01". */
export const formatShares = (shares: bigint): string =>
  shares > 0n && shares < TO_TOKEN_DECIMALS ? '<0.01' : formatTokens(tokenUnits(shares / TO_TOKEN_DECIMALS));

export const exactShares = (shares: bigint): string => `${formatDecimal(shares, SHARE_DECIMALS)} shares`;

/** What one share is worth, in SOL without its unit. */
export const formatShareValue = (value: Rate): string => formatSol(lamports((value * SHARE) / RATE_SCALE));
