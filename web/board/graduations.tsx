import { formatSol } from '../../shared/format.ts';
import { useGraduations } from '../live/hooks.ts';
import { agentPath } from '../router.ts';
import { Age } from '../ui/age.tsx';
import { exactSol } from '../ui/figure.tsx';
import { Link } from '../ui/link.tsx';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { FetchedSymbol, useSymbols } from '../ui/symbols.tsx';

/** The agents that graduated last, each with what its pool began with. */
export function Graduations() {
  const { view, status, retry } = useGraduations();
  const symbols = useSymbols();
  return (
    <Panel title="Graduations" className="graduations">
      {view.length === 0 && <Placeholder status={status} retry={retry} />}
      <ol className="graduation-rows rail-body">
        {view.map(({ agentId, sol, at }) => (
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

function Placeholder({ status, retry }: Pick<ReturnType<typeof useGraduations>, 'status' | 'retry'>) {
  switch (status.kind) {
    case 'waiting':
      return <SkeletonRows rows={6} label="Loading graduations" />;
    case 'ended':
      return <Problem what="Graduations" detail={status.error.message} onRetry={retry} />;
    case 'live':
      return <Empty title="None yet">An agent graduates when its curve is sold out.</Empty>;
    default:
      return status satisfies never;
  }
}
