import type { RewardsClaimed, Staked, TradeExecuted, Unstaked } from '../../shared/events.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { accrue, claimable, owedAt, type RewardPool, stakersPart } from '../../shared/staking.ts';
import { type Lamports, lamports, RATE_SCALE, type Rate, rate, tokenUnits } from '../../shared/units.ts';
import type { Agent } from './agent.ts';
import type { ClaimRewards, MoveStake } from './command.ts';
import { accepted, type Decision, rejected, type Stamp } from './decision.ts';
import { type Ledger, LedgerError, tokensOf } from './ledger.ts';

/** The stakes in one agent. */
export interface StakePool {
  /** Replaced, never changed: a reader may keep it. */
  pool: RewardPool;
  readonly stakes: Map<WalletAddress, Stake>;
  /** Lamports that came in so far, and those of them that were claimed. */
  rewards: Lamports;
  claimed: Lamports;
}

/** A wallet's stake; the tokens are in the ledger under the agent's stakers. */
export interface Stake {
  readonly staked: bigint;
  readonly owed: Rate;
  readonly rewardPerUnit: Rate;
}

export type StakePools = Map<AgentId, StakePool>;

const EMPTY: RewardPool = { staked: tokenUnits(0n), rewardPerUnit: rate(0n), carry: rate(0n) };
const NO_STAKE = { staked: tokenUnits(0n), owed: rate(0n), rewardPerUnit: rate(0n) };

const positionOf = (found: StakePool | undefined, wallet: WalletAddress) => {
  const stake = found?.stakes.get(wallet);
  return stake === undefined ? NO_STAKE : { ...stake, staked: tokenUnits(stake.staked) };
};

/** What the wallet has staked in the agent. */
export const stakeOf = (pools: StakePools, agentId: AgentId, wallet: WalletAddress) =>
  positionOf(pools.get(agentId), wallet).staked;

/** What staking depends on, of the market's state. */
interface StakingState {
  readonly agents: ReadonlyMap<AgentId, Agent>;
  readonly ledger: Ledger;
  readonly pools: StakePools;
}

/** Decides a stake or its end, in an agent that exists. */
export function decideStake(state: StakingState, command: MoveStake, { seq, at }: Stamp): Decision {
  const { agentId, wallet, tokens } = command;
  const agent = state.agents.get(agentId);
  if (agent === undefined) return rejected({ reason: 'agent_not_found', agentId });
  const found = state.pools.get(agentId);
  const { staked, rewardPerUnit } = found?.pool ?? EMPTY;
  const stake = positionOf(found, wallet).staked;
  const common = { seq, at, agentId, wallet, tokens, rewardPerUnit };
  if (command.kind === 'unstake') {
    if (tokens > stake) return rejected({ reason: 'insufficient_stake', needed: tokens, available: stake });
    const after = { stake: tokenUnits(stake - tokens), totalStaked: tokenUnits(staked - tokens) };
    return accepted([{ type: 'unstaked', ...common, ...after }]);
  }
  // Nothing is traded on the curve any more, so there is nothing to earn.
  if (agent.phase.kind === 'graduated') return rejected({ reason: 'agent_graduated', agentId });
  const available = tokensOf(state.ledger, agentId, wallet);
  if (tokens > available) return rejected({ reason: 'insufficient_tokens', needed: tokens, available });
  const after = { stake: tokenUnits(stake + tokens), totalStaked: tokenUnits(staked + tokens) };
  return accepted([{ type: 'staked', ...common, ...after }]);
}

/** Pays the whole lamports of what the wallet is owed; what is less than one stays owed. */
export function decideClaim(
  state: StakingState,
  { agentId, wallet }: ClaimRewards,
  { seq, at }: Stamp,
): Decision {
  if (!state.agents.has(agentId)) return rejected({ reason: 'agent_not_found', agentId });
  const found = state.pools.get(agentId);
  const { rewardPerUnit } = found?.pool ?? EMPTY;
  const sol = claimable(owedAt(positionOf(found, wallet), rewardPerUnit));
  if (sol === 0n) return rejected({ reason: 'nothing_to_claim', agentId });
  return accepted([{ type: 'rewards_claimed', seq, at, agentId, wallet, sol, rewardPerUnit }]);
}

/** The stakers' part of a trade's protocol fee: nothing while nobody has staked. */
export function rewardOf(pools: StakePools, { agentId, protocolFee }: TradeExecuted): Lamports {
  const found = pools.get(agentId);
  return found === undefined || found.pool.staked === 0n ? lamports(0n) : stakersPart(protocolFee);
}

/** Shares a reward among the stakers. */
export function foldReward(pools: StakePools, agentId: AgentId, reward: Lamports): void {
  const found = pools.get(agentId);
  if (found === undefined || reward === 0n) return;
  found.pool = accrue(found.pool, reward);
  found.rewards = lamports(found.rewards + reward);
}

/** @throws LedgerError when the entry is not what the pool comes to */
export function foldStake(pools: StakePools, entry: Staked | Unstaked | RewardsClaimed): void {
  const { agentId, wallet, rewardPerUnit } = entry;
  let found = pools.get(agentId);
  if (found === undefined) {
    found = { pool: EMPTY, stakes: new Map(), rewards: lamports(0n), claimed: lamports(0n) };
    pools.set(agentId, found);
  }
  const { pool } = found;
  const position = positionOf(found, wallet);
  const owed = owedAt(position, rewardPerUnit);
  if (rewardPerUnit !== pool.rewardPerUnit) throw new LedgerError(`rewards of agent ${agentId} do not fit`);
  if (entry.type === 'rewards_claimed') {
    found.claimed = lamports(found.claimed + entry.sol);
    setStake(found, wallet, { ...position, owed: rate(owed - entry.sol * RATE_SCALE), rewardPerUnit });
    return;
  }
  const moved = entry.type === 'staked' ? entry.tokens : -entry.tokens;
  if (entry.totalStaked !== pool.staked + moved || entry.stake !== position.staked + moved) {
    throw new LedgerError(`stakes in agent ${agentId} do not fit`);
  }
  found.pool = { ...pool, staked: entry.totalStaked };
  setStake(found, wallet, { staked: entry.stake, owed, rewardPerUnit });
}

/** A stake that is over and owed less than a lamport is forgotten; the fraction goes to those who come after. */
function setStake(found: StakePool, wallet: WalletAddress, stake: Stake): void {
  if (stake.staked > 0n || stake.owed >= RATE_SCALE) {
    found.stakes.set(wallet, stake);
    return;
  }
  found.stakes.delete(wallet);
  found.pool = { ...found.pool, carry: rate(found.pool.carry + stake.owed) };
}
