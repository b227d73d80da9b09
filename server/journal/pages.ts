import type { Entry } from '../../shared/events.ts';
import { type RecordDecoder, selectsAll } from './codec.ts';
import { type ForwardPage, JournalError, type LogRecord } from './log.ts';
import type { Lines, RangeQuery } from './queries.ts';

/** What is needed to decode a page. */
export interface PageSource {
  readonly decoder: RecordDecoder;
  /** Named when something is wrong. */
  readonly file: string;
}

/**
 * Decodes what a range query gave.
 * @throws JournalError `corrupt` for a line that is not an entry, or an entry that is missing from a whole range.
 */
function decodeLines({ decoder, file }: PageSource, query: RangeQuery, { text, to }: Lines): LogRecord[] {
  const records: LogRecord[] = [];
  // Without a selector every seq of the range must be there; a selector hides which ones should.
  const whole = selectsAll(query.selector);
  const step = query.newestFirst ? -1 : 1;
  let expected = query.newestFirst ? to : query.from + 1;
  for (const line of text === '' ? [] : text.split('\n')) {
    const record = decodeLine(decoder, line, file);
    if (whole && record.entry.seq !== expected) throw missing(file, expected);
    records.push(record);
    expected += step;
  }
  const ended = records.length >= query.limit || (query.newestFirst ? expected <= query.from : expected > to);
  if (whole && !ended) throw missing(file, expected);
  return records;
}

function decodeLine(decoder: RecordDecoder, line: string, file: string): LogRecord {
  try {
    return decoder.decode(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${file}: the line ${line.slice(0, 80)} is not an entry: ${reason}`;
    throw new JournalError('corrupt', message, 'not_written', { cause: error });
  }
}

const missing = (file: string, seq: number): JournalError =>
  new JournalError('corrupt', `${file}: entry ${seq} is missing`);

/** The page of a forward read. @throws JournalError `corrupt`. */
export function forwardPage(source: PageSource, query: RangeQuery, lines: Lines): ForwardPage {
  const records = decodeLines(source, query, lines);
  return { records, through: pageEnd(query, records, lines.to) };
}

/** The entries of a backward read. @throws JournalError `corrupt`. */
export function backwardPage(source: PageSource, query: RangeQuery, lines: Lines): Entry[] {
  return decodeLines(source, query, lines).map(({ entry }) => entry);
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
