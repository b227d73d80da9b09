import { walletSol } from '../../shared/curve.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import type { ClientOrderId } from '../../shared/ids.ts';
import type { ExpectedTrade, PlacedTrade } from './orders.ts';

/** Which of the trades that came are those that were placed on this page. */
export interface Echoes {
  /** By the number of the trade in the log; also of orders that were answered and whose trade has not come. */
  readonly orderOf: ReadonlyMap<number, ClientOrderId>;
  /** Neither answered nor, as far as can be told, come; newest first. */
  readonly waiting: readonly PlacedTrade[];
}

/**
 * Answer and echo come in either order. An order that was answered knows its trade by number. One that was not takes the
 * oldest trade after it that could be its own, until the answer says which one is: of several alike each takes another.
 *
 * @param trades newest first
 * @param placed oldest first
 */
export function matchEchoes(trades: readonly TradeExecuted[], placed: readonly PlacedTrade[]): Echoes {
  const orderOf = new Map<number, ClientOrderId>();
  for (const { trade, orderId } of placed) if (trade !== null) orderOf.set(trade.seq, orderId);
  const waiting: PlacedTrade[] = [];
  for (const order of placed) {
    if (order.trade !== null) continue;
    const echo = trades.findLast((trade) => !orderOf.has(trade.seq) && mayBeEcho(trade, order));
    if (echo === undefined) waiting.unshift(order);
    else orderOf.set(echo.seq, order.orderId);
  }
  return { orderOf, waiting };
}

/** Whether the order could have been carried out so. */
function mayBeEcho(trade: TradeExecuted, { agentId, trader, fill, mostSol, seq }: ExpectedTrade): boolean {
  const isOwn = trade.seq > seq && trade.agentId === agentId && trade.trader === trader;
  if (!isOwn || trade.side !== fill.side) return false;
  return trade.side === 'buy' ? walletSol(trade) <= mostSol : trade.tokens === fill.tokens;
}
