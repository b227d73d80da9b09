import './board.css';
import './cards.css';
import './king.css';
import './dethroning.css';
import './trending.css';
import { useGraduations, useNewAgents, usePrices } from '../live/hooks.ts';
import { boardPath } from '../router.ts';
import { useRoute, useServices } from '../services.ts';
import { Tabs } from '../ui/tabs.tsx';
import { useTitle } from '../ui/use-title.ts';
import { type BoardAddress, type BoardFilter, NO_FILTER, PLAIN_BOARD } from './address.ts';
import { Column } from './column.tsx';
import { Filters, FiltersButton } from './filters.tsx';
import { KingStrip } from './king-strip.tsx';
import { useLayout } from './layout.ts';
import { Rail } from './rail.tsx';
import { BOARD_SORTS, type BoardSort, SORT_TITLES } from './sorts.ts';
import { Trending } from './trending.tsx';

/** The market at a glance: its king, who is traded most, all agents in three lists, and what happens beside them. */
export function BoardPage({ sort }: { readonly sort: BoardSort }) {
  const route = useRoute();
  const layout = useLayout();
  useTitle('');
  const board = route.kind === 'board' ? route : PLAIN_BOARD;
  const showsAgents = layout === 'rail' || !board.rail;
  const sorts = layout === 'one' ? [sort] : BOARD_SORTS;
  const { change, changeFilter } = useAddress(board);
  return (
    <main id="main" className="board" data-layout={layout}>
      <h1 className="visually-hidden">Agents and trades</h1>
      <LiveAgents />
      <div className="panel hill">
        <KingStrip />
        <Trending />
      </div>
      <div className="board-bar">
        {layout === 'one' && <ListTabs board={board} onChange={change} />}
        {layout === 'columns' && <RailTabs board={board} onChange={change} />}
        {showsAgents && layout === 'one' && <FiltersButton filter={board.filter} onChange={changeFilter} />}
        {showsAgents && layout !== 'one' && <Filters filter={board.filter} onChange={changeFilter} />}
      </div>
      {showsAgents && (
        <div className="columns">
          {sorts.map((each) => (
            <Column key={each} sort={each} filter={board.filter} onClear={() => changeFilter(NO_FILTER)} />
          ))}
        </div>
      )}
      {(layout === 'rail' || board.rail) && <Rail />}
    </main>
  );
}

/** Keeps open the channels that carry the lists on, without rendering anything for their news. */
function LiveAgents() {
  usePrices();
  useNewAgents();
  useGraduations();
  return null;
}

function useAddress(board: BoardAddress) {
  const { router } = useServices();
  const change = (changed: Partial<BoardAddress>): void =>
    router.navigate(boardPath({ ...board, ...changed }));
  return { change, changeFilter: (filter: BoardFilter): void => change({ filter }) };
}

interface TabsProps {
  readonly board: BoardAddress;
  readonly onChange: (changed: Partial<BoardAddress>) => void;
}

const LISTS = [...BOARD_SORTS, 'live'] as const;

/** Where one list fits: which, or the rail. */
function ListTabs({ board, onChange }: TabsProps) {
  return (
    <Tabs
      label="Show"
      options={LISTS}
      chosen={board.rail ? 'live' : board.sort}
      titleOf={(option) => (option === 'live' ? 'Live' : SORT_TITLES[option])}
      onChoose={(option) => onChange(option === 'live' ? { rail: true } : { rail: false, sort: option })}
      className="board-tabs"
    />
  );
}

const SIDES = ['agents', 'live'] as const;

/** Where all lists fit but the rail beside them does not: one of the two. */
function RailTabs({ board, onChange }: TabsProps) {
  return (
    <Tabs
      label="Show"
      options={SIDES}
      chosen={board.rail ? 'live' : 'agents'}
      titleOf={(option) => (option === 'live' ? 'Live' : 'Agents')}
      onChoose={(option) => onChange({ rail: option === 'live' })}
      className="board-tabs"
    />
  );
}
