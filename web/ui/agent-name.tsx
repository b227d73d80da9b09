import type { ReactNode } from 'react';
import type { AgentId } from '../../shared/ids.ts';
import { trpc } from '../api.ts';
import { agentPath } from '../router.ts';
import { Avatar } from './avatar.tsx';
import { Link } from './link.tsx';

interface AgentInfo {
  /** The agent's number, until more is known. */
  readonly symbol: string;
  readonly name: string | null;
  readonly mint: string | null;
  readonly imageUrl: string | null;
}

/** Who an agent is, asked for once: that does not change. */
export function useAgentInfo(agentId: AgentId): AgentInfo {
  const agent = trpc.agent.useQuery({ agentId }, { staleTime: Infinity }).data;
  return agent ?? { symbol: `#${agentId}`, name: null, mint: null, imageUrl: null };
}

interface AgentNameProps {
  readonly agentId: AgentId;
  /** Where it is known already. */
  readonly symbol?: string;
  /** Nothing but the symbol where there is room for columns. */
  readonly isSmall?: boolean;
  /** Below the symbol; the agent's name where nothing is given. */
  readonly detail?: ReactNode;
  /** Takes its place where there is no room for columns. */
  readonly narrowDetail?: ReactNode;
}

/** An agent's face and its symbol, which leads to it. */
export function AgentName({ agentId, symbol, isSmall = false, detail, narrowDetail }: AgentNameProps) {
  const agent = useAgentInfo(agentId);
  const { mint } = agent;
  return (
    <div className="agent-name">
      {mint === null ? (
        <span className={isSmall ? 'avatar avatar-small' : 'avatar'} />
      ) : (
        <Avatar seed={mint} imageUrl={agent.imageUrl} size={isSmall ? 'small' : 'usual'} />
      )}
      <div className="name-lines">
        <Link className="name-symbol" href={agentPath(agentId)}>
          {symbol ?? agent.symbol}
        </Link>
        {!isSmall && (
          <span className={`name-detail muted ${narrowDetail === undefined ? '' : 'only-wide'}`}>
            {detail ?? agent.name}
          </span>
        )}
        {narrowDetail !== undefined && <span className="name-detail muted only-narrow">{narrowDetail}</span>}
      </div>
    </div>
  );
}
