import type { Store } from '../../shared/client/index.ts';
import { Cell } from '../../shared/client/store.ts';

/** What is to be said before what; of equals the newest. */
const RANK = { news: 0, event: 1, connection: 2 } as const;
export type Urgency = keyof typeof RANK;

/** Time to hear one sentence out. */
export const EVERY_MS = 5_000;

interface Sentence {
  readonly text: string;
  readonly urgency: Urgency;
}

/**
 * Sentences for those who do not see the page, one every few seconds at most: a market says more than anybody can listen
 * to. While one is being heard, one more waits; the more urgent takes its place, or else the newer.
 */
export class Announcer {
  readonly #said = new Cell('');
  #waiting: Sentence | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** What is said now. */
  get said(): Store<string> {
    return this.#said;
  }

  readonly say = (text: string, urgency: Urgency): void => {
    if (this.#timer !== null) {
      const keeps = this.#waiting !== null && RANK[this.#waiting.urgency] > RANK[urgency];
      if (!keeps) this.#waiting = { text, urgency };
      return;
    }
    this.#said.set(text);
    this.#timer = setTimeout(this.#next, EVERY_MS);
  };

  readonly #next = (): void => {
    const next = this.#waiting;
    this.#timer = null;
    this.#waiting = null;
    // Nothing is left to be found by a reader that comes by later; and the same sentence twice is two changes.
    this.#said.set('');
    if (next !== null) this.say(next.text, next.urgency);
  };
}
