import { type Curve, INITIAL_CURVE, marketCap, product, spotPrice } from '../../shared/curve.ts';
import type { AgentCreated, AgentGraduated, Entry, KingChanged, TradeExecuted } from '../../shared/events.ts';
import type { AgentId } from '../../shared/ids.ts';
import { lamports } from '../../shared/units.ts';
import type { Agent } from './agent.ts';
import { foldTake } from './faucet.ts';
import { crown, moveContender, retireContender } from './hill.ts';
import {
  applyTransfers,
  assertReserves,
  creatorFeeAccount,
  curveAccount,
  LedgerError,
  type TradeAccounts,
  transfersOf,
} from './ledger.ts';
import { type OrderKey, rememberOrder } from './orders.ts';
import { scoreTrade, startSeason } from './season.ts';
import { foldReward, foldStake, rewardOf } from './staking.ts';
import type { MarketState } from './state.ts';
import { foldVault, foldVaultCredit, foldVaultTrade } from './vaults.ts';

/** The order that an entry is the first answer to. */
export interface Order extends OrderKey {
  /** The command's parameters in one canonical text; equal texts are the same request. */
  readonly request: string;
  /** How many entries the command made, the first included. */
  readonly entries: number;
}

const NO_TRADE: TradeAccounts = { agent: undefined, reward: lamports(0n) };

/**
 * Folds one entry into the state, in place. Deterministic: no clock, no randomness, no I/O.
 * @throws LedgerError when the entry breaks an invariant (a hole in seq, a negative balance, a falling product,
 *   reserves that the ledger does not hold); the state must then be thrown away.
 */
export function evolve(state: MarketState, entry: Entry, order: Order | null): void {
  if (entry.seq !== state.seq + 1) throw new LedgerError(`entry ${entry.seq} does not follow ${state.seq}`);
  if (entry.type === 'trade_executed') {
    foldTrade(state, entry);
  } else {
    applyTransfers(state.ledger, transfersOf(entry, NO_TRADE));
    foldOther(state, entry);
  }
  state.seq = entry.seq;
  state.at = entry.at;
  if (order !== null) {
    const { request, entries } = order;
    rememberOrder(state.orders, order, { request, firstSeq: entry.seq, entries });
  }
}

function foldTrade(state: MarketState, trade: TradeExecuted): void {
  const { agentId, virtualSol, virtualTokens, realSol, realTokens, price } = trade;
  const { ledger, pools, season } = state;
  const [traded, before] = bonding(state, agentId);
  const reward = rewardOf(pools, trade);
  applyTransfers(ledger, transfersOf(trade, { agent: traded, reward }));
  foldReward(pools, agentId, reward);
  const curve: Curve = { virtualSol, virtualTokens, realSol, realTokens };
  if (product(curve) < product(before)) throw new LedgerError(`product of agent ${agentId} fell`);
  assertReserves(ledger, traded, curve);
  traded.phase = { kind: 'bonding', curve };
  moveContender(state.hill, traded, marketCap(price));
  if (season !== null) scoreTrade(season, trade);
  foldVaultTrade(state.vaults, trade);
}

function foldOther(state: MarketState, entry: Exclude<Entry, TradeExecuted>): void {
  switch (entry.type) {
    case 'agent_created':
      state.agents.set(entry.agentId, createdAgent(entry));
      state.symbols.set(entry.symbol, entry.agentId);
      break;
    case 'agent_graduated':
      foldGraduation(state, entry);
      break;
    case 'king_changed':
      foldKing(state, entry);
      break;
    case 'season_ended':
      state.season = null;
      break;
    case 'season_started':
      state.season = startSeason(entry);
      break;
    case 'staked':
    case 'unstaked':
    case 'rewards_claimed':
      foldStake(state.pools, entry);
      break;
    case 'vault_created':
    case 'vault_deposited':
    case 'vault_withdrawn':
      foldVault(state.vaults, entry);
      break;
    case 'wallet_credited':
      foldVaultCredit(state.vaults, entry.wallet, entry.sol);
      if (entry.source === 'faucet') foldTake(state.faucet, entry);
      break;
    default:
      entry satisfies never;
  }
}

const createdAgent = ({ agentId, symbol, creator }: AgentCreated): Agent => ({
  agentId,
  symbol,
  creator,
  curveAccount: curveAccount(agentId),
  feeAccount: creatorFeeAccount(creator),
  phase: { kind: 'bonding', curve: INITIAL_CURVE },
  marketCap: marketCap(spotPrice(INITIAL_CURVE)),
  place: null,
});

function foldGraduation(state: MarketState, { agentId, poolId, sol }: AgentGraduated): void {
  const [graduated] = bonding(state, agentId);
  graduated.phase = { kind: 'graduated', poolId, poolSol: sol };
  retireContender(state.hill, graduated);
}

function foldKing({ agents, hill }: MarketState, entry: KingChanged): void {
  const { agentId, previousAgentId } = entry;
  const next = agentId === null ? undefined : agents.get(agentId);
  const former = previousAgentId === null ? undefined : agents.get(previousAgentId);
  crown(hill, entry, { next, formerStays: former?.phase.kind === 'bonding' });
}

function bonding({ agents }: MarketState, agentId: AgentId): [Agent, Curve] {
  const agent = agents.get(agentId);
  if (agent?.phase.kind !== 'bonding') throw new LedgerError(`agent ${agentId} is not on its curve`);
  return [agent, agent.phase.curve];
}
