import { type Curve, INITIAL_CURVE, product } from '../../shared/curve.ts';
import type { Entry } from '../../shared/events.ts';
import {
  applyTransfers,
  assertReserves,
  creatorFeeAccount,
  curveAccount,
  LedgerError,
  transfersOf,
} from './ledger.ts';
import { type Agent, type MarketState, type OrderKey, rememberOrder } from './state.ts';

/** The order that an entry is the first answer to. */
export interface Order extends OrderKey {
  /** The command's parameters in one canonical text; equal texts are the same request. */
  readonly request: string;
  /** How many entries the command made, the first included. */
  readonly entries: number;
}

/**
 * Folds one entry into the state, in place. Deterministic: no clock, no randomness, no I/O.
 * @throws LedgerError when the entry breaks an invariant (a hole in seq, a negative balance, a falling product,
 *   reserves that the ledger does not hold); the state must then be thrown away.
 */
export function evolve(state: MarketState, entry: Entry, order: Order | null): void {
  if (entry.seq !== state.seq + 1) throw new LedgerError(`entry ${entry.seq} does not follow ${state.seq}`);
  const agent = entry.type === 'wallet_credited' ? undefined : state.agents.get(entry.agentId);
  applyTransfers(state.ledger, transfersOf(entry, agent));
  switch (entry.type) {
    case 'agent_created':
      state.agents.set(entry.agentId, {
        agentId: entry.agentId,
        symbol: entry.symbol,
        creator: entry.creator,
        curveAccount: curveAccount(entry.agentId),
        feeAccount: creatorFeeAccount(entry.creator),
        phase: { kind: 'bonding', curve: INITIAL_CURVE },
      });
      state.symbols.set(entry.symbol, entry.agentId);
      break;
    case 'trade_executed': {
      const [traded, before] = bonding(agent, entry.agentId);
      const curve: Curve = {
        virtualSol: entry.virtualSol,
        virtualTokens: entry.virtualTokens,
        realSol: entry.realSol,
        realTokens: entry.realTokens,
      };
      if (product(curve) < product(before)) throw new LedgerError(`product of agent ${entry.agentId} fell`);
      assertReserves(state.ledger, traded, curve);
      traded.phase = { kind: 'bonding', curve };
      break;
    }
    case 'agent_graduated': {
      const [graduated] = bonding(agent, entry.agentId);
      graduated.phase = { kind: 'graduated', poolId: entry.poolId };
      break;
    }
    case 'wallet_credited':
      break;
    default:
      entry satisfies never;
  }
  state.seq = entry.seq;
  state.at = entry.at;
  if (order !== null) {
    const { request, entries } = order;
    rememberOrder(state.orders, order, { request, firstSeq: entry.seq, entries });
  }
}

function bonding(agent: Agent | undefined, agentId: string): [Agent, Curve] {
  if (agent?.phase.kind !== 'bonding') throw new LedgerError(`agent ${agentId} is not on its curve`);
  return [agent, agent.phase.curve];
}
