import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { OUT, type ProcessName } from './build.ts';
import { type Command, replySchema } from './messages.ts';

/** No command may take longer: a bench stops by itself. */
const LIMIT_MS = 180_000;

const cpuSchema = z.object({ cpuMs: z.number(), atMs: z.number() });

interface Call {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  /** Lets the process collect garbage on command. */
  readonly exposeGc?: boolean;
}

/** A process of a bench, seen from the bench. */
export class Child {
  readonly ended: Promise<Error>;
  readonly #process: ChildProcess;
  readonly #calls = new Map<number, Call>();
  #lastId = 0;
  #endedBy: Error | undefined;
  #onNote: (note: number) => void = () => undefined;

  constructor(
    readonly name: ProcessName,
    { args = [], exposeGc = false }: ChildOptions = {},
  ) {
    this.#process = fork(join(OUT, `${name}.js`), args, {
      execArgv: exposeGc ? ['--expose-gc'] : [],
      // The last line of the bench's own output is its result: what a process prints goes to stderr.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.#process.on('message', (message) => this.#take(message));
    this.ended = new Promise((resolve) => {
      const end = (error: Error): void => {
        this.#end(error);
        resolve(error);
      };
      this.#process.once('error', end);
      this.#process.once('exit', (code, signal) => end(new Error(`${name} ended: ${signal ?? code}`)));
    });
  }

  /** Has the process carry out a command. @throws what went wrong there, or when it ends or takes too long */
  call<S extends z.ZodType>(command: string, args: object, result: S): Promise<z.infer<S>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<unknown>((resolve, reject) => {
      if (this.#endedBy !== undefined) throw this.#endedBy;
      const limit = setTimeout(
        () => reject(new Error(`${this.name} did not finish ${command} in ${LIMIT_MS / 1000} s`)),
        LIMIT_MS,
      );
      const settle = (): void => {
        clearTimeout(limit);
        this.#calls.delete(id);
      };
      this.#calls.set(id, {
        resolve: (value) => {
          settle();
          resolve(value);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      this.#send({ id, command, args });
    });
    return answered.then((value) => result.parse(value));
  }

  /** Cores that the process keeps busy while something happens: 1 is one of them all the time. */
  async coresDuring(happens: Promise<unknown>): Promise<number> {
    const before = await this.call('cpu', {}, cpuSchema);
    await happens;
    const after = await this.call('cpu', {}, cpuSchema);
    return (after.cpuMs - before.cpuMs) / (after.atMs - before.atMs);
  }

  /** As {@link call}, without an answer. */
  tell(command: string, args: object): void {
    if (this.#endedBy === undefined) this.#send({ id: null, command, args });
  }

  /** Takes what the process tells unasked. */
  onNote(listener: (note: number) => void): void {
    this.#onNote = listener;
  }

  /** Ends the process at once. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  #send(command: Command): void {
    this.#process.send(command, (error) => {
      if (error !== null) this.#end(error);
    });
  }

  #take(message: unknown): void {
    const reply = replySchema.parse(message);
    switch (reply.kind) {
      case 'note':
        this.#onNote(reply.note);
        return;
      case 'done':
        this.#calls.get(reply.id)?.resolve(reply.result);
        return;
      case 'failed':
        this.#calls.get(reply.id)?.reject(new Error(`${this.name}: ${reply.error}`));
        return;
      default:
        reply satisfies never;
    }
  }

  #end(error: Error): void {
    this.#endedBy ??= error;
    for (const call of [...this.#calls.values()]) call.reject(error);
  }
}
