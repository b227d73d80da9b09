import type { Clock } from '../../shared/client/clock.ts';
import { Inbox } from '../support/streams.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock whose timers go off only when a test moves it. */
export class ManualTimers implements Clock {
  readonly #timers = new Set<Timer>();
  /** Every delay that was asked for, in order. */
  readonly asked = new Inbox<number>();
  #now = 1_000_000;

  readonly now = (): number => this.#now;

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    this.asked.push(ms);
    return () => this.#timers.delete(timer);
  };

  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets time pass; timers go off in order, those set meanwhile too. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let timer = this.#next(until); timer !== undefined; timer = this.#next(until)) {
      this.#now = timer.at;
      this.#timers.delete(timer);
      timer.run();
    }
    this.#now = until;
  }

  #next(until: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= until);
    return due.toSorted((a, b) => a.at - b.at)[0];
  }
}
