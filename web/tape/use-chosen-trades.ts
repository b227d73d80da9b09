import { useEffect, useMemo } from 'react';
import type { TradeExecuted } from '../../shared/events.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { TAPE_LENGTH } from '../../shared/views/newest.ts';
import { trpc } from '../api.ts';
import { useAccount, useLive } from '../live/hooks.ts';
import type { TradeFilter } from '../live/live-client.ts';
import { isShown, leastSol, showsAll, type TapeFilter } from './filter.ts';
import { mergeTrades } from './merge.ts';

/** The most that the server gives at once. */
const LOOKED_THROUGH = 200;
const NONE: readonly TradeExecuted[] = [];

export interface ChosenTrades {
  /** Newest first. */
  readonly trades: readonly TradeExecuted[];
  /** How many came since they were chosen. */
  readonly total: number;
  /** Older ones are still being looked for. */
  readonly isLooking: boolean;
}

/**
 * The trades of an agent that a filter lets through: those among its latest, and every one that comes, however many others
 * come between. `null` for the filter that lets all through: nothing has to be asked for.
 */
export function useChosenTrades(agentId: AgentId, filter: TapeFilter): ChosenTrades | null {
  const account = useAccount().view;
  const you = account?.wallet ?? null;
  const all = showsAll(filter);
  const live = useLive('trades', all ? null : channelOf(agentId, filter, you));
  const { data, refetch, isFetching } = trpc.trades.useQuery(
    { agentId, limit: LOOKED_THROUGH },
    { enabled: false },
  );
  // An answer from before the channel was opened would leave a hole.
  useEffect(() => {
    if (!showsAll(filter)) void refetch();
  }, [filter, refetch]);
  const found = data?.trades ?? NONE;
  const fills = filter.side === 'own' ? (account?.fills ?? NONE) : NONE;
  const trades = useMemo(() => {
    const matches = (trade: TradeExecuted): boolean =>
      trade.agentId === agentId && isShown(trade, filter, you);
    return all ? NONE : mergeTrades([found, fills, live.view], matches, TAPE_LENGTH);
  }, [all, found, fills, live.view, agentId, filter, you]);
  return all ? null : { trades, total: live.events, isLooking: isFetching };
}

/** `null` for one's own trades while nobody is signed in. */
function channelOf(agentId: AgentId, filter: TapeFilter, you: WalletAddress | null): TradeFilter | null {
  const minSol = leastSol(filter);
  switch (filter.side) {
    case 'all':
      return { agentId, minSol };
    case 'own':
      return you === null ? null : { agentId, minSol, trader: you };
    case 'buy':
    case 'sell':
      return { agentId, minSol, side: filter.side };
    default:
      return filter.side satisfies never;
  }
}
