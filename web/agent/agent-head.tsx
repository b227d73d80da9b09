import type { ReactNode } from 'react';
import type { AgentView } from '../../shared/view-schemas.ts';
import { Age } from '../ui/age.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { MarketCapFigure, PriceFigure, SolFigure } from '../ui/figure.tsx';
import { ArrowLeft } from '../ui/icons.tsx';
import { Link } from '../ui/link.tsx';
import { Progress } from '../ui/progress.tsx';

/** What an agent is called and where it stands. */
export function AgentHead({ agent }: { readonly agent: AgentView }) {
  const { symbol, name, createdAt, phase, curve, price, marketCap, volume, trades, progressBps } = agent;
  return (
    <section className="panel agent-head" aria-label={`${symbol}, ${name}`}>
      <div className="agent-title">
        <Link className="back" href="/" aria-label="All agents">
          <ArrowLeft />
        </Link>
        <Avatar seed={agent.mint} imageUrl={agent.imageUrl} size="large" />
        <div className="agent-names">
          <h1>{symbol}</h1>
          <span className="agent-name">{name}</span>
        </div>
        <div className="agent-price">
          <PriceFigure value={price} className="price-large" />
          <span className="muted">SOL</span>
        </div>
      </div>
      <dl className="stats">
        <Stat name="Market cap">
          <MarketCapFigure value={marketCap} />
        </Stat>
        <Stat name="Volume, SOL">
          <SolFigure value={volume} />
        </Stat>
        <Stat name="On the curve, SOL">
          <SolFigure value={curve.realSol} />
        </Stat>
        <Stat name="Trades">
          <span className="figure">{trades.toLocaleString('en-US')}</span>
        </Stat>
        <Stat name={phase.kind === 'graduated' ? 'Graduated' : 'Created'}>
          <Age at={phase.kind === 'graduated' ? phase.at : createdAt} />
        </Stat>
        <Stat name="Graduation">
          <Progress bps={progressBps} phase={phase} />
        </Stat>
      </dl>
    </section>
  );
}

function Stat({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="stat">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
