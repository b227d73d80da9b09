import { readdir, readFile } from 'node:fs/promises';

export interface DescriptorSources {
  /** The text of /proc/self/limits. */
  readonly limits: () => Promise<string>;
  /** How many are open. */
  readonly count: () => Promise<number>;
  /** Milliseconds, on a clock that never goes back. */
  readonly now: () => number;
}

/** What is open is counted so often, ms: the list gets long, and it does not change that fast. */
const EVERY_MS = 5_000;

const PROC: DescriptorSources = {
  limits: () => readFile('/proc/self/limits', 'utf8'),
  count: async () => (await readdir('/proc/self/fd')).length,
  now: () => performance.now(),
};

/**
 * - `resting`: nothing is read before `until`, ms of the clock.
 * - `off`: cannot be told here (not Linux, or no limit is set), or is no longer asked.
 */
type State =
  | { readonly kind: 'reading' | 'off' }
  | { readonly kind: 'resting'; readonly until: number; readonly limit: number | undefined };

/** How much of its file descriptors (sockets included) the process uses. */
export class FileDescriptors {
  #state: State = { kind: 'resting', until: Number.NEGATIVE_INFINITY, limit: undefined };
  #use = 0;

  constructor(private readonly sources: DescriptorSources = PROC) {}

  /**
   * Answers at once with what was counted last, and has it counted again when that is 5 s ago.
   * @returns open ones per one of the soft limit; 0 before the first count, and where it cannot be told
   */
  use(): number {
    const state = this.#state;
    if (state.kind === 'resting' && this.sources.now() >= state.until) {
      this.#state = { kind: 'reading' };
      void this.#read(state.limit);
    }
    return this.#use;
  }

  /** Nothing is read any more. */
  close(): void {
    this.#off();
  }

  /** Never rejects. */
  async #read(known: number | undefined): Promise<void> {
    try {
      const limit = known ?? parseSoftLimit(await this.sources.limits());
      if (limit === undefined) this.#off();
      else this.#counted((await this.sources.count()) / limit, limit);
    } catch (error) {
      // Counting takes a descriptor as well. Any other failure will not pass by itself.
      if (isExhausted(error)) this.#counted(1, known);
      else this.#off();
    }
  }

  #counted(use: number, limit: number | undefined): void {
    if (this.#state.kind === 'off') return;
    this.#use = use;
    this.#state = { kind: 'resting', until: this.sources.now() + EVERY_MS, limit };
  }

  #off(): void {
    this.#state = { kind: 'off' };
    this.#use = 0;
  }
}

/** `Max open files  1024  4096  files`: the soft limit is the first; `unlimited` is none. */
function parseSoftLimit(limits: string): number | undefined {
  const soft = Number(/^Max open files\s+(\d+)\s/m.exec(limits)?.[1]);
  return soft > 0 ? soft : undefined;
}

const isExhausted = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
