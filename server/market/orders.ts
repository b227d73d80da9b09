import type { ClientOrderId, WalletAddress } from '../../shared/ids.ts';

/** An accepted order: what was asked, and the entries that answered it. */
export interface PlacedOrder {
  readonly request: string;
  readonly firstSeq: number;
  readonly entries: number;
}

/**
 * The orders that are remembered, in two generations: when the younger one is full it becomes the older one, and what
 * was in that is forgotten. Counted in orders, not in time, so that the window is the same however often the log is
 * replayed. (One map in order of age would not do: dropping its oldest key means walking over all the holes that
 * dropped ones left.)
 */
export interface OrderWindow {
  recent: Orders;
  previous: Orders;
  /** Orders in the younger generation. */
  recentSize: number;
}

/** By wallet, then by id: no text has to be put together to find one. */
type Orders = Map<WalletAddress, Map<ClientOrderId, PlacedOrder>>;

/** Whose order, and which. */
export interface OrderKey {
  readonly wallet: WalletAddress;
  readonly clientOrderId: ClientOrderId;
}

/**
 * An order id is recognised for at least this many orders of the whole market after it, and forgotten after at most
 * twice as many. At 1,000 orders a second that is at least two minutes.
 */
export const ORDER_GENERATION = 131_072;

export const noOrders = (): OrderWindow => ({ recent: new Map(), previous: new Map(), recentSize: 0 });

export const findOrder = (
  { recent, previous }: OrderWindow,
  { wallet, clientOrderId }: OrderKey,
): PlacedOrder | undefined =>
  recent.get(wallet)?.get(clientOrderId) ?? previous.get(wallet)?.get(clientOrderId);

/** Remembers an order that {@link findOrder} does not know. */
export function rememberOrder(
  orders: OrderWindow,
  { wallet, clientOrderId }: OrderKey,
  order: PlacedOrder,
): void {
  const known = orders.recent.get(wallet);
  if (known === undefined) orders.recent.set(wallet, new Map([[clientOrderId, order]]));
  else known.set(clientOrderId, order);
  orders.recentSize += 1;
  if (orders.recentSize < ORDER_GENERATION) return;
  orders.previous = orders.recent;
  orders.recent = new Map();
  orders.recentSize = 0;
}
