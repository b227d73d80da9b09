import {
  ceilDiv,
  type Lamports,
  lamports,
  RATE_SCALE,
  type Rate,
  rate,
  type Shares,
  type TokenUnits,
} from './units.ts';

/**
 * Shares of a vault, as in ERC-4626 with virtual shares and assets: 1,000 shares that nobody has stand against one
 * lamport that nobody paid in. That is the first price of a share, and it makes the inflation attack a loss: whoever
 * raises the price of a share before another's first deposit gives most of what it cost to the shares nobody has.
 * (OpenZeppelin, ERC4626, "Security concern: inflation attack".)
 */
export const VIRTUAL_SHARES = 1_000n;
export const VIRTUAL_LAMPORTS = 1n;
/** Agents a vault may hold tokens of at a time. */
export const MAX_POSITIONS = 20;
const BPS = 10_000n;

/** Shares for `sol` lamports put into a vault of this value, rounded down. May be any number, 2^63 and more. */
export const sharesFor = (sol: Lamports, netAssetValue: Lamports, totalShares: Shares): bigint =>
  (sol * (totalShares + VIRTUAL_SHARES)) / (netAssetValue + VIRTUAL_LAMPORTS);

/** The part of `balance` that belongs to `shares`, rounded down: SOL or tokens alike. */
export const partOf = (balance: bigint, shares: Shares, totalShares: Shares): bigint =>
  (balance * shares) / (totalShares + VIRTUAL_SHARES);

/** What a share is worth, in 10^-18 lamports, rounded down. */
export const shareValue = (netAssetValue: Lamports, totalShares: Shares): Rate =>
  rate(((netAssetValue + VIRTUAL_LAMPORTS) * RATE_SCALE) / (totalShares + VIRTUAL_SHARES));

export interface PerformanceFee {
  /** Shares made for the manager; may be any number. */
  readonly feeShares: bigint;
  readonly highWaterMark: Rate;
}

/**
 * The performance fee that is due: `feeBps` of what all shares are worth above the high-water mark, as new shares for
 * the manager, rounded down. The mark rises to what a share is worth after that.
 */
export function performanceFee(
  { netAssetValue, totalShares }: { readonly netAssetValue: Lamports; readonly totalShares: Shares },
  { feeBps, highWaterMark }: { readonly feeBps: number; readonly highWaterMark: Rate },
): PerformanceFee {
  const worth = netAssetValue + VIRTUAL_LAMPORTS;
  const total = totalShares + VIRTUAL_SHARES;
  const gain = worth - ceilDiv(highWaterMark * total, RATE_SCALE);
  if (gain <= 0n) return { feeShares: 0n, highWaterMark };
  const fee = (gain * BigInt(feeBps)) / BPS;
  const feeShares = (fee * total) / (worth - fee);
  const after = ceilDiv(worth * RATE_SCALE, total + feeShares);
  return { feeShares, highWaterMark: rate(after > highWaterMark ? after : highWaterMark) };
}

/** Reserves of a graduated agent's pool, which is a constant product without virtual reserves. */
export interface PoolReserves {
  readonly sol: Lamports;
  readonly tokens: TokenUnits;
}

/** What `tokens` would bring in the pool, before its fees, rounded down. */
export const poolProceeds = ({ sol, tokens: reserve }: PoolReserves, tokens: bigint): Lamports =>
  lamports((tokens * sol) / (reserve + tokens));

/** Of a vault without anything: what its first share costs. */
export const FIRST_SHARE_VALUE = rate((VIRTUAL_LAMPORTS * RATE_SCALE) / VIRTUAL_SHARES);
