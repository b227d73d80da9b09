import type { TradeExecuted } from '../../shared/events.ts';
import { matchEchoes } from './echoes.ts';
import type { PlacedTrade } from './orders.ts';

/** A row of a tape: a trade, or one that is on its way. */
export interface TapeRow {
  /** The same while a trade that was placed here becomes the one that was executed. */
  readonly key: string;
  readonly side: TradeExecuted['side'];
  readonly agentId: TradeExecuted['agentId'];
  readonly trader: TradeExecuted['trader'];
  readonly sol: TradeExecuted['sol'];
  readonly tokens: TradeExecuted['tokens'];
  /** The recorded trade; `null` while it is on its way. */
  readonly trade: TradeExecuted | null;
}

/**
 * The rows of a tape, each trade once: orders on their way, then trades that were answered before they came, then those
 * that came. There are at most as many more than `trades` as orders are remembered.
 *
 * @param trades newest first
 * @param placed oldest first, those that belong on this tape
 */
export function tapeRows(trades: readonly TradeExecuted[], placed: readonly PlacedTrade[]): TapeRow[] {
  const { orderOf, waiting } = matchEchoes(trades, placed);
  const newest = trades[0]?.seq ?? 0;
  const ahead = placed
    .flatMap(({ trade }) => (trade !== null && trade.seq > newest ? [trade] : []))
    .sort((a, b) => b.seq - a.seq);
  const executed = (trade: TradeExecuted): TapeRow => ({
    key: orderOf.get(trade.seq) ?? `${trade.seq}`,
    side: trade.side,
    agentId: trade.agentId,
    trader: trade.trader,
    sol: trade.sol,
    tokens: trade.tokens,
    trade,
  });
  return [...waiting.map(expected), ...ahead.map(executed), ...trades.map(executed)];
}

const expected = ({ orderId, agentId, trader, fill }: PlacedTrade): TapeRow => ({
  key: orderId,
  side: fill.side,
  agentId,
  trader,
  sol: fill.sol,
  tokens: fill.tokens,
  trade: null,
});
