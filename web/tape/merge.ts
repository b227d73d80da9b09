import type { TradeExecuted } from '../../shared/events.ts';

/** The newest `most` of the trades in these lists that match, each once, newest first. */
export function mergeTrades(
  lists: readonly (readonly TradeExecuted[])[],
  matches: (trade: TradeExecuted) => boolean,
  most: number,
): TradeExecuted[] {
  const found = new Map<number, TradeExecuted>();
  for (const list of lists) for (const trade of list) if (matches(trade)) found.set(trade.seq, trade);
  return [...found.values()].sort((a, b) => b.seq - a.seq).slice(0, most);
}
