import { STANDINGS_LENGTH } from '../../shared/olympics.ts';
import type { Standing, StandingsChanged } from '../../shared/platform-schemas.ts';
import { ranking, type Season } from '../market/season.ts';
import type { ViewsState } from './views.ts';

/** The first agents of the season, best first. */
export const standingsOf = ({ agents }: Readonly<ViewsState>, season: Season, length: number): Standing[] =>
  ranking(season, length).map((ranked) => {
    const agent = agents.get(ranked.agentId);
    if (agent === undefined) throw new RangeError(`unknown agent ${ranked.agentId} has a score`);
    return { ...ranked, symbol: agent.symbol };
  });

/** The running season as it stands; `null` when there is none. */
export function standingsChanged(views: Readonly<ViewsState>): StandingsChanged | null {
  const { season, seasonChange } = views;
  if (season === null) return null;
  return {
    type: 'standings_changed',
    seq: seasonChange.seq,
    at: seasonChange.at,
    season: season.season,
    endsAt: season.endsAt,
    protocolFees: season.protocolFees,
    standings: standingsOf(views, season, STANDINGS_LENGTH),
  };
}
