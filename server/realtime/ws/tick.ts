import { setImmediate } from 'node:timers';

/** What has something to do before the tick ends. */
export interface Due {
  run(): void;
}

/**
 * What a turn of the event loop spends on letting items leave, in milliseconds. In every turn Node takes one new
 * connection and reads from each socket once, so with thousands of subscribers whole rounds in a turn would keep those who
 * come back waiting for half a minute, and every call for a round.
 */
const SLICE_MS = 4;
/** Outboxes between two looks at the clock. */
const LOOK_EVERY = 16;

/**
 * The end of the tick, once for all connections of a handler: first those whose channels have news are served, then
 * everything that was written leaves, one write per socket. A tick is a turn of the event loop: what several commits
 * have published while the sockets were being read goes out together. A round of items that takes longer than
 * {@link SLICE_MS} goes on in the next turns, and what is published meanwhile waits for the next round; answers leave
 * in each.
 */
export class Tick {
  #due: Due[] = [];
  /** With answers: their outboxes are released in this turn. */
  #answered: Due[] = [];
  /** With items for readers that were served, from `#nextServed` on. */
  #served: Due[] = [];
  #nextServed = 0;
  #scheduled = false;
  #serving = false;

  constructor(
    private readonly ended: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** It serves readers, and nothing else happens until it has done so. */
  get serving(): boolean {
    return this.#serving;
  }

  /** Adds a reader; it must not add itself twice. */
  serve(reader: Due): void {
    this.#due.push(reader);
    this.#schedule();
  }

  /** Adds what sends a socket's writes off. */
  release(outbox: Due): void {
    if (this.#serving) this.#served.push(outbox);
    else this.#answered.push(outbox);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#run);
  }

  readonly #run = (): void => {
    this.#scheduled = false;
    if (this.#served.length === 0) this.#serveAll();
    const answered = this.#answered;
    this.#answered = [];
    for (const outbox of answered) outbox.run();
    if (!this.#releaseServed()) {
      this.#schedule();
      return;
    }
    this.ended();
    if (this.#due.length > 0) this.#schedule();
  };

  #serveAll(): void {
    const due = this.#due;
    this.#due = [];
    this.#serving = true;
    try {
      for (const reader of due) reader.run();
    } finally {
      this.#serving = false;
    }
  }

  /** @returns whether that was all of them */
  #releaseServed(): boolean {
    const served = this.#served;
    const until = this.now() + SLICE_MS;
    while (this.#nextServed < served.length) {
      const next = served[this.#nextServed];
      this.#nextServed += 1;
      next?.run();
      const look = this.#nextServed % LOOK_EVERY === 0 && this.#nextServed < served.length;
      if (look && this.now() >= until) return false;
    }
    this.#served = [];
    this.#nextServed = 0;
    return true;
  }
}
