import type { Entry } from '../../shared/events.ts';
import { type RecordDecoder, WIDTH } from './codec.ts';
import { type ForwardPage, JournalError, type LogRecord } from './log.ts';
import type { RangeQuery, Rows } from './queries.ts';

/**
 * Decodes what a range query gave.
 * @param file named when something is wrong.
 * @throws JournalError `corrupt` for a row that is not what was stored, or one that is missing from a whole range.
 */
function decodeRows(
  decoder: RecordDecoder,
  query: RangeQuery,
  { rows, file }: { rows: Rows; file: string },
): LogRecord[] {
  const { cells, to } = rows;
  const records: LogRecord[] = [];
  // Without a selector every seq of the range must be there; a selector hides which ones should.
  const whole = query.selector.agentId === undefined && query.selector.types === undefined;
  const step = query.newestFirst ? -1 : 1;
  let expected = query.newestFirst ? to : query.from + 1;
  for (let offset = 0; offset < cells.length; offset += WIDTH) {
    if (whole && cells[offset] !== expected) throw missing(file, expected);
    records.push(decodeRow(decoder, { cells, offset, file }));
    expected += step;
  }
  const ended = records.length >= query.limit || (query.newestFirst ? expected <= query.from : expected > to);
  if (whole && !ended) throw missing(file, expected);
  return records;
}

function decodeRow(
  decoder: RecordDecoder,
  row: { cells: unknown[]; offset: number; file: string },
): LogRecord {
  try {
    return decoder.decode(row.cells, row.offset);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${row.file}: entry ${String(row.cells[row.offset])} is damaged: ${reason}`;
    throw new JournalError('corrupt', message, 'not_written', { cause: error });
  }
}

const missing = (file: string, seq: number): JournalError =>
  new JournalError('corrupt', `${file}: entry ${seq} is missing`);

/** What is needed to decode a page. */
export interface PageSource {
  readonly decoder: RecordDecoder;
  readonly file: string;
}

/** The page of a forward read. @throws JournalError `corrupt`. */
export function forwardPage({ decoder, file }: PageSource, query: RangeQuery, rows: Rows): ForwardPage {
  const records = decodeRows(decoder, query, { rows, file });
  return { records, through: pageEnd(query, records, rows.to) };
}

/** The entries of a backward read. @throws JournalError `corrupt`. */
export function backwardPage({ decoder, file }: PageSource, query: RangeQuery, rows: Rows): Entry[] {
  return decodeRows(decoder, query, { rows, file }).map(({ entry }) => entry);
}

/**
 * How far a forward page is complete: to its last record when the limit cut it, else to the end of the range, and never
 * behind where the read began.
 */
export function pageEnd(
  { from, limit }: Pick<RangeQuery, 'from' | 'limit'>,
  records: readonly LogRecord[],
  to: number,
): number {
  if (limit <= 0) return from;
  const last = records.at(-1);
  return last !== undefined && records.length >= limit ? last.entry.seq : Math.max(from, to);
}
