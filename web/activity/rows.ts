import type { Activity } from '../../shared/platform-schemas.ts';

/** More than anybody scrolls through; after so many new ones the older ones are asked for again. */
const KEPT = 500;

/**
 * What was kept, newest first, with what has come live since in front of it. `null` when it cannot be carried on: what
 * came in between is not known here, or it has become too much.
 */
export function carriedOn(kept: readonly Activity[], live: readonly Activity[]): readonly Activity[] | null {
  const newest = kept[0]?.seq ?? 0;
  const known = live.findIndex(({ seq }) => seq <= newest);
  if (known === -1 && kept.length > 0) return null;
  const carried = [...(known === -1 ? live : live.slice(0, known)), ...kept];
  return carried.length > KEPT ? null : carried;
}

/** Rows with older ones below them, each once. Both newest first. */
export function withOlder(rows: readonly Activity[], older: readonly Activity[]): readonly Activity[] {
  const oldest = rows.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
  return [...rows, ...older.filter(({ seq }) => seq < oldest)];
}
