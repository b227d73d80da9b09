import type Database from 'libsql';
import { checksum, type NewBlock } from './blocks.ts';
import { readHead } from './database.ts';
import { journalFault, sqliteCode } from './faults.ts';
import { JournalError } from './log.ts';
import type { AppendRequest, Reply } from './messages.ts';

type Outcome = 'not_written' | 'unknown';

/** Writes groups of blocks, each in one transaction. */
export class LogWriter {
  readonly #insertBlock: Database.Statement;
  readonly #insertAgents: Database.Statement;
  readonly #insertTypes: Database.Statement;
  #head: number;

  constructor(
    private readonly db: Database.Database,
    private readonly file: string,
  ) {
    this.#insertBlock = db.prepare('INSERT INTO blocks (first, last, data, checksum) VALUES (?, ?, ?, ?)');
    // One statement per block, not per agent: a call costs more than a row.
    this.#insertAgents = db.prepare(
      'INSERT INTO block_agents (agent_id, first) SELECT value, ? FROM json_each(?)',
    );
    this.#insertTypes = db.prepare('INSERT INTO block_types (type, first) SELECT value, ? FROM json_each(?)');
    this.#head = readHead(db);
  }

  get head(): number {
    return this.#head;
  }

  /**
   * Stores the appends in order, in as few transactions as can be: one, unless it fails. Then each is tried by itself,
   * so that a group that does not fit does not take those before it along.
   */
  commit(appends: readonly AppendRequest[]): Reply[] {
    const fitting: AppendRequest[] = [];
    let next = this.#head + 1;
    for (const append of appends) {
      if (append.first !== next) continue;
      fitting.push(append);
      next = append.last + 1;
    }
    const failure = fitting.length === 0 ? undefined : this.#transact(fitting);
    if (failure?.outcome === 'not_written' && appends.length > 1) {
      return appends.flatMap((append) => this.commit([append]));
    }
    const error = failure?.error;
    return appends.map((append) => {
      if (!fitting.includes(append)) return this.#failed(append, this.#outOfSequence(append), 'not_written');
      if (error === undefined) return { kind: 'appended', id: append.id, head: this.#head };
      return this.#failed(append, error, failure?.outcome ?? 'unknown');
    });
  }

  #transact(appends: readonly AppendRequest[]): { error: JournalError; outcome: Outcome } | undefined {
    let outcome: Outcome = 'not_written';
    try {
      this.db.exec('BEGIN IMMEDIATE');
      for (const { blocks } of appends) for (const block of blocks) this.#insert(block);
      outcome = 'unknown';
      this.db.exec('COMMIT');
      this.#head = appends.at(-1)?.last ?? this.#head;
      return undefined;
    } catch (error) {
      // A full disk stops COMMIT before the frame that would make the group count. After any other failure there, a
      // sync's above all, that frame may be on disk: gone for us, but found again should the process die now.
      if (sqliteCode(error) === 'SQLITE_FULL') outcome = 'not_written';
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      this.#head = readHead(this.db);
      return { error: journalFault(error, this.file, 'write_failed'), outcome };
    }
  }

  #insert(block: NewBlock): void {
    const { first, last, data, agents, types } = block;
    this.#insertBlock.run([first, last, data, checksum(first, last, data)]);
    if (agents.length > 0) this.#insertAgents.run([first, JSON.stringify(agents)]);
    if (types.length > 0) this.#insertTypes.run([first, JSON.stringify(types)]);
  }

  #outOfSequence({ first }: AppendRequest): JournalError {
    return new JournalError('out_of_sequence', `a group begins at ${first}, the log is at ${this.#head}`);
  }

  #failed({ id }: AppendRequest, { code, message }: JournalError, outcome: Outcome): Reply {
    return { kind: 'failed', id, failure: { code, message, outcome }, head: this.#head };
  }
}
