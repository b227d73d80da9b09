import { INITIAL_CURVE } from '../../shared/curve.ts';
import type { MarketEvent } from '../../shared/events.ts';
import { agentId as parseAgentId } from '../../shared/ids.ts';
import { mintOf } from './addresses.ts';
import type { CreateAgent } from './command.ts';
import { accepted, type Decision, rejected } from './decision.ts';
import { solOf, walletAccount } from './ledger.ts';
import type { MarketState } from './state.ts';
import { fillBuy, tradeEvents } from './trading.ts';

/** Decides a creation, with the creator's first buy when there is one: both happen, or neither. */
export function decideCreation(state: MarketState, command: CreateAgent): Decision {
  const { name, symbol, purpose, imageUrl, wallet: creator, firstBuy } = command;
  const taken = state.symbols.get(symbol);
  if (taken !== undefined) return rejected({ reason: 'symbol_taken', symbol, agentId: taken });
  const seq = state.seq + 1;
  const agentId = parseAgentId(`${state.agents.size + 1}`);
  const created: MarketEvent = {
    type: 'agent_created',
    agentId,
    name,
    symbol,
    purpose,
    imageUrl,
    creator,
    mint: mintOf(state.epoch, seq),
  };
  if (firstBuy === null) return accepted([created]);
  const available = solOf(state.ledger, walletAccount(creator));
  const fill = fillBuy(INITIAL_CURVE, { kind: 'buy_for_sol', ...firstBuy }, available);
  if ('reason' in fill) return rejected(fill);
  return accepted([created, ...tradeEvents(state.epoch, { agentId, trader: creator, fill, seq: seq + 1 })]);
}
