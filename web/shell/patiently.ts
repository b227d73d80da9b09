/** The connection may be back by then; what is gone for good is the update prompt's. */
const AGAIN_AFTER_MS = [500, 2_000, 5_000] as const;

/** A part of the program that could not be loaded. Browsers may remember that, so that only a new page can try again. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}

/**
 * Loads a part of the program, a few times over if need be.
 * @throws LoadError when it does not come
 */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (const ms of AGAIN_AFTER_MS) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
  try {
    return await load();
  } catch (cause) {
    throw new LoadError('a part of the program could not be loaded', { cause });
  }
}
