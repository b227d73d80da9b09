import { type Logger, pino } from 'pino';
import { SECRETS } from '../../../server/ops/call-log.ts';
import type { Faults } from './messages.ts';

/** Texts of each sort of fault that are kept, each different from the others. */
const KEPT = 6;
const KEPT_CHARACTERS = 3_000;
/** Two texts that agree this far, digits aside, tell the same story. */
const COMPARED_CHARACTERS = 400;
const ERROR_LEVEL = 50;
const WARN_LEVEL = 40;

/** Writes down what the process must not do. A fault does not end it, so that the rest of the run can be told as well. */
export class FaultBook {
  /** The server's own logger, with the levels and serialisers that it has in production. */
  readonly logger: Logger;
  readonly #kept = new Map<string, Map<string, string>>();
  #unhandledRejections = 0;
  #uncaughtExceptions = 0;
  #errorLines = 0;
  #warnLines = 0;

  constructor() {
    this.logger = pino({ level: 'info', redact: [...SECRETS] }, { write: (line) => this.#read(line) });
    process.on('unhandledRejection', (reason) => {
      this.#unhandledRejections += 1;
      this.#keep('unhandled rejection', reason);
    });
    process.on('uncaughtException', (error) => {
      this.#uncaughtExceptions += 1;
      this.#keep('uncaught exception', error);
    });
  }

  get faults(): Faults {
    const polluted: string[] = [];
    // On purpose with what is inherited.
    for (const key in {}) polluted.push(key);
    return {
      unhandledRejections: this.#unhandledRejections,
      uncaughtExceptions: this.#uncaughtExceptions,
      errorLines: this.#errorLines,
      warnLines: this.#warnLines,
      polluted,
      first: [...this.#kept].flatMap(([what, texts]) =>
        [...texts.values()].map((text) => `${what}: ${text}`),
      ),
    };
  }

  #read(line: string): void {
    const level = Number(/^\{"level":(\d+)/.exec(line)?.[1]);
    if (level >= ERROR_LEVEL) {
      this.#errorLines += 1;
      this.#keep('error line', line);
    } else if (level >= WARN_LEVEL) this.#warnLines += 1;
  }

  #keep(what: string, cause: unknown): void {
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    const texts = this.#kept.get(what) ?? new Map<string, string>();
    this.#kept.set(what, texts);
    const story = text.replace(/"(pid|time|hostname)":[^,]*,|\d+/g, '').slice(0, COMPARED_CHARACTERS);
    if (texts.size < KEPT && !texts.has(story)) texts.set(story, text.slice(0, KEPT_CHARACTERS));
  }
}
