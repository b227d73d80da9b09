/** How many entries the bounded lists keep. */
export const TAPE_LENGTH = 100;
export const NEW_AGENTS_LENGTH = 100;
export const GRADUATIONS_LENGTH = 50;

/** Puts an item in front of a newest-first list, which keeps at most `length`. */
export function pushNewest<T>(list: readonly T[], item: T, length: number): T[] {
  const next = list.slice(0, length - 1);
  next.unshift(item);
  return next;
}
