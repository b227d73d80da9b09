import { keepPreviousData } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import type { AgentView } from '../../shared/view-schemas.ts';
import { trpc } from '../api.ts';
import { useServices } from '../services.ts';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { problemText } from '../ui/problem-text.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useHeld } from '../ui/use-held.ts';
import { type BoardFilter, choicesMade } from './address.ts';
import { AgentCard } from './agent-card.tsx';
import { useCourses } from './courses.ts';
import { isShown, listInput, RANKING_MS, steadyRows } from './listing.ts';
import { type BoardSort, SORT_TITLES } from './sorts.ts';

/** Cards whose courses are asked for together. */
const TOGETHER = 50;
const MINUTE_MS = 60_000;
const NOBODY: readonly AgentView[] = [];

const EMPTY: Readonly<Record<BoardSort, readonly [title: string, hint: string]>> = {
  new: ['No agents yet', 'The first agent that is created appears here by itself.'],
  final_stretch: ['Nobody is on the final stretch', 'Agents appear here once half of their curve is sold.'],
  graduated: ['Nobody has graduated yet', 'Agents appear here once their curve is sold out.'],
};

interface ColumnProps {
  readonly sort: BoardSort;
  readonly filter: BoardFilter;
  readonly onClear: () => void;
}

/** One list of agents. Its order stands still under the pointer or the focus; the figures in it do not. */
export function Column({ sort, filter, onClear }: ColumnProps) {
  const { pages, agents } = useAgents(sort, filter);
  const { shown, isHeld, release, handlers } = useHeld(agents ?? NOBODY);
  const rows = useMemo(() => steadyRows(shown, agents ?? NOBODY), [shown, agents]);
  const waiting = isHeld && agents !== undefined ? newcomers(agents, rows) : 0;
  return (
    <Panel
      title={SORT_TITLES[sort]}
      className="column"
      data-sort={sort}
      aria-busy={pages.isPlaceholderData}
      aside={
        waiting > 0 && (
          <button type="button" className="waiting" onClick={release}>
            {waiting} new
          </button>
        )
      }
      {...handlers}
    >
      <div className="column-body">
        {agents === undefined && pages.error === null && <SkeletonRows rows={6} label="Loading agents" />}
        {agents === undefined && pages.error !== null && (
          <Problem
            what={SORT_TITLES[sort]}
            detail={problemText(pages.error)}
            onRetry={() => void pages.refetch()}
          />
        )}
        {agents !== undefined && rows.length === 0 && (
          <NoAgents sort={sort} isFiltered={choicesMade(filter) > 0} onClear={onClear} />
        )}
        {rows.length > 0 && (
          <ul className="cards" aria-label={SORT_TITLES[sort]}>
            {chunks(rows, TOGETHER).map((some, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the first fifty, the next fifty
              <Cards key={index} agents={some} />
            ))}
          </ul>
        )}
        {pages.hasNextPage && (
          <button
            type="button"
            className="button more"
            disabled={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Show more
          </button>
        )}
      </div>
    </Panel>
  );
}

/** The list as the server has it, carried on live; `undefined` until it has answered. */
function useAgents(sort: BoardSort, filter: BoardFilter) {
  const { clock, serverClock } = useServices();
  // From when the filter was chosen, so that the question stays the same.
  const input = useMemo(() => listInput(sort, filter, serverClock.now()), [sort, filter, serverClock]);
  const pages = trpc.agents.useInfiniteQuery(input, {
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: RANKING_MS,
    placeholderData: keepPreviousData,
  });
  const minute = useSyncExternalStore(clock.subscribe, () => Math.floor(serverClock.now() / MINUTE_MS));
  const { data } = pages;
  const agents = useMemo(
    () =>
      data?.pages
        .flatMap((page) => page.agents)
        .filter((agent) => isShown(agent, filter, minute * MINUTE_MS)),
    [data, filter, minute],
  );
  return { pages, agents };
}

interface NoAgentsProps extends Omit<ColumnProps, 'filter'> {
  readonly isFiltered: boolean;
}

function NoAgents({ sort, isFiltered, onClear }: NoAgentsProps) {
  const [title, hint] = EMPTY[sort];
  if (!isFiltered) return <Empty title={title}>{hint}</Empty>;
  return (
    <div className="blank">
      <p className="blank-title">Nobody passes the filters</p>
      <p>Who does appears here within seconds.</p>
      <button type="button" className="button" onClick={onClear}>
        Clear filters
      </button>
    </div>
  );
}

function Cards({ agents }: { readonly agents: readonly AgentView[] }) {
  const courses = useCourses(agents);
  return agents.map((agent) => (
    <AgentCard key={agent.agentId} agent={agent} course={courses.get(agent.agentId)} />
  ));
}

/** How many are in the list that are not among the rows. */
function newcomers(agents: readonly AgentView[], rows: readonly AgentView[]): number {
  const ids = new Set(rows.map(({ agentId }) => agentId));
  return agents.filter(({ agentId }) => !ids.has(agentId)).length;
}

const chunks = <T,>(items: readonly T[], length: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / length) }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  );
