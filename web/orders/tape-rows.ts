import type { TradeExecuted } from '../../shared/events.ts';
import type { ExpectedTrade, PlacedTrade } from './orders.ts';

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
 * The rows of a tape: trades that were placed on this page in front of those that came, each once. Answer and echo may
 * come in either order: an order without an answer takes the oldest matching trade after it for its own until it knows.
 *
 * @param trades newest first
 * @param placed oldest first
 */
export function tapeRows(trades: readonly TradeExecuted[], placed: readonly PlacedTrade[]): TapeRow[] {
  const orderOf = new Map<number, string>();
  for (const { trade, orderId } of placed) if (trade !== null) orderOf.set(trade.seq, orderId);
  const waiting: PlacedTrade[] = [];
  for (const order of placed) {
    if (order.trade !== null) continue;
    const echo = trades.findLast((trade) => !orderOf.has(trade.seq) && isEcho(trade, order));
    if (echo === undefined) waiting.unshift(order);
    else orderOf.set(echo.seq, order.orderId);
  }
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

const isEcho = (trade: TradeExecuted, order: ExpectedTrade): boolean =>
  trade.seq > order.seq &&
  trade.agentId === order.agentId &&
  trade.trader === order.trader &&
  trade.side === order.fill.side;
