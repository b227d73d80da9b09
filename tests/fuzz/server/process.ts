import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { replySchema } from '../../../bench/process/messages.ts';
import {
  type Faults,
  faultsSchema,
  type Holdings,
  holdingsSchema,
  startedSchema,
  tokensSchema,
  tradesSchema,
} from './messages.ts';

const SCRIPT = fileURLToPath(new URL('./server-child.ts', import.meta.url));
/** A server that is slower to answer its parent than this hangs. */
const LIMIT_MS = 60_000;
const KEPT_OUTPUT = 8_000;

interface Call {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The server's process, seen from the run. */
export class ServerProcess {
  /** How it ended, once it has. */
  exit: string | undefined;
  /** The end of what it has written to stderr. */
  output = '';
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #calls = new Map<number, Call>();
  #lastId = 0;

  constructor() {
    this.#process = fork(SCRIPT, [], {
      execArgv: ['--expose-gc', '--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = `${this.output}${text}`.slice(-KEPT_OUTPUT);
      });
    }
    this.#process.on('message', (message) => this.#take(message));
    this.#exited = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => {
        this.exit = `exit code ${code}, signal ${signal}`;
        for (const { reject } of this.#calls.values())
          reject(new Error(`the server has ended: ${this.exit}`));
        resolve();
      });
    });
  }

  start(directory: string): Promise<z.infer<typeof startedSchema>> {
    return this.#call('start', { directory }, startedSchema);
  }

  /** Signs somebody in, without the wallet. */
  session(name: string): Promise<z.infer<typeof tokensSchema>> {
    return this.#call('session', { name }, tokensSchema);
  }

  faults(): Promise<Faults> {
    return this.#call('faults', {}, faultsSchema);
  }

  holdings(): Promise<Holdings> {
    return this.#call('holdings', {}, holdingsSchema);
  }

  trades(after: number): Promise<z.infer<typeof tradesSchema>> {
    return this.#call('trades', { after }, tradesSchema);
  }

  /** Closes the server as its operator would. */
  async stop(): Promise<void> {
    await this.#call('stop', {}, z.null());
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  async #call<S extends z.ZodType>(command: string, args: object, result: S): Promise<z.infer<S>> {
    this.#lastId += 1;
    const id = this.#lastId;
    let limit: NodeJS.Timeout | undefined;
    try {
      const answered = new Promise<unknown>((resolve, reject) => {
        if (this.exit !== undefined) throw new Error(`the server has ended: ${this.exit}`);
        limit = setTimeout(() => reject(new Error(`the server does not answer "${command}"`)), LIMIT_MS);
        this.#calls.set(id, { resolve, reject });
        this.#process.send({ id, command, args }, (error) => {
          if (error !== null) reject(error);
        });
      });
      return result.parse(await answered);
    } finally {
      clearTimeout(limit);
      this.#calls.delete(id);
    }
  }

  #take(message: unknown): void {
    const reply = replySchema.parse(message);
    if (reply.kind === 'done') this.#calls.get(reply.id)?.resolve(reply.result);
    if (reply.kind === 'failed') this.#calls.get(reply.id)?.reject(new Error(reply.error));
  }
}
