import { Listeners } from './live/listeners.ts';

const TICK_MS = 1_000;

/** The one clock that everything on the page that shows an age ticks by; it stands still while nobody looks. */
export class Clock {
  readonly #listeners = new Listeners();
  #users = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #now = Date.now();

  readonly subscribe = (listener: () => void): (() => void) => {
    const remove = this.#listeners.add(listener);
    this.#users += 1;
    if (this.#users === 1) this.#timer = setInterval(this.#tick, TICK_MS);
    return () => {
      remove();
      this.#users -= 1;
      if (this.#users === 0) clearInterval(this.#timer);
    };
  };

  /** Milliseconds since the epoch, as of the last tick. */
  readonly now = (): number => this.#now;

  readonly #tick = (): void => {
    this.#now = Date.now();
    this.#listeners.notify();
  };
}
