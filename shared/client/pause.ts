import type { Clock } from './clock.ts';

/** A wait that can be cut short: whoever waits for its end goes on at once. */
export class Pause {
  #over = Promise.resolve();
  #end: (() => void) | null = null;

  constructor(private readonly clock: Clock) {}

  /** Resolves when the wait is over; at once when there is none. */
  over(): Promise<void> {
    return this.#over;
  }

  /** In the place of the wait there may be. */
  start(ms: number): void {
    this.cut();
    if (ms <= 0) return;
    this.#over = new Promise((resolve) => {
      const cancel = this.clock.after(ms, () => this.cut());
      this.#end = () => {
        cancel();
        resolve();
      };
    });
  }

  /** @returns whether there was a wait to cut short */
  cut(): boolean {
    const end = this.#end;
    this.#end = null;
    end?.();
    return end !== null;
  }
}
