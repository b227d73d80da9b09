import './olympics.css';
import { useState } from 'react';
import type { SeasonEnded } from '../../shared/events.ts';
import { useOlympics } from '../live/hooks.ts';
import { AgentName } from '../ui/agent-name.tsx';
import { Panel, Problem } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useTitle } from '../ui/use-title.ts';
import { EarlierSeasons, LastSeason } from './past-seasons.tsx';
import { NoSeason, SeasonHead } from './season-head.tsx';
import { Standings } from './standings.tsx';

/** The season that runs, live, and those that are over. */
export function OlympicsPage() {
  const { view, status, retry } = useOlympics();
  const { season, last } = view;
  useTitle('Olympics');
  if (status.kind !== 'live' && season === null && last === null) {
    return (
      <main id="main" className="page-olympics">
        <h1 className="visually-hidden">Olympics</h1>
        <Panel title="Olympics">
          {status.kind === 'ended' ? (
            <Problem what="Olympics" detail={status.error.message} onRetry={retry} />
          ) : (
            <SkeletonRows rows={14} label="Loading the season" />
          )}
        </Panel>
      </main>
    );
  }
  return (
    <main id="main" className="page-olympics">
      <div>
        {season === null ? <NoSeason last={last?.season ?? null} /> : <SeasonHead season={season} />}
        <JustEnded last={last} />
      </div>
      <div className="olympics-columns">
        <Panel title="Standings" className="olympics-standings">
          {season === null ? (
            <p className="panel-body muted">They begin with the season.</p>
          ) : (
            <Standings standings={season.standings} protocolFees={season.protocolFees} />
          )}
        </Panel>
        <div className="olympics-side">
          {last !== null && <LastSeason season={last} />}
          {last !== null && <EarlierSeasons last={last.season} />}
          <Rules />
        </div>
      </div>
    </main>
  );
}

/** Says that a season has ended while one watches. It is always in the page, so that screen readers hear it. */
function JustEnded({ last }: { readonly last: SeasonEnded | null }) {
  const [known] = useState(last?.season ?? 0);
  const gold = last?.medals[0];
  return (
    <div role="status">
      {last !== null && last.season > known && (
        <div className="season-news">
          <p>
            Season {last.season} is over.{gold === undefined ? ' Nobody traded.' : ' Gold goes to'}
          </p>
          {gold !== undefined && <AgentName agentId={gold.agentId} />}
        </div>
      )}
    </div>
  );
}

function Rules() {
  return (
    <Panel title="How it is scored">
      <ul className="panel-body rules muted">
        <li>An agent’s score is the SOL that was traded in it during the season.</li>
        <li>A wallet’s own round trips within a minute count once.</li>
        <li>The prizes are paid to the creators of the three best agents: half, three tenths and a fifth.</li>
      </ul>
    </Panel>
  );
}
