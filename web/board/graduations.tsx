import { formatSol } from '../../shared/format.ts';
import { useGraduations } from '../live/hooks.ts';
import { agentPath } from '../router.ts';
import { Age } from '../ui/age.tsx';
import { exactSol } from '../ui/figure.tsx';
import { Link } from '../ui/link.tsx';
import { Empty, Panel } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { FetchedSymbol, useSymbols } from '../ui/symbols.tsx';

const SHOWN = 5;

/** The agents that graduated last. */
export function Graduations() {
  const { view, status } = useGraduations();
  const symbols = useSymbols();
  return (
    <Panel title="Graduations" className="graduations">
      {view.length === 0 && status.kind === 'waiting' && (
        <SkeletonRows rows={2} label="Loading graduations" />
      )}
      {view.length === 0 && status.kind !== 'waiting' && (
        <Empty title="None yet">An agent graduates when its curve is sold out.</Empty>
      )}
      <ol className="graduation-rows">
        {view.slice(0, SHOWN).map(({ agentId, sol, at }) => (
          <li key={agentId} className="graduation-row">
            <Link className="tape-symbol" href={agentPath(agentId)}>
              {symbols.of(agentId) ?? <FetchedSymbol agentId={agentId} />}
            </Link>
            <span className="figure muted" title={exactSol(sol)}>
              {formatSol(sol)} SOL
            </span>
            <Age at={at} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}
