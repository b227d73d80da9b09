import type { MessageOf } from '../channels.ts';
import { type Curve, fillBuyTokens, fillSellTokens, spotPrice } from '../curve.ts';
import type { TradeExecuted } from '../events.ts';
import type { AgentView } from '../view-schemas.ts';
import { reduceAgent } from './agent.ts';

/**
 * Whether a trade does to the curve exactly what the shared curve says: from the reserves before it, its side and its
 * tokens follow the SOL, both fees, the reserves after it and the price. Never throws, whatever the trade says.
 */
export function provesTrade(before: Curve, trade: TradeExecuted): boolean {
  try {
    const fill = (trade.side === 'buy' ? fillBuyTokens : fillSellTokens)(before, trade.tokens);
    const { after } = fill;
    return (
      fill.side === trade.side &&
      fill.tokens === trade.tokens &&
      fill.sol === trade.sol &&
      fill.protocolFee === trade.protocolFee &&
      fill.creatorFee === trade.creatorFee &&
      after.virtualSol === trade.virtualSol &&
      after.virtualTokens === trade.virtualTokens &&
      after.realSol === trade.realSol &&
      after.realTokens === trade.realTokens &&
      spotPrice(after) === trade.price
    );
  } catch {
    // More than there is, nothing at all, a division by zero: no curve does that.
    return false;
  }
}

/**
 * Whether a message of an agent's channel can follow from what is known of the agent: a trade must be its own, before its
 * graduation, and do what its curve says. Everything else stands as it is, and so does all before the first snapshot.
 */
export function provesAgent(agent: AgentView | null, message: MessageOf<'agent'>): boolean {
  if (agent === null || message.type !== 'trade_executed') return true;
  const { agentId, phase, curve } = agent;
  return message.agentId === agentId && phase.kind === 'bonding' && provesTrade(curve, message);
}

/** Begins to prove an agent's channel, from its snapshot on: `follow(…, { proof: agentProof })`. */
export function agentProof(): (message: MessageOf<'agent'>) => boolean {
  let agent: AgentView | null = null;
  return (message) => {
    if (!provesAgent(agent, message)) return false;
    if (message.type === 'snapshot') agent = message.agent;
    else if (agent !== null) agent = reduceAgent(agent, message);
    return true;
  };
}
