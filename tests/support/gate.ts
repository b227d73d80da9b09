/** A promise that a test settles when it wants to. */
export class Gate<T = void> {
  readonly opened: Promise<T>;
  #open: (value: T) => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor() {
    this.opened = new Promise<T>((resolve, reject) => {
      this.#open = resolve;
      this.#fail = reject;
    });
    // Whoever waits is told; that nobody does yet is no fault.
    this.opened.catch(() => undefined);
  }

  readonly open = (value: T): void => this.#open(value);

  /** Rejects {@link opened}. */
  readonly fail = (error: unknown): void => this.#fail(error);
}

/** The end of this turn of the event loop: whatever promises could settle by themselves have settled. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const PATIENCE_MS = 4_000;

/** Looks once in every turn of the event loop until `met` holds. @throws when it takes too long */
export async function eventually(met: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!met()) {
    if (Date.now() > deadline) throw new Error(`it never came to ${met}`);
    await nextTurn();
  }
}
