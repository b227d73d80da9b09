import type { Entry } from '../../shared/events.ts';
import type { Rejection } from '../../shared/rejections.ts';
import { type Command, type OrderedCommand, requestOf } from './command.ts';
import { decide } from './decide.ts';
import type { Entries } from './decision.ts';
import { evolve, type Order } from './evolve.ts';
import type { PlacedOrder } from './orders.ts';
import type { MarketState } from './state.ts';

/** An entry with the order that it is the first answer to, if it is one. */
export interface Recorded {
  readonly entry: Entry;
  readonly order: Order | null;
}

/** The entries of one command as the log stores them. */
export function recordsOf(entries: Entries, order: Order | null): Recorded[] {
  return entries.map((entry, index) => ({ entry, order: index === 0 ? order : null }));
}

export type CommandResult =
  | { readonly kind: 'accepted'; readonly entries: Entries; readonly order: Order | null }
  | { readonly kind: 'repeated'; readonly order: PlacedOrder }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/**
 * Decides a command and folds the entries it makes, so that the next command sees them.
 * @param now time of the command, ms; one before the last entry's counts as that entry's.
 * @throws LedgerError when an invariant breaks; the state must then be thrown away.
 */
export function carryOut(state: MarketState, command: Command, now: number): CommandResult {
  const decision = decide(state, command, now);
  if (decision.kind !== 'accepted') return decision;
  const { entries } = decision;
  const order = command.kind === 'turn_season' ? null : orderOf(command, entries.length);
  const [first, ...rest] = entries;
  evolve(state, first, order);
  for (const entry of rest) evolve(state, entry, null);
  return { kind: 'accepted', entries, order };
}

function orderOf(command: OrderedCommand, entries: number): Order {
  const { wallet, clientOrderId } = command;
  return { wallet, clientOrderId, request: requestOf(command), entries };
}
