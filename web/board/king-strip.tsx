import { Crown } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { RouterOutputs } from '../../server/api/router.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { trpc } from '../api.ts';
import { withGraduation, withPrice } from '../live/agent-rows.ts';
import { useGraduations, usePrices } from '../live/hooks.ts';
import { agentPath, pagePath } from '../router.ts';
import { Age } from '../ui/age.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { MarketCapFigure } from '../ui/figure.tsx';
import { Link } from '../ui/link.tsx';
import { calm } from '../ui/motion.ts';
import { ErrorBoundary, Problem } from '../ui/panel.tsx';
import { percent } from '../ui/percent.ts';
import { problemText } from '../ui/problem-text.ts';
import { Progress } from '../ui/progress.tsx';
import { challengerOf, toDethroneBps } from './challenger.ts';
import { type Dethroned, useDethroned } from './dethroned.ts';
import { Dethroning } from './dethroning.tsx';
import { RANKING_MS, TRENDING } from './listing.ts';

type King = NonNullable<RouterOutputs['king']['king']>;

/** Of those on the final stretch, who is worth most; the others are found among those that trade. */
const LEADERS = { sort: 'final_stretch', order: 'market_cap', limit: 5 } as const;

/** Who is king of the hill, with the moment when that changes. */
export function KingStrip() {
  return (
    <section className="king" aria-label="King of the hill">
      <h2 className="visually-hidden">King of the hill</h2>
      <ErrorBoundary name="King of the hill">
        <Hill />
      </ErrorBoundary>
    </section>
  );
}

function Hill() {
  const { data, error, refetch } = trpc.king.useQuery();
  // It listens to the channel whose news makes the question be asked again.
  const dethroned = useDethroned();
  if (data === undefined) {
    if (error === null) return <div className="king-waiting" role="status" aria-label="Loading the king" />;
    return <Problem what="King of the hill" detail={problemText(error)} onRetry={() => void refetch()} />;
  }
  return data.king === null ? <EmptyHill /> : <Throne king={data.king} {...dethroned} />;
}

function EmptyHill() {
  return (
    <div className="king-empty">
      <Crown size={24} aria-hidden="true" />
      <p>
        <span className="king-empty-title">The hill is empty</span>
        <span className="muted">
          The agent on the curve with the highest market cap is king. The next trade takes it.
        </span>
      </p>
      <Link className="button" href={pagePath('create')}>
        Create agent
      </Link>
    </div>
  );
}

interface ThroneProps extends Dethroned {
  readonly king: King;
}

function Throne({ king: { agent: crownedAgent, crowned }, change, end }: ThroneProps) {
  const agent = useCurrent(crownedAgent);
  const { previousAgentId } = crowned;
  const previous = trpc.agent.useQuery(
    { agentId: previousAgentId ?? agent.agentId },
    { enabled: previousAgentId !== null, staleTime: Infinity },
  ).data;
  // The answer that names the new king may come after the news of it.
  const isNow = change !== null && change.seq <= crowned.seq;
  return (
    <>
      <div className="king-who">
        <span className="king-face">
          <Crown className="king-crown" size={16} aria-hidden="true" />
          <Avatar seed={agent.mint} imageUrl={agent.imageUrl} size="large" />
        </span>
        <span className="king-names">
          <span className="king-title">King of the hill</span>
          <Link className="king-symbol" href={agentPath(agent.agentId)}>
            {agent.symbol}
          </Link>
          <span className="king-name">{agent.name}</span>
        </span>
      </div>
      <dl className="king-facts">
        <Fact name="Market cap" className="king-cap">
          <MarketCapFigure value={agent.marketCap} />
        </Fact>
        <Fact name="Graduation" className="king-progress">
          <Progress bps={agent.progressBps} phase={agent.phase} />
        </Fact>
        <Fact name="King for">
          <Age at={crowned.at} />
        </Fact>
        {previous !== undefined && previousAgentId !== null && (
          <Fact name="Dethroned">
            <Link href={agentPath(previousAgentId)}>{previous.symbol}</Link>
          </Fact>
        )}
        <Challenger king={agent} />
      </dl>
      {isNow && !calm() && (
        <Dethroning
          key={change.seq}
          king={agent}
          previous={previousAgentId === null ? undefined : previous}
          onEnd={end}
        />
      )}
    </>
  );
}

/** The king's answer, carried on by what is live. */
function useCurrent(agent: AgentView): AgentView {
  const price = usePrices([agent.agentId]).view.get(agent.agentId);
  const graduation = useGraduations().view.find(({ agentId }) => agentId === agent.agentId);
  return useMemo(() => withGraduation(withPrice(agent, price), graduation), [agent, price, graduation]);
}

/** Who is next, and how much is missing. */
function Challenger({ king }: { readonly king: AgentView }) {
  const leaders = trpc.agents.useQuery(LEADERS, { refetchInterval: RANKING_MS }).data;
  const trading = trpc.agents.useQuery(TRENDING, { refetchInterval: RANKING_MS }).data;
  const challenger = challengerOf([...(leaders?.agents ?? []), ...(trading?.agents ?? [])], king);
  if (challenger === undefined) return null;
  const bps = toDethroneBps(challenger.marketCap, king.marketCap);
  return (
    <Fact name="Challenger" className="king-challenger">
      <Link href={agentPath(challenger.agentId)}>{challenger.symbol}</Link>{' '}
      <span className="muted">
        needs <span className="figure">+{percent(bps, 1)}</span>
      </span>
    </Fact>
  );
}

interface FactProps {
  readonly name: string;
  readonly className?: string;
  readonly children: ReactNode;
}

function Fact({ name, className = '', children }: FactProps) {
  return (
    <div className={`king-fact ${className}`}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
