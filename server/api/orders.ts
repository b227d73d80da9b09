import { type Entry, type EntryOf, type EventType, isEntryOf } from '../../shared/events.ts';
import type { Command } from '../market/command.ts';
import { formatPosition } from '../realtime/position.ts';
import type { Services } from './context.ts';
import { rejectionError, unavailable } from './errors.ts';

/** Where a mutation's events are in the log. */
export interface Receipt {
  /** Position of the first one: the event id under which subscriptions deliver it. */
  readonly position: string;
  readonly seq: number;
  /** How many events the mutation made; they follow each other in the log. */
  readonly events: number;
}

export interface Accepted {
  readonly receipt: Receipt;
  /** The same clientOrderId had been accepted before; this is its result of then. */
  readonly repeated: boolean;
  readonly entries: readonly Entry[];
}

/**
 * Sends a command to the executor and waits until its events are durable and visible to queries.
 * @throws TRPCError for a rejection, or SERVICE_UNAVAILABLE when the market cannot answer for it now.
 */
export async function execute({ executor, log }: Services, command: Command): Promise<Accepted> {
  const outcome = await executor.submit(command).catch((error: unknown) => {
    throw unavailable(error) ?? error;
  });
  if (outcome.kind === 'rejected') throw rejectionError(outcome.rejection);
  const { entries, repeated } = outcome;
  const { seq } = entries[0];
  return {
    receipt: { position: formatPosition(log.epoch, seq), seq, events: entries.length },
    repeated,
    entries,
  };
}

/** The entry of a type among those of a command. */
export function entryOf<T extends EventType>(entries: readonly Entry[], type: T): EntryOf<T> | undefined {
  return entries.find((entry) => isEntryOf(entry, type));
}

/** As {@link entryOf}, for one that the command cannot have been accepted without. */
export function requiredEntryOf<T extends EventType>(entries: readonly Entry[], type: T): EntryOf<T> {
  const entry = entryOf(entries, type);
  if (entry === undefined) throw new Error(`accepted without ${type}`);
  return entry;
}
