import './board.css';
import { useState } from 'react';
import { MarketTape } from '../tape/market-tape.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Board } from './board.tsx';
import { Graduations } from './graduations.tsx';
import type { BoardSort } from './sorts.ts';

const VIEWS = ['agents', 'tape'] as const;
type View = (typeof VIEWS)[number];
const TITLES: Readonly<Record<View, string>> = { agents: 'Agents', tape: 'Trades' };

/** The board with the tape beside it, or, where there is no room for both, one of the two. */
export function BoardPage({ sort }: { readonly sort: BoardSort }) {
  const [view, setView] = useState<View>('agents');
  useTitle('');
  return (
    <main id="main" className="page" data-view={view}>
      <h1 className="visually-hidden">Agents and trades</h1>
      <Tabs
        label="Show"
        options={VIEWS}
        chosen={view}
        titleOf={(option) => TITLES[option]}
        onChoose={setView}
        className="page-views"
      />
      <div className="page-main">
        <Board sort={sort} />
      </div>
      <div className="page-rail">
        <MarketTape />
        <Graduations />
      </div>
    </main>
  );
}
