import type { Entry, MarketEvent } from '../../shared/events.ts';
import type { Rejection } from '../../shared/rejections.ts';
import { type Command, requestOf } from './command.ts';
import { decide } from './decide.ts';
import { evolve, type Order } from './evolve.ts';
import type { MarketState, PlacedOrder } from './state.ts';

/** An entry with the order that it is the first answer to, if it is one. */
export interface Recorded {
  readonly entry: Entry;
  readonly order: Order | null;
}

export type CommandResult =
  | { readonly kind: 'accepted'; readonly records: readonly [Recorded, ...Recorded[]] }
  | { readonly kind: 'repeated'; readonly order: PlacedOrder }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/**
 * Decides a command and folds the events it makes, numbered on from the state, so that the next command sees them.
 * @param now time of the command, ms; one before the last entry's counts as that entry's.
 * @throws LedgerError when an invariant breaks; the state must then be thrown away.
 */
export function carryOut(state: MarketState, command: Command, now: number): CommandResult {
  const decision = decide(state, command);
  if (decision.kind !== 'accepted') return decision;
  const [first, ...rest] = decision.events;
  const at = Math.max(now, state.at);
  const order: Order = {
    wallet: command.wallet,
    clientOrderId: command.clientOrderId,
    request: requestOf(command),
    entries: decision.events.length,
  };
  return {
    kind: 'accepted',
    records: [
      record(state, first, { at, order }),
      ...rest.map((event) => record(state, event, { at, order: null })),
    ],
  };
}

function record(
  state: MarketState,
  event: MarketEvent,
  { at, order }: { at: number; order: Order | null },
): Recorded {
  const entry: Entry = { ...event, seq: state.seq + 1, at };
  evolve(state, entry, order);
  return { entry, order };
}
