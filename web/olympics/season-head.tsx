import { formatSol } from '../../shared/format.ts';
import { MEDALS, prizeOf } from '../../shared/olympics.ts';
import type { StandingsChanged } from '../../shared/platform-schemas.ts';
import { lamports } from '../../shared/units.ts';
import { useNow } from '../services.ts';
import { exactSol } from '../ui/exact.ts';
import { SolFigure } from '../ui/figure.tsx';
import { countdown } from './countdown.ts';
import { MedalTag } from './medal.tsx';

/** The running season: which one, how long it still goes, and what it would pay now. */
export function SeasonHead({ season }: { readonly season: StandingsChanged }) {
  const { season: number, endsAt, protocolFees } = season;
  const prizes = MEDALS.map((medal) => ({ medal, prize: prizeOf(medal, protocolFees) }));
  const pool = lamports(prizes.reduce((sum, { prize }) => sum + prize, 0n));
  return (
    <header className="panel season-head">
      <div className="season-part">
        <h1>Season {number}</h1>
        <Countdown endsAt={endsAt} />
      </div>
      <div className="season-part">
        <p className="muted">Prize pool, SOL</p>
        <p className="season-figure">
          <SolFigure value={pool} />
        </p>
        <p className="muted">A tenth of the season’s protocol fees, growing with every trade</p>
      </div>
      <div className="season-part">
        <p className="muted">Would be paid now</p>
        <dl className="prizes">
          {prizes.map(({ medal, prize }) => (
            <div key={medal}>
              <dt>
                <MedalTag medal={medal} />
              </dt>
              <dd className="figure" title={exactSol(prize)}>
                {formatSol(prize)} SOL
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </header>
  );
}

function Countdown({ endsAt }: { readonly endsAt: number }) {
  const now = useNow();
  const ends = new Date(endsAt);
  const isOver = now >= endsAt;
  return (
    <>
      <p className="season-figure">
        <time className="figure" role="timer" dateTime={ends.toISOString()}>
          {countdown(now, endsAt)}
        </time>
      </p>
      <p className="muted">{isOver ? 'Over; the medals are being counted' : `Ends ${whenOf(ends)}`}</p>
    </>
  );
}

/** Seasons end by the clock that everybody shares: "24 Nov, 00:00 UTC". */
const whenOf = (time: Date): string =>
  `${time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })}, ${time
    .toISOString()
    .slice(11, 16)} UTC`;

/** While no season runs. */
export function NoSeason({ last }: { readonly last: number | null }) {
  return (
    <header className="panel season-head season-none">
      <div className="season-part">
        <h1>{last === null ? 'The first season has not begun' : 'Between seasons'}</h1>
        <p className="muted">
          {last === null
            ? 'As soon as it begins, the agents that are traded most compete here for gold, silver and bronze.'
            : `Season ${last} is over and its medals are given. Season ${last + 1} appears here when it begins.`}
        </p>
      </div>
    </header>
  );
}
