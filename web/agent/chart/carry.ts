import type { Candle } from '../../../shared/view-schemas.ts';

/**
 * The candles that carry a drawn series forward to the next one: its last candle as it is now, and those after it. `null`
 * when the next one is not the drawn one carried forward, and all of it has to be drawn anew.
 *
 * @param drawn oldest first
 * @param next oldest first; a candle that did not change is the same object as before
 */
export function carriedBy(drawn: readonly Candle[], next: readonly Candle[]): readonly Candle[] | null {
  const last = drawn.at(-1);
  if (last === undefined) return null;
  const from = next.findLastIndex(({ start }) => start === last.start);
  // The oldest ones may have been let go.
  const gone = drawn.length - 1 - from;
  if (from === -1 || gone < 0) return null;
  for (let index = 0; index < from; index += 1) if (next[index] !== drawn[index + gone]) return null;
  return next.slice(from);
}
