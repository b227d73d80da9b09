import type { AgentId } from '../../shared/ids.ts';
import { trpc } from '../api.ts';
import { agentPath } from '../router.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Link } from '../ui/link.tsx';

interface AgentCellProps {
  readonly agentId: AgentId;
  /** Where it is known; it is asked for otherwise. */
  readonly symbol?: string;
}

/** An agent with its face, its symbol as a link, and its name. */
export function AgentCell({ agentId, symbol }: AgentCellProps) {
  // Who an agent is does not change.
  const agent = trpc.agent.useQuery({ agentId }, { staleTime: Infinity }).data;
  return (
    <span className="agent-cell">
      {agent === undefined ? (
        <span className="avatar" />
      ) : (
        <Avatar seed={agent.mint} imageUrl={agent.imageUrl} />
      )}
      <span className="agent-cell-names">
        <Link className="agent-cell-symbol" href={agentPath(agentId)}>
          {symbol ?? agent?.symbol ?? `#${agentId}`}
        </Link>
        <span className="agent-cell-name muted">{agent?.name ?? ' '}</span>
      </span>
    </span>
  );
}
