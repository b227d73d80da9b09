import { tokensSold } from '../curve.ts';
import type { AgentView, PriceChanged } from '../view-schemas.ts';

/** The price that an agent's last trade left, or its first one. */
export function priceOf(agent: AgentView): PriceChanged {
  const { curve } = agent;
  return {
    type: 'price_changed',
    seq: agent.seq,
    at: agent.lastTradeAt ?? agent.createdAt,
    agentId: agent.agentId,
    price: agent.price,
    marketCap: agent.marketCap,
    tokensSold: tokensSold(curve),
    totalValueLocked: curve.realSol,
    progressBps: agent.progressBps,
    volume: agent.volume,
    trades: agent.trades,
  };
}
