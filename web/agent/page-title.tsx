import { useCallback, useSyncExternalStore } from 'react';
import { formatPrice } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import { useAgentHandle } from '../live/hooks.ts';
import { useServices } from '../services.ts';
import { useTitle } from '../ui/use-title.ts';

/** Names the tab after an agent and its price. Once a second: a browser takes its time over a title. */
export function PageTitle({ agentId }: { readonly agentId: AgentId }) {
  const { clock } = useServices();
  const handle = useAgentHandle(agentId);
  const title = useCallback(() => {
    const agent = handle.get().view?.agent;
    return agent === undefined ? '' : `${agent.symbol} ${formatPrice(agent.price)}`;
  }, [handle]);
  useTitle(useSyncExternalStore(clock.subscribe, title));
  return null;
}
