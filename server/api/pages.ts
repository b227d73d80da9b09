import type { Entry } from '../../shared/events.ts';
import type { Activity } from '../../shared/platform-schemas.ts';

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
