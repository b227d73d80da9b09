import type { Entry } from '../../shared/events.ts';
import {
  type BackwardRead,
  type EventLog,
  type ForwardPage,
  type ForwardRead,
  JournalError,
  type LogRecord,
} from './log.ts';
import { pageEnd } from './pages.ts';
import { backwardRange, forwardRange, type RangeQuery } from './queries.ts';

interface InjectedFailure {
  readonly outcome: 'not_written' | 'unknown';
  readonly stored: boolean;
}

/** The log in memory, for tests: it keeps every promise of {@link EventLog} but to outlive the process. */
export class MemoryLog implements EventLog {
  readonly epoch: string;
  readonly #records: LogRecord[] = [];
  /** Settles, never rejects, when everything asked for so far has been done. */
  #idle: Promise<unknown> = Promise.resolve();
  #failure: InjectedFailure | undefined;
  #closed = false;

  constructor(epoch = '00000000000000aa') {
    this.epoch = epoch;
  }

  get head(): number {
    return this.#records.length;
  }

  /**
   * Lets the next append that gets its turn fail with `write_failed`.
   * @param stored whether its group is stored nevertheless; that may be so only of an unknown outcome.
   */
  failNextAppend(outcome: 'unknown', stored: boolean): void;
  failNextAppend(outcome: 'not_written'): void;
  failNextAppend(outcome: InjectedFailure['outcome'], stored = false): void {
    this.#failure = { outcome, stored };
  }

  append(records: readonly LogRecord[]): Promise<void> {
    const group = [...records];
    return this.#inTurn(() => {
      const failure = this.#failure;
      group.forEach(({ entry }, index) => {
        const due = this.head + 1 + index;
        if (entry.seq === due) return;
        throw new JournalError('out_of_sequence', `the group has entry ${entry.seq} in the place of ${due}`);
      });
      this.#failure = undefined;
      if (failure === undefined || failure.stored) this.#records.push(...group);
      if (failure !== undefined) throw new JournalError('write_failed', 'injected failure', failure.outcome);
    });
  }

  read(read: ForwardRead): Promise<ForwardPage> {
    return this.#inTurn(() => {
      const query = forwardRange(read);
      const records = this.#select(query);
      return { records, through: pageEnd(query, records, Math.min(query.to, this.head)) };
    });
  }

  readBackward(read: BackwardRead): Promise<readonly Entry[]> {
    return this.#inTurn(() => this.#select(backwardRange(read)).map(({ entry }) => entry));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#idle;
  }

  #select({ from, to, limit, newestFirst, selector }: RangeQuery): LogRecord[] {
    const { agentId, types } = selector;
    const range = this.#records.slice(Math.max(from, 0), Math.max(to, 0));
    if (newestFirst) range.reverse();
    return range
      .filter(({ entry }) => agentId === undefined || ('agentId' in entry && entry.agentId === agentId))
      .filter(({ entry }) => types === undefined || types.includes(entry.type))
      .slice(0, Math.max(limit, 0));
  }

  /** Runs in a later turn of the event loop, after everything asked for before, as a thread would. */
  async #inTurn<T>(run: () => T): Promise<T> {
    if (this.#closed) throw new JournalError('closed', 'the log is closed');
    const turn = this.#idle.then(() => new Promise<void>((resolve) => setImmediate(resolve)));
    const done = turn.then(run);
    this.#idle = done.catch(() => undefined);
    return done;
  }
}
