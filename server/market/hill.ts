import type { KingChanged } from '../../shared/events.ts';
import type { AgentId } from '../../shared/ids.ts';
import { dethrones } from '../../shared/kings.ts';
import { type Lamports, lamports } from '../../shared/units.ts';
import type { Stamp } from './decision.ts';
import { LedgerError } from './ledger.ts';

/** What the hill knows of an agent. */
export interface Contender {
  readonly agentId: AgentId;
  marketCap: Lamports;
  /** Its place among the challengers; `null` when it is none. */
  place: number | null;
}

/**
 * King of the hill: the bonding agent with the highest market cap, among those that have traded. The others are kept as
 * a binary heap, so that the best of them is known at any time, whichever way the caps move.
 */
export interface Hill {
  king: Contender | null;
  /** The best first; each other one is no better than the one at half its index. */
  readonly challengers: Contender[];
}

export const emptyHill = (): Hill => ({ king: null, challengers: [] });

/** What a trade does to the market cap of an agent, which may be one that is only now being created. */
export interface CapChange {
  readonly agentId: AgentId;
  readonly marketCap: Lamports;
  /** The trade sells the curve out. */
  readonly graduates: boolean;
}

/** The change of king that a trade brings about, if it does. */
export function decideKing(hill: Hill, change: CapChange, { seq, at }: Stamp): KingChanged | undefined {
  const { king } = hill;
  const next = successor(hill, change);
  if (next === king?.agentId) return undefined;
  return {
    type: 'king_changed',
    seq,
    at,
    agentId: next ?? null,
    previousAgentId: king?.agentId ?? null,
    marketCap: capOf(hill, change, next),
  };
}

/** Who is king after the change. */
function successor({ king, challengers }: Hill, change: CapChange): AgentId | undefined {
  const traded: CapChange | undefined = change.graduates ? undefined : change;
  const [best] = challengers;
  if (king === null) {
    if (traded === undefined) return best?.agentId;
    return best === undefined || !isAhead(best, traded) ? traded.agentId : best.agentId;
  }
  if (king.agentId === change.agentId) {
    if (traded === undefined) return best?.agentId;
    return best !== undefined && dethrones(best.marketCap, traded.marketCap) ? best.agentId : king.agentId;
  }
  return traded !== undefined && dethrones(traded.marketCap, king.marketCap) ? traded.agentId : king.agentId;
}

function capOf({ challengers }: Hill, change: CapChange, next: AgentId | undefined): Lamports {
  if (next === change.agentId) return change.marketCap;
  return next === undefined ? lamports(0n) : (challengers[0]?.marketCap ?? lamports(0n));
}

/** Takes over an agent's market cap after a trade. */
export function moveContender(hill: Hill, contender: Contender, marketCap: Lamports): void {
  contender.marketCap = marketCap;
  if (contender === hill.king) return;
  if (contender.place === null) put(hill.challengers, hill.challengers.length, contender);
  rise(hill.challengers, contender);
  sink(hill.challengers, contender);
}

/** The agent has graduated. A king stays king until the change of king, which follows at once. */
export function retireContender(hill: Hill, contender: Contender): void {
  if (contender.place !== null) remove(hill.challengers, contender);
}

/** @param formerStays whether the former king is still bonding, and so becomes a challenger */
export function crown(
  hill: Hill,
  { agentId, previousAgentId }: KingChanged,
  { next, formerStays }: { readonly next: Contender | undefined; readonly formerStays: boolean },
): void {
  const former = hill.king;
  if ((former?.agentId ?? null) !== previousAgentId || (next?.agentId ?? null) !== agentId) {
    throw new LedgerError(`king ${previousAgentId} cannot be followed by ${agentId}`);
  }
  if (next !== undefined) retireContender(hill, next);
  hill.king = next ?? null;
  if (former !== null && formerStays) moveContender(hill, former, former.marketCap);
}

/** The higher cap is ahead; of equal ones the older agent. */
const isAhead = (a: Pick<Contender, 'agentId' | 'marketCap'>, b: Pick<Contender, 'agentId' | 'marketCap'>) =>
  a.marketCap === b.marketCap ? Number(a.agentId) < Number(b.agentId) : a.marketCap > b.marketCap;

function put(heap: Contender[], place: number, contender: Contender): void {
  heap[place] = contender;
  contender.place = place;
}

function rise(heap: Contender[], contender: Contender): void {
  for (let place = contender.place ?? 0; place > 0; ) {
    const above = (place - 1) >> 1;
    const other = heap[above];
    if (other === undefined || !isAhead(contender, other)) return;
    put(heap, place, other);
    put(heap, above, contender);
    place = above;
  }
}

function sink(heap: Contender[], contender: Contender): void {
  for (let place = contender.place ?? 0; ; ) {
    const left = heap[2 * place + 1];
    const right = heap[2 * place + 2];
    const best = left !== undefined && right !== undefined && isAhead(right, left) ? right : left;
    if (best === undefined || !isAhead(best, contender)) return;
    const below = best.place ?? 0;
    put(heap, place, best);
    put(heap, below, contender);
    place = below;
  }
}

function remove(heap: Contender[], contender: Contender): void {
  const place = contender.place ?? 0;
  const last = heap.pop();
  contender.place = null;
  if (last === undefined || last === contender) return;
  put(heap, place, last);
  rise(heap, last);
  sink(heap, last);
}
