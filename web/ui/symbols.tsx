import { useMemo } from 'react';
import type { AgentId } from '../../shared/ids.ts';
import { trpc } from '../api.ts';
import { useNewAgents } from '../live/hooks.ts';

const KNOWN = 100;
const FRESH_MS = 60_000;

/** Trades name their agent by number; this knows what people call it. */
export interface Symbols {
  /** `null` when it is not known here. */
  readonly of: (agentId: AgentId) => string | null;
}

/** Knows the symbols of the agents that traded or were created lately. */
export function useSymbols(): Symbols {
  const traded = trpc.agents.useQuery({ sort: 'trending', limit: KNOWN }, { staleTime: FRESH_MS }).data;
  const created = useNewAgents().view;
  return useMemo(() => {
    const symbols = new Map<AgentId, string>();
    for (const { agentId, symbol } of [...(traded?.agents ?? []), ...created]) symbols.set(agentId, symbol);
    return { of: (agentId) => symbols.get(agentId) ?? null };
  }, [traded, created]);
}

/** The symbol of an agent that is not among those known. */
export function FetchedSymbol({ agentId }: { readonly agentId: AgentId }) {
  const agent = trpc.agent.useQuery({ agentId }, { staleTime: Infinity });
  return <>{agent.data?.symbol ?? `#${agentId}`}</>;
}
