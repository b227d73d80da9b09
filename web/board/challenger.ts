import { CHALLENGE_BPS } from '../../shared/kings.ts';
import { ceilDiv, type Lamports } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';

const BPS = 10_000n;

/**
 * By how much a challenger's market cap must grow to take the hill, in basis points, rounded up; 0 when it would now. No
 * agent's market cap is 0: a curve begins with a price.
 */
export function toDethroneBps(challenger: Lamports, king: Lamports): number {
  const needed = ceilDiv(king * (BPS + CHALLENGE_BPS), challenger) - BPS;
  return needed > 0n ? Number(needed) : 0;
}

/** The agent on the curve that is worth most after the king; `undefined` when there is none. */
export function challengerOf(agents: readonly AgentView[], king: AgentView): AgentView | undefined {
  const others = agents.filter(({ agentId, phase }) => agentId !== king.agentId && phase.kind === 'bonding');
  return others.reduce<AgentView | undefined>(
    (best, agent) => (best === undefined || agent.marketCap > best.marketCap ? agent : best),
    undefined,
  );
}
