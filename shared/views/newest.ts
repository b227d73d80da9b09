/** How many entries the bounded lists keep. */
export const TAPE_LENGTH = 100;
export const NEW_AGENTS_LENGTH = 100;
export const GRADUATIONS_LENGTH = 50;
export const KINGS_LENGTH = 50;
export const ACTIVITIES_LENGTH = 100;

/** Puts an item in front of a newest-first list, which keeps at most `length`. */
export function pushNewest<T>(list: readonly T[], item: T, length: number): T[] {
  const next = list.slice(0, length - 1);
  next.unshift(item);
  return next;
}

/**
 * Puts an item at the end of an oldest-first list, in place. Now and then the front is cut off, so that at least the
 * newest `length` are in it and at most twice as many: for a list that is written far more often than read.
 */
export function pushLast<T>(list: T[], item: T, length: number): void {
  list.push(item);
  if (list.length >= 2 * length) list.splice(0, list.length - length);
}

/** The newest `length` items of an oldest-first list, newest first. */
export const newestFirst = <T>(list: readonly T[], length: number): T[] => list.slice(-length).reverse();
