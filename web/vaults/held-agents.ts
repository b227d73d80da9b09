import { useMemo } from 'react';
import type { AgentId } from '../../shared/ids.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { trpc } from '../api.ts';
import { withGraduation, withPrice } from '../live/agent-rows.ts';
import { useGraduations, usePrices } from '../live/hooks.ts';

/** Agents at the prices of now, as far as they are known yet. */
export function useHeldAgents(agentIds: readonly AgentId[]): ReadonlyMap<AgentId, AgentView> {
  const ids = useMemo(() => [...agentIds].sort(), [agentIds]);
  const answers = trpc.useQueries((query) => ids.map((agentId) => query.agent({ agentId })), {
    combine: (results) => results.map(({ data }) => data),
  });
  const prices = usePrices(ids).view;
  const graduations = useGraduations().view;
  return useMemo(() => {
    const graduated = new Map(graduations.map((event) => [event.agentId, event]));
    return new Map(
      answers.flatMap((agent) => {
        if (agent === undefined) return [];
        const priced = withPrice(agent, prices.get(agent.agentId));
        return [[agent.agentId, withGraduation(priced, graduated.get(agent.agentId))] as const];
      }),
    );
  }, [answers, prices, graduations]);
}
