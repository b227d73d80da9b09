import { type Entry, type EntryOf, type EventType, isEntryOf } from '../../shared/events.ts';
import type { Activity } from '../../shared/platform-schemas.ts';
import type { Services } from './context.ts';

/** The seq before which a page begins. A cursor that makes no sense starts from the newest entry. */
export const beforeOf = (cursor: string | undefined, head: number): number =>
  Math.min(/^\d{1,15}$/.test(cursor ?? '') ? Number(cursor) : Infinity, head + 1);

/** Asks for what comes after a full page. */
export function nextCursor(
  page: readonly Pick<Entry | Activity, 'seq'>[],
  limit: number,
): { readonly nextCursor?: string } {
  const last = page.at(-1);
  return page.length === limit && last !== undefined ? { nextCursor: `${last.seq}` } : {};
}

/** A page of the entries of one type, newest first. */
export async function entriesPage<T extends EventType>(
  { views, log }: Pick<Services, 'views' | 'log'>,
  type: T,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ readonly entries: readonly EntryOf<T>[]; readonly nextCursor?: string }> {
  const before = beforeOf(cursor, views.seq);
  const found = await log.readBackward({ before, limit, selector: { types: [type] } });
  const entries = found.filter((entry) => isEntryOf(entry, type));
  return { entries, ...nextCursor(entries, limit) };
}
