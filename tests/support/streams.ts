/** Collects items as they come; {@link Inbox.until} waits for what a test is after, so nothing is missed. */
export class Inbox<T> {
  readonly items: T[] = [];
  #waiting: { readonly met: () => boolean; readonly resolve: () => void }[] = [];

  readonly push = (item: T): void => {
    this.items.push(item);
    this.check();
  };

  /** Looks at what is waited for again. */
  check(): void {
    const met = this.#waiting.filter((waiting) => waiting.met());
    this.#waiting = this.#waiting.filter((waiting) => !met.includes(waiting));
    for (const { resolve } of met) resolve();
  }

  until(met: (items: readonly T[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ met: () => met(this.items), resolve });
      this.check();
    });
  }
}
