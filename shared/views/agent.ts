import { INITIAL_CURVE, marketCap, progressBps, spotPrice } from '../curve.ts';
import type {
  AgentCreated,
  AgentGraduated,
  RewardsClaimed,
  Staked,
  TradeExecuted,
  Unstaked,
} from '../events.ts';
import { lamports, tokenUnits } from '../units.ts';
import type { AgentView } from '../view-schemas.ts';

/** The view of an agent right after its creation. */
export function createdAgent(created: AgentCreated): AgentView {
  return {
    agentId: created.agentId,
    name: created.name,
    symbol: created.symbol,
    purpose: created.purpose,
    imageUrl: created.imageUrl,
    creator: created.creator,
    mint: created.mint,
    createdAt: created.at,
    seq: created.seq,
    phase: { kind: 'bonding' },
    curve: INITIAL_CURVE,
    price: spotPrice(INITIAL_CURVE),
    marketCap: marketCap(spotPrice(INITIAL_CURVE)),
    progressBps: 0,
    volume: lamports(0n),
    trades: 0,
    lastTradeAt: null,
    staked: tokenUnits(0n),
  };
}

export type AgentEntry = TradeExecuted | AgentGraduated | Staked | Unstaked | RewardsClaimed;

/** Folds an entry of this agent into its view. */
export function reduceAgent(view: AgentView, entry: AgentEntry): AgentView {
  switch (entry.type) {
    case 'trade_executed': {
      const curve = {
        virtualSol: entry.virtualSol,
        virtualTokens: entry.virtualTokens,
        realSol: entry.realSol,
        realTokens: entry.realTokens,
      };
      // Written out: this is done for every trade, and a spread of so many fields costs more than all the rest.
      return {
        agentId: view.agentId,
        name: view.name,
        symbol: view.symbol,
        purpose: view.purpose,
        imageUrl: view.imageUrl,
        creator: view.creator,
        mint: view.mint,
        createdAt: view.createdAt,
        seq: entry.seq,
        phase: view.phase,
        curve,
        price: entry.price,
        marketCap: marketCap(entry.price),
        progressBps: progressBps(curve),
        volume: lamports(view.volume + entry.sol),
        trades: view.trades + 1,
        lastTradeAt: entry.at,
        staked: view.staked,
      };
    }
    case 'agent_graduated':
      return { ...view, seq: entry.seq, phase: { kind: 'graduated', poolId: entry.poolId, at: entry.at } };
    case 'staked':
    case 'unstaked':
      return { ...view, seq: entry.seq, staked: entry.totalStaked };
    case 'rewards_claimed':
      return { ...view, seq: entry.seq };
    default:
      return entry satisfies never;
  }
}
