import type { EventLog, LogRecord } from './log.ts';

/** Entries read at a time while folding the log. */
const PAGE = 10_000;

/**
 * Folds everything after `after` up to the log's head, in order. With nothing durable after it, nothing is read.
 * @returns the seq folded up to.
 */
export async function replayLog(
  log: Pick<EventLog, 'head' | 'read'>,
  after: number,
  fold: (record: LogRecord) => void,
): Promise<number> {
  let seq = after;
  for (const { head } = log; seq < head; ) {
    const { records, through } = await log.read({ after: seq, through: head, limit: PAGE });
    for (const record of records) fold(record);
    seq = through;
  }
  return seq;
}
