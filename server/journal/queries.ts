import type Database from 'libsql';
import { type Block, COMMON_TYPE, verifiedBlock } from './blocks.ts';
import { lineFilter, selectsAll } from './codec.ts';
import type { BackwardRead, ForwardRead, LogSelector } from './log.ts';

/** A read of either direction. */
export interface RangeQuery {
  /** Entries with a greater seq, */
  readonly from: number;
  /** up to this one; what lies beyond the head is not there yet. */
  readonly to: number;
  readonly newestFirst: boolean;
  readonly limit: number;
  readonly selector: LogSelector;
}

export function forwardRange({
  after,
  through = Number.MAX_SAFE_INTEGER,
  limit,
  selector = {},
}: ForwardRead): RangeQuery {
  return { from: after, to: through, newestFirst: false, limit, selector };
}

export function backwardRange({ before, limit, selector = {} }: BackwardRead): RangeQuery {
  return { from: 0, to: before - 1, newestFirst: true, limit, selector };
}

/** What a range query gave. */
export interface Lines {
  /** The end of the range that was read: the smaller of the query's `to` and the head. */
  readonly to: number;
  /** The codec's lines of the matching entries in the order asked for, with line breaks between them. */
  readonly text: string;
}

/** Blocks taken at a time at most; 256 KiB each at worst. */
const MAX_BLOCKS = 32;

/** Runs range queries on one connection, with the statements prepared once. */
export class LineReader {
  readonly #statements = new Map<string, Database.Statement>();

  /** @param file named when a block is damaged. */
  constructor(
    private readonly db: Database.Database,
    private readonly file: string,
  ) {}

  /**
   * @param head the seq of the last durable entry.
   * @throws JournalError `corrupt` when a block in the way is not what was stored. That one is missing is for the
   *   caller to find.
   */
  lines(query: RangeQuery, head: number): Lines {
    const to = Math.min(query.to, head);
    if (to <= query.from || query.limit <= 0 || query.selector.types?.length === 0) return { to, text: '' };
    const range = narrowed(query, to);
    const wanted = selectsAll(query.selector) ? undefined : lineFilter(query.selector);
    const pieces: string[] = [];
    let room = query.limit;
    for (const block of this.#blocks(range)) {
      if (wanted === undefined && !range.newestFirst && block.first > range.from && block.last <= range.to) {
        pieces.push(block.data);
        continue;
      }
      const lines = linesOf(block, range);
      const matching = wanted === undefined ? lines : lines.filter(wanted);
      const taken = (range.newestFirst ? matching.reverse() : matching).slice(0, room);
      pieces.push(...taken);
      room -= taken.length;
      if (room <= 0) break;
    }
    return { to, text: pieces.join('\n') };
  }

  /**
   * The blocks a range may have entries in, in its direction. They are taken in more and more at a time: the first is
   * often enough, and a statement that is left unfinished would hold up the checkpoints.
   */
  *#blocks({ from, to, newestFirst, selector }: RangeQuery): Generator<Block> {
    const { sql, parameters } = blocksSql(selector, newestFirst);
    const statement = this.#prepare(sql);
    let low = this.#blockOf(from + 1);
    let high = to;
    for (let size = 1; low <= high; size = Math.min(2 * size, MAX_BLOCKS)) {
      const rows: unknown[] = statement.all([low, high, size, ...parameters]);
      for (const row of rows) {
        const block = verifiedBlock(row, this.file);
        yield block;
        if (newestFirst) high = block.first - 1;
        else low = block.last + 1;
      }
      if (rows.length < size) return;
    }
  }

  /** The first entry of the block that has entry `seq`; `seq` itself when no block can have it. */
  #blockOf(seq: number): number {
    const row: unknown = this.#prepare('SELECT max(first) FROM blocks WHERE first <= ?').get([seq]);
    const first: unknown = Array.isArray(row) ? row[0] : null;
    return typeof first === 'number' ? first : seq;
  }

  #prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.db.prepare(sql).raw(true);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** The range cut at the head and, when nothing is left out of it, to as many entries as are asked for. */
function narrowed(query: RangeQuery, to: number): RangeQuery {
  const { from, limit, newestFirst, selector } = query;
  if (!selectsAll(selector)) return { ...query, to };
  return newestFirst
    ? { ...query, from: Math.max(from, to - limit), to }
    : { ...query, to: Math.min(to, from + limit) };
}

/** The lines of a block whose entries are in the range, oldest first. */
function linesOf({ first, data }: Block, { from, to }: RangeQuery): string[] {
  return data.split('\n').slice(Math.max(from + 1 - first, 0), to - first + 1);
}

/**
 * Parameters: ?1 and ?2 the least and greatest first seq of a block, ?3 limit, then the agent, or else the types when
 * the index by type has all of them. The joins are CROSS so that a plan never depends on statistics.
 */
function blocksSql(
  { agentId, types }: LogSelector,
  newestFirst: boolean,
): { sql: string; parameters: readonly string[] } {
  const order = (column: string) => `ORDER BY ${column} ${newestFirst ? 'DESC' : 'ASC'}`;
  // As bytes: libsql ends the process on a text that is not UTF-8, which damage can make of it.
  const columns = 'b.first, b.last, CAST(b.data AS BLOB), b.checksum';
  const inRange = 'first BETWEEN ?1 AND ?2';
  const found = (firsts: string) =>
    `SELECT ${columns} FROM (${firsts} ${order('first')} LIMIT ?3) f CROSS JOIN blocks b ON b.first = f.first ${order('f.first')}`;
  if (agentId !== undefined) {
    const firsts = `SELECT first FROM block_agents WHERE agent_id = ?4 AND ${inRange}`;
    return { sql: found(firsts), parameters: [agentId] };
  }
  if (types === undefined || types.includes(COMMON_TYPE)) {
    return {
      sql: `SELECT ${columns} FROM blocks b WHERE ${inRange} ${order('first')} LIMIT ?3`,
      parameters: [],
    };
  }
  // One ordered walk per type, which SQLite merges: it stops at the limit instead of sorting all that match.
  const parameters = [...new Set(types)];
  const walks = parameters.map(
    (_, index) => `SELECT first FROM block_types WHERE type = ?${index + 4} AND ${inRange}`,
  );
  return { sql: found(walks.join(' UNION ')), parameters };
}
