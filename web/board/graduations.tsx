import { formatSol } from '../../shared/format.ts';
import { useGraduations } from '../live/hooks.ts';
import { agentPath } from '../router.ts';
import { Age } from '../ui/age.tsx';
import { exactSol } from '../ui/exact.ts';
import { Link } from '../ui/link.tsx';
import { LivePlaceholder } from '../ui/live-placeholder.tsx';
import { Empty, Panel } from '../ui/panel.tsx';
import { FetchedSymbol, useSymbols } from '../ui/symbols.tsx';

/** The agents that graduated last, each with what its pool began with. */
export function Graduations() {
  const { view, status, retry } = useGraduations();
  const symbols = useSymbols();
  return (
    <Panel title="Graduations">
      {view.length === 0 && (
        <LivePlaceholder what="Graduations" rows={6} status={status} retry={retry}>
          <Empty title="None yet">An agent graduates when its curve is sold out.</Empty>
        </LivePlaceholder>
      )}
      <ol className="rail-body">
        {view.map(({ agentId, sol, at }) => (
          <li key={agentId} className="graduation-row">
            <Link className="graduation-symbol" href={agentPath(agentId)}>
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
