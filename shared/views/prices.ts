import { type Curve, INITIAL_CURVE, tokensSold } from '../curve.ts';
import { lamports, tokenUnits } from '../units.ts';
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

/** The curve that a price was taken from: what is sold and what is locked say all of the reserves. */
export const curveOf = ({ tokensSold: sold, totalValueLocked: locked }: PriceChanged): Curve => ({
  virtualSol: lamports(INITIAL_CURVE.virtualSol + locked),
  virtualTokens: tokenUnits(INITIAL_CURVE.virtualTokens - sold),
  realSol: locked,
  realTokens: tokenUnits(INITIAL_CURVE.realTokens - sold),
});
