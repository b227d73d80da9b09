import { type Curve, saleProceeds, tokensSold } from '../../shared/curve.ts';
import type { Stake } from '../../shared/platform-schemas.ts';
import { claimable, owedAt } from '../../shared/staking.ts';
import type { Lamports, Rate, TokenUnits } from '../../shared/units.ts';

/** What somebody has, at the news of now. Both come on channels of their own: either may be ahead of the other. */

/** What selling `tokens` would bring on a curve, after fees; of more than was sold by then, what that would bring. */
export function proceedsNow(curve: Curve, tokens: TokenUnits): Lamports {
  const sold = tokensSold(curve);
  return saleProceeds(curve, tokens < sold ? tokens : sold);
}

/** What a stake can claim when a staked unit has earned that much, which never falls; `undefined` while it is not known. */
export function claimableNow(stake: Stake, rewardPerUnit: Rate | undefined): Lamports {
  const isBehind = rewardPerUnit === undefined || rewardPerUnit < stake.rewardPerUnit;
  return claimable(isBehind ? stake.owed : owedAt(stake, rewardPerUnit));
}
