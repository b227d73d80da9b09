import './agent.css';
import { formatPrice } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { useAgent } from '../live/hooks.ts';
import { Tape } from '../tape/tape.tsx';
import { Address } from '../ui/address.tsx';
import { Link } from '../ui/link.tsx';
import { Empty, ErrorBoundary, Panel, Problem } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useTitle } from '../ui/use-title.ts';
import { AgentHead } from './agent-head.tsx';
import { CandlesPanel } from './candles-panel.tsx';
import { Holders } from './holders.tsx';

/** One agent, live. */
export function AgentPage({ agentId }: { readonly agentId: AgentId }) {
  const { view, status, retry } = useAgent(agentId);
  useTitle(view === null ? `Agent ${agentId}` : `${view.agent.symbol} ${formatPrice(view.agent.price)}`);

  if (view === null) {
    return (
      <main id="main" className="page-lone">
        <Panel title={`Agent ${agentId}`}>
          {status.kind === 'ended' ? (
            <Problem what={`Agent ${agentId}`} detail={status.error.message} onRetry={retry} />
          ) : (
            <SkeletonRows rows={14} label="Loading the agent" />
          )}
        </Panel>
        <Link className="back" href="/">
          All agents
        </Link>
      </main>
    );
  }
  const { agent, trades } = view;
  return (
    <main id="main" className="page page-agent">
      <div className="page-main">
        <ErrorBoundary name="Figures">
          <AgentHead agent={agent} />
        </ErrorBoundary>
        <CandlesPanel agentId={agentId} />
        <div className="page-pair">
          <Holders agentId={agentId} creator={agent.creator} />
          <About agent={agent} />
        </div>
      </div>
      <Tape
        title="Trades"
        trades={trades}
        total={agent.trades}
        placeholder={<Empty title="No trades yet">The first buy appears here the moment it is done.</Empty>}
      />
    </main>
  );
}

function About({ agent }: { readonly agent: AgentView }) {
  const { purpose, creator, mint, phase } = agent;
  return (
    <Panel title="About" className="about">
      <div className="about-body">
        <p className="purpose">{purpose === '' ? 'Its creator has not said what it is for.' : purpose}</p>
        <dl className="facts">
          <dt>Creator</dt>
          <dd>
            <Address value={creator} />
          </dd>
          <dt>Mint</dt>
          <dd>
            <Address value={mint} />
          </dd>
          {phase.kind === 'graduated' && (
            <>
              <dt>Pool</dt>
              <dd>
                <Address value={phase.poolId} />
              </dd>
            </>
          )}
        </dl>
      </div>
    </Panel>
  );
}
