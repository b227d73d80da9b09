import type Database from 'libsql';
import type { EventType } from '../../shared/events.ts';
import { COLUMNS } from './codec.ts';
import type { BackwardRead, ForwardRead, LogSelector } from './log.ts';

/** The type nearly every entry has. The index by type leaves it out: for it, reading in order is as good. */
export const COMMON_TYPE = 'trade_executed' satisfies EventType;

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

/** The rows of a range, laid out as the codec's columns one row after the other. */
export interface Rows {
  /** The end of the range that was read: the smaller of the query's `to` and the head. */
  readonly to: number;
  readonly cells: unknown[];
}

/** Runs range queries on one connection, with the statements prepared once. */
export class RowReader {
  readonly #statements = new Map<string, Database.Statement>();

  constructor(private readonly db: Database.Database) {}

  /** @param head the seq of the last durable entry. */
  rows(query: RangeQuery, head: number): Rows {
    const to = Math.min(query.to, head);
    const types = query.selector.types === undefined ? undefined : [...new Set(query.selector.types)];
    const cells: unknown[] = [];
    if (to <= query.from || query.limit <= 0 || types?.length === 0) return { to, cells };
    // SQLite takes whole numbers only, and "as many as there are" may be Infinity.
    const limit = Math.min(query.limit, to - query.from);
    const agent = query.selector.agentId === undefined ? [] : [query.selector.agentId];
    const statement = this.#prepare(rangeSql(query, types));
    for (const row of statement.iterate([query.from, to, limit, ...agent, ...(types ?? [])])) {
      if (!Array.isArray(row)) throw new TypeError('rows are not raw');
      for (const cell of row) cells.push(cell);
    }
    return { to, cells };
  }

  #prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.db.prepare(sql).raw(true);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/**
 * Parameters: ?1 from, ?2 to, ?3 limit, then the agent if any, then the types. The index is named, so that a plan never
 * depends on statistics: by agent, by type for rare types, and the table's own order for everything else.
 */
function rangeSql({ newestFirst, selector }: RangeQuery, types: readonly EventType[] | undefined): string {
  const byAgent = selector.agentId !== undefined;
  const order = `ORDER BY seq ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?3`;
  const from = (source: string) => `SELECT ${COLUMNS.join(', ')} FROM ${source} WHERE seq > ?1 AND seq <= ?2`;
  const parameters = (types ?? []).map((_, index) => `?${index + (byAgent ? 5 : 4)}`);
  if (types !== undefined && !byAgent && !types.includes(COMMON_TYPE)) {
    // One ordered walk per type, which SQLite merges: it stops at the limit instead of sorting all that match.
    const walks = parameters.map(
      (parameter) =>
        `${from('entries INDEXED BY entries_by_rare_type')} AND type = ${parameter} AND type <> '${COMMON_TYPE}'`,
    );
    return `${walks.join(' UNION ALL ')} ${order}`;
  }
  const agentIs = byAgent ? ' AND agent_id = ?4' : '';
  const typeIs = types === undefined ? '' : ` AND type IN (${parameters.join(', ')})`;
  const source = byAgent ? 'entries INDEXED BY entries_by_agent' : 'entries NOT INDEXED';
  return `${from(source)}${agentIs}${typeIs} ${order}`;
}
