import { SolFigure } from '../ui/figure.tsx';
import { Gain } from './gain.tsx';
import { gainBps, type Valuation } from './valuation.ts';

/** What the wallet is worth, what that is made of, and what it has gained. */
export function PortfolioHead({ valuation: { sol, totals } }: { readonly valuation: Valuation }) {
  const parts = [
    { name: 'SOL', value: sol },
    { name: 'Holdings', value: totals.holdings },
    { name: 'Vault shares', value: totals.vaults },
    { name: 'To claim', value: totals.claimable },
  ];
  return (
    <header className="panel worth">
      <div className="worth-part">
        <h1>Portfolio</h1>
        <p className="worth-figure">
          <SolFigure value={totals.all} />
          <span className="muted"> SOL</span>
        </p>
        <p className="muted">{noteOf(totals)}</p>
      </div>
      <dl className="worth-part sums">
        {parts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <SolFigure value={value} />
            </dd>
          </div>
        ))}
      </dl>
      <dl className="worth-part gains">
        <div>
          <dt className="muted">Unrealised</dt>
          <dd>
            <Gain
              value={totals.unrealised}
              bps={gainBps(totals.unrealised, totals.cost)}
              className="gain-large"
            />
          </dd>
        </div>
        <div>
          <dt className="muted">Realised</dt>
          <dd>
            <Gain value={totals.realised} className="gain-large" />
          </dd>
        </div>
      </dl>
    </header>
  );
}

/** How the total was come by, and what is not in it. */
function noteOf({ graduated, waiting }: Valuation['totals']): string {
  const missing = [
    ...(graduated > 0
      ? [
          graduated === 1
            ? 'one graduated agent, which trades elsewhere'
            : `${graduated} graduated agents, which trade elsewhere`,
        ]
      : []),
    ...(waiting > 0 ? [`${waiting} of which the value is on its way`] : []),
  ];
  const without = missing.length === 0 ? '' : ` Without ${missing.join(' and ')}.`;
  return `What selling everything would bring now, after fees.${without}`;
}
