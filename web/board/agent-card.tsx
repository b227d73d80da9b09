import { memo, useId } from 'react';
import { formatMarketCap } from '../../shared/format.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { agentPath } from '../router.ts';
import { Age } from '../ui/age.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Change } from '../ui/change.tsx';
import { exactSol } from '../ui/exact.ts';
import { MarketCapFigure, PriceFigure } from '../ui/figure.tsx';
import { Link } from '../ui/link.tsx';
import { Progress } from '../ui/progress.tsx';
import { Sparkline } from '../ui/sparkline.tsx';
import { type Course, courseBps, courseTo } from './courses.ts';
import { QuickBuy } from './quick-buy.tsx';

interface AgentCardProps {
  readonly agent: AgentView;
  /** `undefined` while it is not known. */
  readonly course: Course | undefined;
}

/** One agent on the board, the whole of it a link. It renders again only when the agent or its course has changed. */
export const AgentCard = memo(function AgentCard({ agent, course }: AgentCardProps) {
  const id = useId();
  return (
    <li className="agent-card" data-agent={agent.agentId} data-phase={agent.phase.kind}>
      <div className="card-face">
        <Avatar seed={agent.mint} imageUrl={agent.imageUrl} />
        <span className="card-names">
          <span className="card-title">
            <Link className="card-link" href={agentPath(agent.agentId)} aria-describedby={`${id}-worth`}>
              {agent.symbol}
            </Link>
            <span className="visually-hidden"> created </span>
            <Age at={agent.createdAt} />
          </span>
          <span className="card-name">{agent.name}</span>
        </span>
        <span className="card-worth" id={`${id}-worth`}>
          <span className="card-cap">
            <MarketCapFigure value={agent.marketCap} />
          </span>
          <span className="card-price">
            <PriceFigure value={agent.price} />
          </span>
        </span>
        <span className="card-course">
          <CardCourse course={course && courseTo(course, agent.price)} />
          <span className="card-progress">
            <Progress bps={agent.progressBps} phase={agent.phase} />
            {agent.phase.kind === 'graduated' && <Age at={agent.phase.at} />}
          </span>
        </span>
        <CardActivity agent={agent} />
      </div>
      {agent.phase.kind === 'bonding' && <QuickBuy agent={agent} />}
    </li>
  );
});

/** The last hour; its place is kept while it is not known. */
function CardCourse({ course }: { readonly course: Course | undefined }) {
  return (
    <>
      <Sparkline values={course ?? []} />
      {course === undefined ? <span /> : <Change bps={courseBps(course)} isShort title="In the last hour" />}
    </>
  );
}

/** What was traded so far, and when last. */
function CardActivity({ agent: { volume, trades, lastTradeAt } }: { readonly agent: AgentView }) {
  if (lastTradeAt === null) return <span className="card-activity">No trades yet</span>;
  return (
    <span className="card-activity">
      <span>
        Vol{' '}
        <span className="figure" title={exactSol(volume)}>
          {formatMarketCap(volume)}
        </span>
      </span>
      <span>
        <span className="figure">{trades.toLocaleString('en-US')}</span> {trades === 1 ? 'trade' : 'trades'}
      </span>
      <Age at={lastTradeAt} />
    </span>
  );
}
