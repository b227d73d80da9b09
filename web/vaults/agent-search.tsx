import { useDeferredValue, useState } from 'react';
import { formatMarketCap } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import { trpc } from '../api.ts';
import { Avatar } from '../ui/avatar.tsx';
import { TextField } from '../ui/form-field.tsx';
import { Problem } from '../ui/panel.tsx';
import { problemText } from '../ui/problem-text.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';

const SHOWN = 6;

/** Finds an agent by its symbol or name, for whoever chooses one. Without a search, the most traded now. */
export function AgentSearch({ onChoose }: { readonly onChoose: (agentId: AgentId) => void }) {
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const { data, error, refetch } = trpc.agents.useQuery(
    search === '' ? { order: 'last_trade', limit: SHOWN } : { search, limit: SHOWN },
    { placeholderData: (before) => before },
  );
  const found = data?.agents.filter(({ phase }) => phase.kind === 'bonding');
  return (
    <div className="vault-form">
      <TextField
        label="Agent"
        type="search"
        placeholder="Symbol or name"
        maxLength={64}
        value={text}
        onChange={({ target }) => setText(target.value)}
        hint={search === '' ? 'Traded last' : `Agents that match “${search}”`}
      />
      {found === undefined ? (
        error === null ? (
          <SkeletonRows rows={SHOWN} label="Loading agents" />
        ) : (
          <Problem what="Agents" detail={problemText(error)} onRetry={() => void refetch()} />
        )
      ) : (
        <ul className="found-agents">
          {found.map(({ agentId, symbol, name, mint, imageUrl, marketCap }) => (
            <li key={agentId}>
              <button
                type="button"
                className="found-agent"
                data-agent={agentId}
                onClick={() => onChoose(agentId)}
              >
                <Avatar seed={mint} imageUrl={imageUrl} size="small" />
                <span className="found-symbol">{symbol}</span>
                <span className="found-name muted">{name}</span>
                <span className="figure muted">{formatMarketCap(marketCap)}</span>
              </button>
            </li>
          ))}
          {found.length === 0 && <li className="muted">No agent on its curve matches.</li>}
        </ul>
      )}
    </div>
  );
}
