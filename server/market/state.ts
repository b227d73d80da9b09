import type { Curve } from '../../shared/curve.ts';
import type { AgentId, ClientOrderId, PoolId, WalletAddress } from '../../shared/ids.ts';
import { emptyLedger, type Ledger } from './ledger.ts';

export type AgentPhase =
  | { readonly kind: 'bonding'; readonly curve: Curve }
  | { readonly kind: 'graduated'; readonly poolId: PoolId };

export interface Agent {
  readonly agentId: AgentId;
  readonly symbol: string;
  readonly creator: WalletAddress;
  readonly phase: AgentPhase;
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
  /** The newest orders, oldest first, at most {@link ORDER_WINDOW}. */
  readonly orders: Map<string, PlacedOrder>;
}

/**
 * An order id is recognised among this many orders, the newest of the whole market; counted in orders, not in time,
 * so that the window is the same however often the log is replayed. At 1,000 orders a second it spans four minutes.
 */
export const ORDER_WINDOW = 262_144;

export const orderKey = (wallet: WalletAddress, clientOrderId: ClientOrderId): string =>
  `${wallet} ${clientOrderId}`;

export const initialState = (epoch: string): MarketState => ({
  epoch,
  seq: 0,
  at: 0,
  agents: new Map(),
  symbols: new Map(),
  ledger: emptyLedger(),
  orders: new Map(),
});
