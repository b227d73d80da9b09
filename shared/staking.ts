import { type Lamports, lamports, RATE_SCALE, type Rate, rate, type TokenUnits } from './units.ts';

/**
 * Staking rewards: a part of every trade's protocol fee goes to those who have staked tokens of the agent, pro rata.
 * What one staked unit has earned is kept as one growing rate, in 10^-18 lamports; what the division leaves is carried
 * over to the next trade, so nothing is lost and nothing is made.
 */

/** Part of the protocol fee that goes to stakers: a fifth, rounded down. */
export const stakersPart = (protocolFee: Lamports): Lamports => lamports(protocolFee / 5n);

/** What staked tokens of one agent have earned together. */
export interface RewardPool {
  readonly staked: TokenUnits;
  /** Earned by one staked unit since the first stake. */
  readonly rewardPerUnit: Rate;
  /** What goes to the next reward, in 10^-18 lamports: what the last division left, and fractions of stakes that are over. */
  readonly carry: Rate;
}

/** The pool after `reward` lamports came in. Somebody must have staked. */
export function accrue({ staked, rewardPerUnit, carry }: RewardPool, reward: Lamports): RewardPool {
  const scaled = reward * RATE_SCALE + carry;
  return {
    staked,
    rewardPerUnit: rate(rewardPerUnit + scaled / staked),
    carry: rate(scaled % staked),
  };
}

/** What one wallet's stake has earned up to a rate. */
export interface RewardPosition {
  readonly staked: TokenUnits;
  /** Earned up to `rewardPerUnit` and not claimed, in 10^-18 lamports. */
  readonly owed: Rate;
  readonly rewardPerUnit: Rate;
}

/** What the position is owed when a staked unit has earned `rewardPerUnit`, in 10^-18 lamports. */
export const owedAt = ({ staked, owed, rewardPerUnit: since }: RewardPosition, rewardPerUnit: Rate): Rate =>
  rate(owed + staked * (rewardPerUnit - since));

/** Whole lamports of what is owed: what can be claimed. */
export const claimable = (owed: Rate): Lamports => lamports(owed / RATE_SCALE);
