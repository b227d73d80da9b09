import { setImmediate } from 'node:timers';

/** What has something to do before the tick ends. */
export interface Due {
  run(): void;
}

/**
 * Rest after telling everybody, as a part of the time that it took: a server whose subscribers take all it has still
 * has a fifth of its time for everything else, and what is published meanwhile goes out together, at less cost.
 */
const REST = 0.25;
/** No rest after what took less, in milliseconds. */
const SHORT_MS = 1;

/**
 * The end of the tick, once for all connections of a handler: first those whose channels have news are served, then
 * everything that was written leaves, one write per socket. A tick is a turn of the event loop: what several commits
 * have published while the sockets were being read goes out together.
 */
export class Tick {
  #due: Due[] = [];
  #written: Due[] = [];
  #scheduled = false;
  /** Set while it rests: readers that are due wait for its end, answers do not. */
  #rest: NodeJS.Timeout | undefined;

  constructor(private readonly ended: () => void) {}

  /** Adds a reader; it must not add itself twice. */
  serve(reader: Due): void {
    this.#due.push(reader);
    if (this.#rest === undefined) this.#schedule();
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
    const began = performance.now();
    const served = this.#rest === undefined && this.#due.length > 0;
    if (served) this.#serveAll();
    const written = this.#written;
    this.#written = [];
    for (const outbox of written) outbox.run();
    this.ended();
    if (served) this.#restAfter(performance.now() - began);
  };

  #serveAll(): void {
    const due = this.#due;
    this.#due = [];
    for (const reader of due) reader.run();
  }

  #restAfter(tookMs: number): void {
    if (tookMs < SHORT_MS) return;
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      if (this.#due.length > 0) this.#run();
    }, tookMs * REST);
  }
}
