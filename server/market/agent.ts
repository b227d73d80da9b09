import type { Curve } from '../../shared/curve.ts';
import type { PoolId, WalletAddress } from '../../shared/ids.ts';
import type { Lamports } from '../../shared/units.ts';
import type { Contender } from './hill.ts';
import type { Account } from './ledger.ts';

export type AgentPhase =
  | { readonly kind: 'bonding'; readonly curve: Curve }
  | {
      readonly kind: 'graduated';
      readonly poolId: PoolId;
      /** What the curve held, which the pool began with. */
      readonly poolSol: Lamports;
    };

export interface Agent extends Contender {
  readonly symbol: string;
  readonly creator: WalletAddress;
  /** Where the curve keeps its reserves, and where the creator's fees go. */
  readonly curveAccount: Account;
  readonly feeAccount: Account;
  phase: AgentPhase;
}
