import { useMemo, useSyncExternalStore } from 'react';
import type { TradeExecuted } from '../../shared/events.ts';
import type { PlacedTrade } from '../orders/orders.ts';
import { type TapeRow, tapeRows } from '../orders/tape-rows.ts';
import { useServices } from '../services.ts';

/**
 * The rows of a tape: these trades, newest first, and those that were placed on this page and belong on it.
 *
 * @param belongs the same function as long as it says the same
 */
export function useTapeRows(
  trades: readonly TradeExecuted[],
  belongs: (placed: PlacedTrade) => boolean = everyOne,
): readonly TapeRow[] {
  const { orders } = useServices();
  const placed = useSyncExternalStore(orders.trades.subscribe, orders.trades.get);
  return useMemo(() => tapeRows(trades, placed.filter(belongs)), [trades, placed, belongs]);
}

const everyOne = (): boolean => true;
