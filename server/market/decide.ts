import type { WalletCredited } from '../../shared/events.ts';
import { FAUCET_SOL } from '../../shared/faucet.ts';
import { AMOUNT_LIMIT, lamports } from '../../shared/units.ts';
import { type Command, requestOf, type TakeFaucet } from './command.ts';
import { decideCreation } from './creation.ts';
import { accepted, type Decision, rejected, type Stamp } from './decision.ts';
import { refilledAt } from './faucet.ts';
import { solMinted } from './ledger.ts';
import { findOrder } from './orders.ts';
import { decideTurn } from './season.ts';
import { decideClaim, decideStake } from './staking.ts';
import type { MarketState } from './state.ts';
import { decideTrade } from './trading.ts';
import { decideDeposit, decideVaultCreation, decideVaultTrade, decideWithdrawal } from './vaults.ts';

/**
 * Decides a command. Pure: reads the state and changes nothing. An order id that was accepted before is answered as
 * before, or is a conflict when the parameters differ; one that was rejected may be used again.
 * @param now time of the command, ms; one before the last entry's counts as that entry's.
 */
export function decide(state: MarketState, command: Command, now: number): Decision {
  const stamp: Stamp = { seq: state.seq + 1, at: Math.max(now, state.at) };
  if (command.kind === 'turn_season') return decideTurn(state, command, stamp);
  const order = findOrder(state.orders, command);
  if (order !== undefined) {
    return order.request === requestOf(command)
      ? { kind: 'repeated', order }
      : rejected({ reason: 'order_conflict', clientOrderId: command.clientOrderId });
  }
  switch (command.kind) {
    case 'create_agent':
      return decideCreation(state, command, stamp);
    case 'buy_for_sol':
    case 'buy_tokens':
    case 'sell_tokens':
      return decideTrade(state, { terms: command, trader: command.wallet }, stamp);
    case 'credit_wallet':
      return decideCredit(state, { wallet: command.to, sol: command.sol, source: 'operator' }, stamp);
    case 'take_faucet':
      return decideTake(state, command, stamp);
    case 'stake':
    case 'unstake':
      return decideStake(state, command, stamp);
    case 'claim_rewards':
      return decideClaim(state, command, stamp);
    case 'create_vault':
      return decideVaultCreation(state, command, stamp);
    case 'vault_deposit':
      return decideDeposit(state, command, stamp);
    case 'vault_withdraw':
      return decideWithdrawal(state, command, stamp);
    case 'vault_trade':
      return decideVaultTrade(state, command, stamp);
    default:
      return command satisfies never;
  }
}

type Credit = Pick<WalletCredited, 'wallet' | 'sol' | 'source'>;

function decideCredit(state: MarketState, credit: Credit, { seq, at }: Stamp): Decision {
  const available = lamports(AMOUNT_LIMIT - 1n - solMinted(state.ledger));
  if (credit.sol > available) return rejected({ reason: 'supply_limit', available });
  return accepted([{ type: 'wallet_credited', seq, at, ...credit }]);
}

/** The day is that of the stamp, so of the log: a clock that was set back does not begin a day anew. */
function decideTake(state: MarketState, { wallet }: TakeFaucet, stamp: Stamp): Decision {
  const nextAt = refilledAt(state.faucet, wallet, stamp.at);
  if (nextAt !== null) return rejected({ reason: 'faucet_empty', nextAt });
  return decideCredit(state, { wallet, sol: FAUCET_SOL, source: 'faucet' }, stamp);
}
