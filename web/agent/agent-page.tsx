import './agent.css';
import { memo } from 'react';
import type { AgentId } from '../../shared/ids.ts';
import { useAgent } from '../live/hooks.ts';
import { AgentTape } from '../tape/agent-tape.tsx';
import { TradeBar } from '../trade/trade-bar.tsx';
import { TradePanel } from '../trade/trade-panel.tsx';
import { Link } from '../ui/link.tsx';
import { ErrorBoundary, Panel, Problem } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useMedia } from '../ui/use-media.ts';
import { useTitle } from '../ui/use-title.ts';
import { AgentHead } from './agent-head.tsx';
import { CandlesPanel } from './candles-panel.tsx';
import { Details } from './details.tsx';
import { GraduationMoment } from './graduation-moment.tsx';
import { PageTitle } from './page-title.tsx';

/** From here on there is room for the trade panel beside the rest. As in agent.css. */
const WIDE = '(min-width: 1024px)';

/** One agent, live. */
export function AgentPage({ agentId }: { readonly agentId: AgentId }) {
  const { view, status, retry } = useAgent(agentId);
  // The one of the two places to trade that does not fit is not only hidden but not there.
  const isWide = useMedia(WIDE);
  if (view === null) {
    return status.kind === 'ended' ? (
      <NoAgent agentId={agentId} why={status.error.message} onRetry={retry} />
    ) : (
      <AgentSkeleton agentId={agentId} />
    );
  }
  const { agent, trades } = view;
  return (
    <main id="main" className="agent-page">
      <PageTitle agentId={agentId} />
      <div className="agent-main">
        <ErrorBoundary name="Figures">
          <AgentHead agent={agent} />
        </ErrorBoundary>
        <CandlesPanel agentId={agentId} symbol={agent.symbol} creator={agent.creator} />
        <AgentTape agent={agent} trades={trades} />
        <Details agent={agent} />
      </div>
      {isWide ? (
        <div className="agent-side">
          <TradePanel agent={agent} />
        </div>
      ) : (
        <TradeBar agent={agent} />
      )}
      <GraduationMoment agentId={agentId} symbol={agent.symbol} />
    </main>
  );
}

interface NoAgentProps {
  readonly agentId: AgentId;
  readonly why: string;
  readonly onRetry: () => void;
}

function NoAgent({ agentId, why, onRetry }: NoAgentProps) {
  useTitle(`Agent ${agentId}`);
  return (
    <main id="main" className="page-lone">
      <h1 className="visually-hidden">Agent {agentId}</h1>
      <div className="panel">
        <Problem what={`Agent ${agentId}`} detail={why} onRetry={onRetry} />
      </div>
      <Link className="back" href="/">
        All agents
      </Link>
    </main>
  );
}

/** The page as it will be, without what is on its way. */
const AgentSkeleton = memo(function AgentSkeleton({ agentId }: { readonly agentId: AgentId }) {
  useTitle(`Agent ${agentId}`);
  return (
    <main id="main" className="agent-page" data-loading="true">
      <h1 className="visually-hidden">Agent {agentId}</h1>
      <div className="agent-main">
        <div className="panel agent-head" />
        <div className="panel price-panel">
          <div className="panel-head" />
          <div className="chart">
            <div className="chart-top" />
            <div className="chart-frame">
              <div className="chart-skeleton" />
            </div>
            <div className="chart-foot" />
          </div>
        </div>
        <Panel title="Trades" className="tape">
          <SkeletonRows rows={10} label="Loading the agent" />
        </Panel>
      </div>
      <div className="agent-side panel" />
    </main>
  );
});
