import { type Curve, INITIAL_CURVE, marketCap, progressBps, spotPrice, tokensSold } from '../curve.ts';
import type { AgentCreated, TradeExecuted } from '../events.ts';
import { lamports } from '../units.ts';
import type { PriceChanged } from '../view-schemas.ts';

/** The price an entry sets: a trade moves it, a creation gives the first one. */
export function priceOf(entry: AgentCreated | TradeExecuted): PriceChanged {
  const curve: Curve = entry.type === 'agent_created' ? INITIAL_CURVE : entry;
  return {
    type: 'price_changed',
    seq: entry.seq,
    at: entry.at,
    agentId: entry.agentId,
    price: spotPrice(curve),
    marketCap: marketCap(curve),
    tokensSold: tokensSold(curve),
    totalValueLocked: lamports(curve.realSol),
    progressBps: progressBps(curve),
  };
}
