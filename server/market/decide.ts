import { AMOUNT_LIMIT, lamports } from '../../shared/units.ts';
import { type Command, type CreditWallet, requestOf } from './command.ts';
import { decideCreation } from './creation.ts';
import { accepted, type Decision, rejected } from './decision.ts';
import { solMinted } from './ledger.ts';
import { type MarketState, orderKey } from './state.ts';
import { decideTrade } from './trading.ts';

/**
 * Decides a command. Pure: reads the state and changes nothing. An order id that was accepted before is answered as
 * before, or is a conflict when the parameters differ; one that was rejected may be used again.
 */
export function decide(state: MarketState, command: Command): Decision {
  const order = state.orders.get(orderKey(command.wallet, command.clientOrderId));
  if (order !== undefined) {
    return order.request === requestOf(command)
      ? { kind: 'repeated', order }
      : rejected({ reason: 'order_conflict', clientOrderId: command.clientOrderId });
  }
  switch (command.kind) {
    case 'create_agent':
      return decideCreation(state, command);
    case 'buy_for_sol':
    case 'buy_tokens':
    case 'sell_tokens':
      return decideTrade(state, command);
    case 'credit_wallet':
      return decideCredit(state, command);
    default:
      return command satisfies never;
  }
}

function decideCredit(state: MarketState, { to, sol }: CreditWallet): Decision {
  const available = lamports(AMOUNT_LIMIT - 1n - solMinted(state.ledger));
  if (sol > available) return rejected({ reason: 'supply_limit', available });
  return accepted([{ type: 'wallet_credited', wallet: to, sol }]);
}
