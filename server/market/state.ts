import type { AgentId } from '../../shared/ids.ts';
import type { Agent } from './agent.ts';
import { type Faucet, untouchedFaucet } from './faucet.ts';
import { emptyHill, type Hill } from './hill.ts';
import { emptyLedger, type Ledger } from './ledger.ts';
import { noOrders, type OrderWindow } from './orders.ts';
import type { Season } from './season.ts';
import type { StakePools } from './staking.ts';
import { emptyVaults, type Vaults } from './vaults.ts';

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
  readonly hill: Hill;
  /** `null` before the first one. */
  season: Season | null;
  readonly pools: StakePools;
  readonly vaults: Vaults;
  readonly faucet: Faucet;
  readonly orders: OrderWindow;
}

export const initialState = (epoch: string): MarketState => ({
  epoch,
  seq: 0,
  at: 0,
  agents: new Map(),
  symbols: new Map(),
  ledger: emptyLedger(),
  hill: emptyHill(),
  season: null,
  pools: new Map(),
  vaults: emptyVaults(),
  faucet: untouchedFaucet(),
  orders: noOrders(),
});
