import type { Entry, EventType } from '../../shared/events.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { LosslessSource } from '../realtime/source.ts';

interface Selector {
  readonly agentId?: AgentId;
  readonly types?: readonly EventType[];
}

/** What the feeds need of the log: reading committed entries back. The event log is one. */
export interface EntryHistory {
  /** Entries with after < seq ≤ through, oldest first, at most `limit` that match. */
  read(query: {
    readonly after: number;
    readonly through?: number;
    readonly limit: number;
    readonly selector?: Selector;
  }): Promise<{ readonly records: readonly { readonly entry: Entry }[]; readonly through: number }>;
  /** Entries with seq < before, newest first. */
  readBackward(query: {
    readonly before: number;
    readonly limit: number;
    readonly selector?: Selector;
  }): Promise<readonly Entry[]>;
}

export type HistorySelector = Selector;

/** Makes a channel's history of the entries that `select` takes, all of which the selector must let through. */
export const readPast =
  <M>(
    history: EntryHistory,
    selector: HistorySelector,
    select: (entry: Entry) => M | undefined,
  ): LosslessSource<M>['history'] =>
  async (after, through, limit) => {
    const page = await history.read({ after, through, limit, selector });
    const messages = page.records.flatMap(({ entry }) => {
      const data = select(entry);
      return data === undefined ? [] : [{ seq: entry.seq, data }];
    });
    return { messages, through: page.through };
  };
