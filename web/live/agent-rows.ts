import type { AgentCreated, AgentGraduated } from '../../shared/events.ts';
import type { AgentView, PriceChanged } from '../../shared/view-schemas.ts';
import { createdAgent } from '../../shared/views/agent.ts';
import { curveOf } from '../../shared/views/prices.ts';

/**
 * Puts agents that were created after a list was asked for in front of it. Agents are numbered in order of creation, so
 * those above the list's first are new; lower ones that are not in it belong to its later pages.
 */
export function withNewAgents(
  listed: readonly AgentView[],
  created: readonly AgentCreated[],
): readonly AgentView[] {
  const newest = Number(listed[0]?.agentId ?? 0);
  return [...created.filter(({ agentId }) => Number(agentId) > newest).map(createdAgent), ...listed];
}

/** Carries an agent forward by its live price, if that is newer. */
export function withPrice(agent: AgentView, price: PriceChanged | undefined): AgentView {
  if (price === undefined || price.seq <= agent.seq) return agent;
  return {
    ...agent,
    seq: price.seq,
    curve: curveOf(price),
    price: price.price,
    marketCap: price.marketCap,
    progressBps: price.progressBps,
    volume: price.volume,
    trades: price.trades,
    lastTradeAt: price.at,
  };
}

/** Carries an agent forward by its graduation, if it graduated since. */
export function withGraduation(agent: AgentView, graduation: AgentGraduated | undefined): AgentView {
  if (graduation === undefined || agent.phase.kind === 'graduated') return agent;
  return { ...agent, phase: { kind: 'graduated', poolId: graduation.poolId, at: graduation.at } };
}
