import type { Curve } from '../../shared/curve.ts';
import type { AgentId, ClientOrderId, PoolId, WalletAddress } from '../../shared/ids.ts';
import { type Account, emptyLedger, type Ledger } from './ledger.ts';

export type AgentPhase =
  | { readonly kind: 'bonding'; readonly curve: Curve }
  | { readonly kind: 'graduated'; readonly poolId: PoolId };

export interface Agent {
  readonly agentId: AgentId;
  readonly symbol: string;
  readonly creator: WalletAddress;
  /** Where the curve keeps its reserves, and where the creator's fees go. */
  readonly curveAccount: Account;
  readonly feeAccount: Account;
  phase: AgentPhase;
}

/** An accepted order: what was asked, and the entries that answered it. */
export interface PlacedOrder {
  readonly request: string;
  readonly firstSeq: number;
  readonly entries: number;
}

/**
 * Everything decisions depend on, and nothing else. It is a fold of the log: the same entries give the same state.
 * It is changed in place, by `evolve` alone, because a copy per event would cost more than the event; whoever holds
 * it is its only owner.
 */
export interface MarketState {
  readonly epoch: string;
  /** The last entry folded in. */
  seq: number;
  /** Time of that entry; time never goes back. */
  at: number;
  readonly agents: Map<AgentId, Agent>;
  readonly symbols: Map<string, AgentId>;
  readonly ledger: Ledger;
  readonly orders: OrderWindow;
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

export const initialState = (epoch: string): MarketState => ({
  epoch,
  seq: 0,
  at: 0,
  agents: new Map(),
  symbols: new Map(),
  ledger: emptyLedger(),
  orders: { recent: new Map(), previous: new Map(), recentSize: 0 },
});
