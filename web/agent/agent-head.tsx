import type { ReactNode } from 'react';
import { fillBuyTokens, TOTAL_SUPPLY } from '../../shared/curve.ts';
import { formatSol } from '../../shared/format.ts';
import { lamports } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { Age } from '../ui/age.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Change } from '../ui/change.tsx';
import { exactSol } from '../ui/exact.ts';
import { MarketCapFigure, PriceFigure, SolFigure } from '../ui/figure.tsx';
import { ArrowLeft } from '../ui/icons.tsx';
import { Link } from '../ui/link.tsx';
import { shareText } from '../ui/percent.ts';
import { Progress } from '../ui/progress.tsx';
import { Tokens } from '../ui/tokens.tsx';
import { CopyableAddress } from './copyable-address.tsx';
import { useChanges } from './use-changes.ts';

/** What an agent is called and where it stands. */
export function AgentHead({ agent }: { readonly agent: AgentView }) {
  const { agentId, symbol, name, mint, price } = agent;
  const { hour, day } = useChanges(agentId, price);
  return (
    <section className="panel agent-head" aria-label={`${symbol}, ${name}`}>
      <div className="agent-title">
        <Link className="icon-button" href="/" aria-label="All agents">
          <ArrowLeft />
        </Link>
        <Avatar seed={mint} imageUrl={agent.imageUrl} size="large" />
        <div className="agent-called">
          <h1>{symbol}</h1>
          <span className="muted">{name}</span>
        </div>
        <CopyableAddress value={mint} what="the mint address" />
        {agent.phase.kind === 'graduated' && <span className="tag">Graduated</span>}
        <div className="agent-price">
          <span className="agent-price-now">
            <PriceFigure value={price} className="price-large" />
            <span className="muted">SOL</span>
          </span>
          <span className="agent-change">
            <Change bps={hour} />
            <span className="muted">1 h</span>
          </span>
        </div>
      </div>
      <Stats agent={agent} day={day} />
    </section>
  );
}

interface StatsProps {
  readonly agent: AgentView;
  readonly day: number | null;
}

function Stats({ agent, day }: StatsProps) {
  const { createdAt, marketCap, volume, trades, staked } = agent;
  return (
    <dl className="stats">
      <Stat name="Market cap">
        <MarketCapFigure value={marketCap} />
      </Stat>
      <Stat name="24 h">
        <Change bps={day} />
      </Stat>
      <Stat name="Volume, SOL">
        <SolFigure value={volume} />
      </Stat>
      <Stat name="Trades">
        <span className="figure">{trades.toLocaleString('en-US')}</span>
      </Stat>
      <Stat name="Staked">
        <Tokens value={staked} /> <span className="figure muted">{shareText(staked, TOTAL_SUPPLY)}</span>
      </Stat>
      <Stat name="Created">
        <Age at={createdAt} />
      </Stat>
      <Graduation agent={agent} />
    </dl>
  );
}

/** How far the agent is from its graduation, and what it takes to get there. */
function Graduation({ agent: { phase, progressBps, curve } }: Pick<StatsProps, 'agent'>) {
  if (phase.kind === 'graduated') {
    return (
      <Stat name="Graduated" aside={<Age at={phase.at} />}>
        <span className="agent-pool">
          Trades in its pool <CopyableAddress value={phase.poolId} what="the pool’s address" />
        </span>
      </Stat>
    );
  }
  // Sold out is not graduated yet: that is the entry after.
  const missing = curve.realTokens === 0n ? lamports(0n) : fillBuyTokens(curve, curve.realTokens).sol;
  return (
    <Stat
      name="Graduation"
      aside={
        <span className="figure" title={`${exactSol(missing)}, before fees`}>
          {formatSol(missing)} SOL to go
        </span>
      }
    >
      <Progress bps={progressBps} phase={phase} />
    </Stat>
  );
}

interface StatProps {
  readonly name: string;
  /** Beside the name. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

function Stat({ name, aside, children }: StatProps) {
  return (
    <div className="stat">
      <dt>
        {name}
        {aside !== undefined && <span className="stat-aside">{aside}</span>}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
