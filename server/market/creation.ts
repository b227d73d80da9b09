import { INITIAL_CURVE } from '../../shared/curve.ts';
import type { AgentCreated } from '../../shared/events.ts';
import { agentId as parseAgentId } from '../../shared/ids.ts';
import { mintOf } from './addresses.ts';
import type { CreateAgent } from './command.ts';
import { accepted, type Decision, rejected, type Stamp } from './decision.ts';
import { solOf } from './ledger.ts';
import type { MarketState } from './state.ts';
import { fillBuy, tradeEntries } from './trading.ts';

/** Decides a creation, with the creator's first buy when there is one: both happen, or neither. */
export function decideCreation(state: MarketState, command: CreateAgent, { seq, at }: Stamp): Decision {
  const { name, symbol, purpose, imageUrl, wallet: creator, firstBuy } = command;
  const taken = state.symbols.get(symbol);
  if (taken !== undefined) return rejected({ reason: 'symbol_taken', symbol, agentId: taken });
  const agentId = parseAgentId(`${state.agents.size + 1}`);
  const mint = mintOf(state.epoch, seq);
  const created: AgentCreated = {
    type: 'agent_created',
    seq,
    at,
    agentId,
    name,
    symbol,
    purpose,
    imageUrl,
    creator,
    mint,
  };
  if (firstBuy === null) return accepted([created]);
  const available = solOf(state.ledger, creator);
  const fill = fillBuy(INITIAL_CURVE, { kind: 'buy_for_sol', ...firstBuy }, available);
  if ('reason' in fill) return rejected(fill);
  const stamp = { seq: seq + 1, at };
  return accepted([created, ...tradeEntries(state, { agentId, trader: creator, fill, stamp })]);
}
