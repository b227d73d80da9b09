import type { AgentId, ClientOrderId, VaultId, WalletAddress } from './ids.ts';
import type { Lamports, Shares, TokenUnits } from './units.ts';

/**
 * Why the market refuses a well-formed command: a closed set of values, each with what was expected and what was
 * found. A refused command changes nothing.
 */
export type Rejection =
  | { readonly reason: 'agent_not_found'; readonly agentId: AgentId }
  | { readonly reason: 'agent_graduated'; readonly agentId: AgentId }
  | { readonly reason: 'insufficient_sol'; readonly needed: Lamports; readonly available: Lamports }
  | { readonly reason: 'insufficient_tokens'; readonly needed: TokenUnits; readonly available: TokenUnits }
  /** The trade would give fewer tokens than asked for at least. */
  | { readonly reason: 'too_few_tokens'; readonly minimum: TokenUnits; readonly actual: TokenUnits }
  /** The trade would cost more SOL, fees included, than allowed. */
  | { readonly reason: 'too_much_sol'; readonly maximum: Lamports; readonly actual: Lamports }
  /** The sale would bring less SOL, after fees, than asked for at least. */
  | { readonly reason: 'too_little_sol'; readonly minimum: Lamports; readonly actual: Lamports }
  /** The spend does not pay for one token unit, or the fees of the sale exceed what it brings. */
  | { readonly reason: 'amount_too_small' }
  | { readonly reason: 'symbol_taken'; readonly symbol: string; readonly agentId: AgentId }
  | { readonly reason: 'order_conflict'; readonly clientOrderId: ClientOrderId }
  /** The total of SOL in the market would reach 2^63 lamports. */
  | { readonly reason: 'supply_limit'; readonly available: Lamports }
  /** The tokens are there, but staked: `staked` of them must be unstaked first. */
  | {
      readonly reason: 'tokens_locked';
      readonly needed: TokenUnits;
      readonly available: TokenUnits;
      readonly staked: TokenUnits;
    }
  | { readonly reason: 'insufficient_stake'; readonly needed: TokenUnits; readonly available: TokenUnits }
  | { readonly reason: 'nothing_to_claim'; readonly agentId: AgentId }
  | { readonly reason: 'vault_not_found'; readonly vaultId: VaultId }
  | { readonly reason: 'not_the_manager'; readonly vaultId: VaultId; readonly manager: WalletAddress }
  /** A vault may not trade in an agent that its manager created: the creator's fee would be the depositors' money. */
  | { readonly reason: 'own_token'; readonly vaultId: VaultId; readonly agentId: AgentId }
  | { readonly reason: 'too_many_positions'; readonly vaultId: VaultId; readonly limit: number }
  | { readonly reason: 'insufficient_shares'; readonly needed: Shares; readonly available: Shares }
  /** The deposit would give fewer shares than asked for at least. */
  | { readonly reason: 'too_few_shares'; readonly minimum: Shares; readonly actual: Shares }
  /** The vault would have 2^63 shares or more. */
  | { readonly reason: 'shares_limit'; readonly vaultId: VaultId; readonly available: Shares }
  /** The season has not come to its end. */
  | { readonly reason: 'season_running'; readonly season: number; readonly endsAt: number }
  /** The season is over, or has never been. */
  | { readonly reason: 'season_over'; readonly season: number }
  /** The wallet has taken on this UTC day; the faucet gives again at `nextAt`, ms. */
  | { readonly reason: 'faucet_empty'; readonly nextAt: number };

export type RejectionReason = Rejection['reason'];
