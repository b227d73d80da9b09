import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OUT } from '../process/build.ts';
import type { Killable } from '../process/processes.ts';

const SOURCE = fileURLToPath(new URL('./send.c', import.meta.url));

/** Compiles the C program. @returns its path, or `undefined` when there is no compiler */
export async function compileSend(): Promise<string | undefined> {
  const program = join(OUT, 'send');
  await mkdir(OUT, { recursive: true });
  try {
    await promisify(execFile)('cc', ['-O2', '-Wall', '-o', program, SOURCE]);
    return program;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A server's frame around a text, as it goes over the wire. */
function serverFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(4);
  header[0] = 0x81;
  header[1] = 126;
  header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

/** The running C program. */
export class SendProgram implements Killable {
  readonly ended: Promise<Error>;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(program: string, frameFile: string, digits: string) {
    this.#process = spawn(program, [frameFile, digits], { stdio: ['pipe', 'pipe', 2] });
    this.ended = new Promise((resolve) => {
      this.#process.once('error', resolve);
      this.#process.once('exit', (code, signal) => resolve(new Error(`send ended: ${signal ?? code}`)));
    });
    const { stdout } = this.#process;
    if (stdout === null) throw new Error('the send program has no stdout');
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** Starts it with a frame in which `digits` is replaced by the seq. */
  static async start(
    program: string,
    { text, digits }: { readonly text: string; readonly digits: string },
  ): Promise<SendProgram> {
    const frameFile = join(OUT, 'send-frame');
    await writeFile(frameFile, serverFrame(text));
    return new SendProgram(program, frameFile, digits);
  }

  async port(): Promise<number> {
    const [port] = await this.#answer('port');
    return port ?? Number.NaN;
  }

  /** Takes `count` connections. Resolves when all have come. */
  async accept(count: number): Promise<void> {
    this.#say(`accept ${count}`);
    await this.#answer('ready');
  }

  async publish(what: {
    readonly firstSeq: number;
    readonly events: number;
    readonly burst: number;
    readonly window: number;
  }): Promise<{ readonly cpuUs: number; readonly wallMs: number }> {
    this.#say(`publish ${what.firstSeq} ${what.events} ${what.burst} ${what.window}`);
    const [cpuUs = Number.NaN, wallUs = Number.NaN] = await this.#answer('done');
    return { cpuUs, wallMs: wallUs / 1000 };
  }

  ack(events: number): void {
    this.#say(`ack ${events}`);
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  #say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  async #answer(word: string): Promise<number[]> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error('the send program ended');
    const [first, ...numbers] = line.value.split(' ');
    if (first !== word) throw new Error(`the send program said ${line.value} instead of ${word}`);
    return numbers.map(Number);
  }
}
