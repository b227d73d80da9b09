import { setImmediate } from 'node:timers';

/** What has something to do before the tick ends. */
export interface Due {
  run(): void;
}

/**
 * The end of the tick, once for all connections of a handler: first those whose channels have news are served, then
 * everything that was written leaves, one write per socket. A tick is a turn of the event loop: what several commits
 * have published while the sockets were being read goes out together.
 */
export class Tick {
  #due: Due[] = [];
  #written: Due[] = [];
  #scheduled = false;
  #serving = false;

  constructor(private readonly ended: () => void) {}

  /** It serves readers, and nothing else happens until what they write leaves. */
  get serving(): boolean {
    return this.#serving;
  }

  /** Adds a reader; it must not add itself twice. */
  serve(reader: Due): void {
    this.#due.push(reader);
    this.#schedule();
  }

  /** Adds what sends a socket's writes off; it must not add itself twice. */
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
    this.#serveAll();
    const written = this.#written;
    this.#written = [];
    for (const outbox of written) outbox.run();
    this.ended();
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
}
