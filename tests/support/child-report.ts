import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A script of the tests in a process of its own that can collect garbage; it is told lines and answers each with JSON. */
export class Child {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(script: URL) {
    const args = ['--expose-gc', '--import', 'tsx', fileURLToPath(script)];
    this.#process = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdout } = this.#process;
    if (stdout === null) throw new Error('no output to read');
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** @throws when the process ends without a report */
  async report(): Promise<unknown> {
    const { done, value } = await this.#lines.next();
    if (done === true) throw new Error('the process has ended');
    return JSON.parse(value);
  }

  ask(line: string): Promise<unknown> {
    this.#process.stdin?.write(`${line}\n`);
    return this.report();
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}
