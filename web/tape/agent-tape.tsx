import { useCallback, useState } from 'react';
import type { TradeExecuted } from '../../shared/events.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import type { PlacedTrade } from '../orders/orders.ts';
import { useOwnWallet } from '../services.ts';
import { Empty } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { ALL_TRADES, isShown, showsAll, type TapeFilter } from './filter.ts';
import { Tape } from './tape.tsx';
import { TapeFilters } from './tape-filters.tsx';
import { useChosenTrades } from './use-chosen-trades.ts';
import { useTapeRows } from './use-tape-rows.ts';
import { useWalletLabels } from './wallet-labels.ts';

interface AgentTapeProps {
  readonly agent: Pick<AgentView, 'agentId' | 'creator' | 'trades'>;
  /** The newest ones of the agent, newest first. */
  readonly trades: readonly TradeExecuted[];
}

/** The trades of one agent, with who made them; all of them or some. */
export function AgentTape({ agent, trades }: AgentTapeProps) {
  const { agentId, creator } = agent;
  const [filter, setFilter] = useState(ALL_TRADES);
  const you = useOwnWallet();
  const chosen = useChosenTrades(agentId, filter);
  const labelsOf = useWalletLabels(creator);
  const belongs = useCallback(
    (placed: PlacedTrade) => {
      const { side, sol } = placed.fill;
      return placed.agentId === agentId && isShown({ side, sol, trader: placed.trader }, filter, you);
    },
    [agentId, filter, you],
  );
  const rows = useTapeRows(chosen?.trades ?? trades, belongs);
  return (
    <Tape
      title="Trades"
      list={`${filter.side} ${filter.atLeast}`}
      rows={rows}
      total={chosen?.total ?? agent.trades}
      labelsOf={labelsOf}
      toolbar={<TapeFilters filter={filter} onChange={setFilter} />}
      placeholder={
        chosen?.isLooking === true ? (
          <SkeletonRows rows={4} label="Looking for trades" />
        ) : (
          <Nothing filter={filter} isSignedIn={you !== null} />
        )
      }
    />
  );
}

interface NothingProps {
  readonly filter: TapeFilter;
  readonly isSignedIn: boolean;
}

function Nothing({ filter, isSignedIn }: NothingProps) {
  if (showsAll(filter)) {
    return <Empty title="No trades yet">The first buy appears here the moment it is done.</Empty>;
  }
  if (filter.side === 'own' && !isSignedIn) {
    return <Empty title="Nobody is signed in">Sign in to see your own trades here.</Empty>;
  }
  return <Empty title="None lately">The next such trade appears here the moment it is done.</Empty>;
}
