import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { TapeRow } from '../orders/tape-rows.ts';
import { mayAnimate } from '../ui/motion.ts';

const SLIDE_MS = 120;
const SLIDE = [{ opacity: 0, transform: 'translateY(-8px)' }, {}];
/** More at once, or sooner one after another, are not seen one by one, and cost the frames that figures need. */
const SLIDING_MOST = 5;
const SLIDING_APART_MS = 100;

/** How many rows came in front of what was the first one; `null` when that is no longer there. */
export function arrivedBefore(
  first: string | undefined,
  rows: readonly Pick<TapeRow, 'key'>[],
): number | null {
  if (first === undefined) return null;
  const index = rows.findIndex(({ key }) => key === first);
  return index === -1 ? null : index;
}

/** Slides in the rows that are new at the top of a list, as long as they are few. */
export function useArrivals(list: RefObject<HTMLElement | null>, rows: readonly TapeRow[]): void {
  const first = useRef<string>(undefined);
  const arrivedAt = useRef(-Infinity);
  useLayoutEffect(() => {
    const arrived = arrivedBefore(first.current, rows);
    first.current = rows[0]?.key;
    if (arrived === null || arrived === 0 || list.current === null) return;
    const now = performance.now();
    const apart = now - arrivedAt.current;
    arrivedAt.current = now;
    if (arrived > SLIDING_MOST || apart < SLIDING_APART_MS) return;
    for (const row of [...list.current.children].slice(0, arrived)) {
      if (mayAnimate(row)) row.animate(SLIDE, { duration: SLIDE_MS, easing: 'ease-out' });
    }
  }, [list, rows]);
}
