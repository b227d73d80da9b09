import { useEffect, useRef } from 'react';
import type { Medal, SeasonEnded } from '../../shared/events.ts';
import { formatSol } from '../../shared/format.ts';
import { trpc } from '../api.ts';
import { Address } from '../ui/address.tsx';
import { Age } from '../ui/age.tsx';
import { AgentName } from '../ui/agent-name.tsx';
import { exactSol } from '../ui/exact.ts';
import { MoreRow } from '../ui/more-row.tsx';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { problemText } from '../ui/problem-text.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { MedalTag } from './medal.tsx';

const PAGE = 10;

/** How the season before this one ended. */
export function LastSeason({ season }: { readonly season: SeasonEnded }) {
  return (
    <Panel title={`Season ${season.season} results`} aside={<Age at={season.at} />}>
      {season.medals.length === 0 ? (
        <Empty title="No medals">Nobody traded in season {season.season}.</Empty>
      ) : (
        <ol className="winners">
          {season.medals.map((medal) => (
            <Winner key={medal.medal} won={medal} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Winner({ won }: { readonly won: Medal }) {
  const { medal, agentId, creator, score, traders, prize } = won;
  return (
    <li className="winner" data-agent={agentId}>
      <div className="winner-who">
        <AgentName agentId={agentId} />
        <MedalTag medal={medal} />
      </div>
      <dl className="sums">
        <div>
          <dt>Score</dt>
          <dd>
            <span className="figure" title={exactSol(score)}>
              {formatSol(score)} SOL
            </span>{' '}
            <span className="muted">
              of {traders} {traders === 1 ? 'trader' : 'traders'}
            </span>
          </dd>
        </div>
        <div>
          <dt>
            Prize, to <Address value={creator} />
          </dt>
          <dd className="figure" title={exactSol(prize)}>
            {formatSol(prize)} SOL
          </dd>
        </div>
      </dl>
    </li>
  );
}

/** The seasons before the last one, newest first. */
export function EarlierSeasons({ last }: { readonly last: number }) {
  const pages = trpc.seasons.useInfiniteQuery(
    { limit: PAGE },
    { getNextPageParam: (page) => page.nextCursor },
  );
  const { refetch } = pages;
  const asked = useRef(last);
  useEffect(() => {
    // One that ended since is not in what was answered.
    if (asked.current !== last) void refetch();
    asked.current = last;
  }, [last, refetch]);
  const seasons = pages.data?.pages.flatMap((page) => page.seasons).filter(({ season }) => season < last);
  if (seasons?.length === 0) return null;
  return (
    <Panel title="Earlier seasons">
      {seasons === undefined ? (
        pages.error === null ? (
          <SkeletonRows rows={3} label="Loading earlier seasons" />
        ) : (
          <Problem what="Earlier seasons" detail={problemText(pages.error)} onRetry={() => void refetch()} />
        )
      ) : (
        <ol>
          {seasons.map((season) => (
            <EarlierSeason key={season.season} ended={season} />
          ))}
        </ol>
      )}
      <MoreRow pages={pages}>Show more seasons</MoreRow>
    </Panel>
  );
}

function EarlierSeason({ ended }: { readonly ended: SeasonEnded }) {
  const { season, at, medals } = ended;
  return (
    <li className="earlier-season" data-season={season}>
      <div className="earlier-head">
        <h3>Season {season}</h3>
        <Age at={at} />
      </div>
      {medals.length === 0 ? (
        <p className="muted">Nobody traded.</p>
      ) : (
        <ul className="earlier-medals">
          {medals.map(({ medal, agentId, prize }) => (
            <li key={medal}>
              <MedalTag medal={medal} />
              <AgentName agentId={agentId} />
              <span className="figure" title={exactSol(prize)}>
                {formatSol(prize)} SOL
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
