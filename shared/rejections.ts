import type { AgentId, ClientOrderId } from './ids.ts';
import type { Lamports, TokenUnits } from './units.ts';

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
  | { readonly reason: 'supply_limit'; readonly available: Lamports };

export type RejectionReason = Rejection['reason'];
