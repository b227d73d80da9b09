/** A value that changes. */
export interface Store<T> {
  readonly get: () => T;
  /** Calls back after every change, until what it returns is called. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A store whose owner sets it. */
export class Cell<T> implements Store<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;
  readonly subscribe = (listener: () => void): (() => void) => {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  };

  set(value: T): void {
    this.#value = value;
    for (const listener of [...this.#listeners]) guarded(listener);
  }
}

/** A listener that throws must not keep the others from hearing: its error is thrown again on its own. */
export function guarded(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
