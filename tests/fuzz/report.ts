import type { CrowdReport } from './honest/crowd.ts';
import type { Faults, Holdings } from './server/messages.ts';
import type { Tally } from './tally.ts';

/** What a run found; the last line of `npm run fuzz`. */
export interface Report {
  readonly verdict: 'held' | 'failed';
  readonly seed: number;
  /** Handshakes and frames handed to open connections. */
  readonly attacks: number;
  readonly attackSeconds: number;
  readonly attacksPerSecond: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** Of those, the ones of which it is not known that the server has read them: the connection was closed before. */
  readonly unread: Readonly<Record<string, number>>;
  readonly closeCodes: Readonly<Record<string, number>>;
  readonly server: {
    readonly exits: number;
    readonly faults: Omit<Faults, 'first'> | null;
    readonly before: Holdings | null;
    readonly after: Holdings | null;
  };
  readonly honest: CrowdReport | null;
  readonly problems: readonly string[];
}

const MEGABYTE = 1024 * 1024;
/** Files of the log that come and go. */
const FD_TOLERANCE = 4;
/**
 * What may stay for good: the market itself grows by entries, and by orders that are to be recognised again: some
 * kilobytes for a trade, of which a run makes some thousands. Challenges that nobody signs are kept for seven minutes, some
 * 15,000 in a run of a million. A leak of one small object for each attack would be 100 MB in such a run. The rings are
 * full before.
 */
const HEAP_TOLERANCE = 25 * MEGABYTE;
/** Pages that were used at the height of the attack are not all given back. */
const RSS_TOLERANCE = 100 * MEGABYTE;

export interface Bounds {
  readonly before: Holdings;
  /** Connections of honest clients. */
  readonly honest: number;
}

/** What the server holds beyond what it held before. */
export function excess(now: Holdings, { before, honest }: Bounds): string[] {
  const mb = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;
  const found: string[] = [];
  if (now.fds > before.fds + FD_TOLERANCE) found.push(`${now.fds} open files, ${before.fds} before`);
  if (now.sockets !== honest) found.push(`${now.sockets} sockets for ${honest} honest clients`);
  if (now.served !== honest) found.push(`${now.served} connections served for ${honest} honest clients`);
  if (now.subscriptions !== before.subscriptions) {
    found.push(`${now.subscriptions} subscriptions, ${before.subscriptions} before`);
  }
  if (now.heap > before.heap + HEAP_TOLERANCE) {
    found.push(`a heap of ${mb(now.heap)}, ${mb(before.heap)} before`);
  }
  if (now.rss > before.rss + RSS_TOLERANCE) found.push(`RSS of ${mb(now.rss)}, ${mb(before.rss)} before`);
  return found;
}

/** Faults that have been found, as problems. */
export function faultProblems(faults: Faults): string[] {
  const { unhandledRejections, uncaughtExceptions, errorLines, polluted, first } = faults;
  const found = [
    ...(unhandledRejections > 0 ? [`${unhandledRejections} unhandled rejections`] : []),
    ...(uncaughtExceptions > 0 ? [`${uncaughtExceptions} uncaught exceptions`] : []),
    ...(errorLines > 0 ? [`${errorLines} error lines in the log`] : []),
    ...(polluted.length > 0 ? [`every object has: ${polluted.join(', ')}`] : []),
  ];
  return found.length === 0 ? [] : [...found, ...first];
}

export const tallied = (tally: Tally) => ({
  attacks: tally.total,
  byKind: tally.byKind(),
  unread: tally.unreadByKind(),
  closeCodes: tally.closeCodes(),
});
