import { memo } from 'react';
import type { AgentView } from '../../shared/view-schemas.ts';
import { trpc } from '../api.ts';
import { agentPath } from '../router.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Change } from '../ui/change.tsx';
import { MarketCapFigure } from '../ui/figure.tsx';
import { Link } from '../ui/link.tsx';
import { ErrorBoundary } from '../ui/panel.tsx';
import { useHeld } from '../ui/use-held.ts';
import { type Course, courseBps, courseTo, useCourses } from './courses.ts';
import { RANKING_MS, steadyRows, TRENDING } from './listing.ts';

const NOBODY: readonly AgentView[] = [];

/** The agents that were traded most in the last hour, in a row. It stands still under the pointer or the focus. */
export function Trending() {
  return (
    <ErrorBoundary name="Trending">
      <TrendingRow />
    </ErrorBoundary>
  );
}

function TrendingRow() {
  const { data, error, refetch } = trpc.agents.useQuery(TRENDING, { refetchInterval: RANKING_MS });
  const agents = data?.agents ?? NOBODY;
  const { shown, handlers } = useHeld(agents);
  const rows = steadyRows(shown, agents);
  const courses = useCourses(rows);
  return (
    <section className="trending" aria-label="Trending" {...handlers}>
      <h2 className="trending-title" title="Most traded in the last hour">
        Trending
      </h2>
      {rows.length > 0 && (
        <ol className="trending-agents">
          {rows.map((agent) => (
            <TrendingAgent key={agent.agentId} agent={agent} course={courses.get(agent.agentId)} />
          ))}
        </ol>
      )}
      {rows.length === 0 && error === null && (
        <p className="muted">
          {data === undefined ? 'Looking at the last hour' : 'Nobody has traded for an hour'}
        </p>
      )}
      {rows.length === 0 && error !== null && (
        <button type="button" className="button" onClick={() => void refetch()}>
          Try again
        </button>
      )}
    </section>
  );
}

interface TrendingAgentProps {
  readonly agent: AgentView;
  readonly course: Course | undefined;
}

const TrendingAgent = memo(function TrendingAgent({ agent, course }: TrendingAgentProps) {
  return (
    <li data-agent={agent.agentId}>
      <Link className="trending-agent" href={agentPath(agent.agentId)}>
        <Avatar seed={agent.mint} imageUrl={agent.imageUrl} size="small" />
        <span className="trending-symbol">{agent.symbol}</span>
        <MarketCapFigure value={agent.marketCap} />
        {course !== undefined && (
          <Change bps={courseBps(courseTo(course, agent.price))} isShort title="In the last hour" />
        )}
      </Link>
    </li>
  );
});
