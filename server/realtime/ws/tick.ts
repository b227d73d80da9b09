import { setImmediate } from 'node:timers';

/** What has something to do before the tick ends. */
export interface Due {
  run(): void;
}

/**
 * What a turn of the event loop spends on serving, in milliseconds. In every turn Node takes one new connection and reads
 * from each socket once: if thousands of subscribers were served in one, those who come back would wait for half a minute,
 * and every call for all of it.
 */
const SLICE_MS = 4;
/** Connections served between two looks at the clock. */
const LOOK_EVERY = 16;

/**
 * The end of the tick, once for all connections of a handler: those whose channels have news are served, and then all
 * that was written leaves, one write per socket. A tick is a turn of the event loop: what several commits have
 * published while the sockets were being read goes out together. Serving that takes longer than {@link SLICE_MS} goes on
 * in the next turn. Who waits for that gets what has been published meanwhile with the rest.
 */
export class Tick {
  /** Who has become due, after those of `#round`. */
  #due: Due[] = [];
  /** Who is being served, from `#next` on. */
  #round: Due[] = [];
  #next = 0;
  #written: Due[] = [];
  #scheduled = false;
  #serving = false;

  constructor(
    private readonly ended: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** It serves, and nothing else happens meanwhile. */
  get serving(): boolean {
    return this.#serving;
  }

  /** Adds a connection with news; it must not add itself twice. */
  serve(connection: Due): void {
    this.#due.push(connection);
    this.#schedule();
  }

  /** Adds what sends a socket's writes off. */
  release(outbox: Due): void {
    this.#written.push(outbox);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#run);
  }

  readonly #run = (): void => {
    this.#scheduled = false;
    const done = this.#serveSome();
    this.#releaseAll();
    if (done) this.ended();
    else this.#schedule();
  };

  #releaseAll(): void {
    const written = this.#written;
    this.#written = [];
    for (const outbox of written) outbox.run();
  }

  /** @returns whether that was all of them */
  #serveSome(): boolean {
    const until = this.now() + SLICE_MS;
    this.#serving = true;
    try {
      for (let served = 1; ; served += 1) {
        const next = this.#nextDue();
        if (next === undefined) return true;
        next.run();
        if (served % LOOK_EVERY === 0 && this.now() >= until) return false;
      }
    } finally {
      this.#serving = false;
    }
  }

  #nextDue(): Due | undefined {
    if (this.#next === this.#round.length) {
      this.#round = this.#due;
      this.#due = [];
      this.#next = 0;
    }
    const next = this.#round[this.#next];
    if (next !== undefined) this.#next += 1;
    return next;
  }
}
