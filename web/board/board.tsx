import { useMemo } from 'react';
import { trpc } from '../api.ts';
import { withNewAgents } from '../live/agent-rows.ts';
import { useGraduations, useNewAgents, usePrices } from '../live/hooks.ts';
import { boardPath } from '../router.ts';
import { useServices } from '../services.ts';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { AgentRow } from './agent-row.tsx';
import { BOARD_SORTS, type BoardSort, SORT_TITLES } from './sorts.ts';

const PAGE = 50;
/** Rankings change by themselves; prices and new agents come live. */
const RANKING_MS = 10_000;

const EMPTY: Readonly<Record<BoardSort, readonly [title: string, hint: string]>> = {
  new: ['No agents yet', 'The first agent that is created appears here by itself.'],
  trending: ['Quiet for an hour', 'Agents that trade appear here, the most traded first.'],
  final_stretch: ['Nobody is on the final stretch', 'Agents appear here once half of their curve is sold.'],
  graduated: ['Nobody has graduated yet', 'Agents appear here once their curve is sold out.'],
};

/** The list of agents, by the sort in the address. */
export function Board({ sort }: { readonly sort: BoardSort }) {
  const { router } = useServices();
  const tabs = (
    <Tabs
      label="Sort agents"
      options={BOARD_SORTS}
      chosen={sort}
      titleOf={(option) => SORT_TITLES[option]}
      onChoose={(option) => router.navigate(boardPath(option))}
    />
  );
  return (
    <Panel title="Agents" aside={tabs} className="board">
      <AgentList key={sort} sort={sort} />
    </Panel>
  );
}

function AgentList({ sort }: { readonly sort: BoardSort }) {
  const pages = trpc.agents.useInfiniteQuery(
    { sort, limit: PAGE },
    { getNextPageParam: (page) => page.nextCursor, refetchInterval: RANKING_MS },
  );
  const prices = usePrices().view;
  const created = useNewAgents().view;
  const graduated = useGraduations().view;
  const graduations = useMemo(() => new Map(graduated.map((event) => [event.agentId, event])), [graduated]);
  const rows = useMemo(() => {
    const listed = pages.data?.pages.flatMap(({ agents }) => agents);
    return listed !== undefined && sort === 'new' ? withNewAgents(listed, created) : listed;
  }, [pages.data, sort, created]);

  if (rows === undefined) {
    if (pages.error === null) return <SkeletonRows rows={12} label="Loading agents" />;
    return <Problem what="Agents" detail={pages.error.message} onRetry={() => void pages.refetch()} />;
  }
  if (rows.length === 0) {
    const [title, hint] = EMPTY[sort];
    return <Empty title={title}>{hint}</Empty>;
  }
  return (
    <>
      <table className="agents">
        <thead>
          <tr>
            <th scope="col">Agent</th>
            <th scope="col" className="col-number">
              Price, SOL
            </th>
            <th scope="col" className="col-number only-wide">
              Market cap
            </th>
            <th scope="col" className="col-progress">
              Graduation
            </th>
            <th scope="col" className="col-number only-wide">
              Volume
            </th>
            <th scope="col" className="col-number only-wide">
              Last trade
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((agent) => (
            <AgentRow
              key={agent.agentId}
              listed={agent}
              price={prices.get(agent.agentId)}
              graduation={graduations.get(agent.agentId)}
            />
          ))}
        </tbody>
      </table>
      {pages.hasNextPage && (
        <button
          type="button"
          className="button more"
          disabled={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show more agents
        </button>
      )}
    </>
  );
}
