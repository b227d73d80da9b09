import type { Entry, EventType } from '../../shared/events.ts';
import type { AgentId } from '../../shared/ids.ts';

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
