import { memo, type RefObject, useLayoutEffect, useRef } from 'react';
import { formatSol } from '../../shared/format.ts';
import { MEDALS, type MedalKind, prizeOf } from '../../shared/olympics.ts';
import type { Standing } from '../../shared/platform-schemas.ts';
import type { Lamports } from '../../shared/units.ts';
import { AgentName } from '../ui/agent-name.tsx';
import { exactSol } from '../ui/exact.ts';
import { SolFigure } from '../ui/figure.tsx';
import { mayAnimate } from '../ui/motion.ts';
import { Empty } from '../ui/panel.tsx';
import { MedalTag } from './medal.tsx';

interface StandingsProps {
  /** Best first. */
  readonly standings: readonly Standing[];
  readonly protocolFees: Lamports;
}

/** Who leads the running season, and what each medal would pay now. */
export function Standings({ standings, protocolFees }: StandingsProps) {
  if (standings.length === 0) {
    return (
      <Empty title="Nobody has scored yet">
        The first trade of the season puts its agent here. The three best get a medal.
      </Empty>
    );
  }
  return (
    <table className="table standings">
      <thead>
        <tr>
          <th scope="col" className="number col-rank">
            <span className="visually-hidden">Rank</span>
          </th>
          <th scope="col">Agent</th>
          <th scope="col" className="number">
            Score, SOL
          </th>
          <th scope="col" className="number only-wide">
            Traders
          </th>
          <th scope="col">Medal</th>
          <th scope="col" className="number only-wide">
            Prize now, SOL
          </th>
        </tr>
      </thead>
      <tbody>
        {standings.map((standing, index) => {
          const medal = MEDALS[index];
          return (
            <StandingRow
              key={standing.agentId}
              standing={standing}
              rank={index + 1}
              {...(medal === undefined ? {} : { medal, prize: prizeOf(medal, protocolFees) })}
            />
          );
        })}
      </tbody>
    </table>
  );
}

interface StandingRowProps {
  readonly standing: Standing;
  readonly rank: number;
  readonly medal?: MedalKind;
  readonly prize?: Lamports;
}

const StandingRow = memo(function StandingRow({ standing, rank, medal, prize }: StandingRowProps) {
  const { agentId, symbol, score, traders } = standing;
  return (
    <tr ref={useMove(rank)} data-agent={agentId} data-rank={rank}>
      <td className="number col-rank">
        <span className="figure muted">{rank}</span>
      </td>
      <th scope="row">
        <AgentName agentId={agentId} symbol={symbol} />
      </th>
      <td className="number">
        <SolFigure value={score} />
      </td>
      <td className="number only-wide">
        <span className="figure">{traders}</span>
      </td>
      <td>{medal !== undefined && <MedalTag medal={medal} />}</td>
      <td className="number only-wide">
        {prize !== undefined && (
          <span className="figure" title={exactSol(prize)}>
            {formatSol(prize)}
          </span>
        )}
      </td>
    </tr>
  );
});

const MOVE_MS = 200;

/** A row that changes its rank glides there from where it was. Rows are equally high, so nothing has to be measured. */
function useMove(rank: number): RefObject<HTMLTableRowElement | null> {
  const row = useRef<HTMLTableRowElement>(null);
  const shown = useRef(rank);
  useLayoutEffect(() => {
    const by = shown.current - rank;
    shown.current = rank;
    if (by === 0 || row.current === null || !mayAnimate(row.current)) return;
    row.current.animate([{ transform: `translateY(${by * 100}%)` }, { transform: 'none' }], {
      duration: MOVE_MS,
      easing: 'ease-out',
    });
  }, [rank]);
  return row;
}
