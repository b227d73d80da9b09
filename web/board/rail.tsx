import './rail.css';
import { useState } from 'react';
import { MarketTape } from '../tape/market-tape.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Graduations } from './graduations.tsx';
import { RailActivity } from './rail-activity.tsx';

const VIEWS = ['activity', 'trades', 'graduations'] as const;
type View = (typeof VIEWS)[number];
const TITLES: Readonly<Record<View, string>> = {
  activity: 'Activity',
  trades: 'Trades',
  graduations: 'Graduations',
};

/** What happens in the market, beside the agents. */
export function Rail() {
  const [view, setView] = useState<View>('activity');
  return (
    <div className="rail">
      <Tabs
        label="What happens"
        options={VIEWS}
        chosen={view}
        titleOf={(option) => TITLES[option]}
        onChoose={setView}
        className="rail-tabs"
      />
      <RailView view={view} />
    </div>
  );
}

function RailView({ view }: { readonly view: View }) {
  switch (view) {
    case 'activity':
      return <RailActivity />;
    case 'trades':
      return <MarketTape />;
    case 'graduations':
      return <Graduations />;
    default:
      return view satisfies never;
  }
}
