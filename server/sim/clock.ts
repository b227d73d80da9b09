/** Real time, until it is set; then it stands still until set again or released. */
export class SettableClock {
  #fixed: number | undefined;

  /** Milliseconds since the epoch. */
  readonly now = (): number => this.#fixed ?? Date.now();

  set(at: number): void {
    this.#fixed = at;
  }

  release(): void {
    this.#fixed = undefined;
  }
}
