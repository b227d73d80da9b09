import type { AgentId } from '../../shared/ids.ts';
import { tokenUnits } from '../../shared/units.ts';
import type { Mind } from './mind.ts';
import type { Player } from './players.ts';

const CLAIM_CHANCE = 0.5;
const UNSTAKE_CHANCE = 0.5;

/**
 * A trader claims what its stakes have earned, takes one back, or stakes half of something it holds.
 * @returns whether there was anything to do
 */
export async function moveStake(
  { wallet, api }: Player,
  { mind, live }: { readonly mind: Mind; readonly live: ReadonlySet<AgentId> },
): Promise<boolean> {
  const { random } = mind;
  const { stakes } = await api.stakes({ wallet });
  const claims = stakes.filter(({ claimable }) => claimable > 0n);
  const claim = random.next() < CLAIM_CHANCE ? random.pick(claims) : undefined;
  if (claim !== undefined) {
    await api.claimRewards({ ...mind.order(), agentId: claim.agentId });
    return true;
  }
  const stake = random.next() < UNSTAKE_CHANCE ? random.pick(stakes) : undefined;
  if (stake !== undefined && stake.staked > 0n) {
    await api.unstake({ ...mind.order(), agentId: stake.agentId, tokens: stake.staked });
    return true;
  }
  const { holdings } = await api.portfolio({ wallet });
  const free = holdings.filter(({ agentId, tokens, staked }) => live.has(agentId) && tokens - staked > 1n);
  const holding = random.pick(free);
  if (holding === undefined) return false;
  const tokens = tokenUnits((holding.tokens - holding.staked) / 2n);
  await api.stake({ ...mind.order(), agentId: holding.agentId, tokens });
  return true;
}
