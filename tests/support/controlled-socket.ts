import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

/** A write that waits to leave. */
interface Held {
  readonly chunks: readonly Buffer[];
  readonly done: Done;
}

/**
 * The server's end of a connection whose network is the test: every write of the server is counted, and waits while
 * the socket is blocked. Like a TCP socket it takes one write at a time; what is written meanwhile waits in its stream.
 */
export class ControlledSocket extends Duplex {
  /** The writes that have been made, each with its pieces as they were handed over. */
  readonly writes: (readonly Buffer[])[] = [];
  #blocked = false;
  #held: Held | undefined;

  /** @param deliver gets what leaves, in order */
  constructor(private readonly deliver: (bytes: Buffer) => void) {
    super();
  }

  /** A write is held. */
  get holding(): boolean {
    return this.#held !== undefined;
  }

  /** From now on writes wait. */
  block(): void {
    this.#blocked = true;
  }

  /** Lets the write that is held leave; the next one waits. @returns whether there was one */
  leave(): boolean {
    const held = this.#held;
    if (held === undefined) return false;
    this.#held = undefined;
    this.#pass(held);
    return true;
  }

  /** From now on everything leaves at once. */
  unblock(): void {
    this.#blocked = false;
    this.leave();
  }

  /** Bytes of the client arrive. */
  arrive(bytes: Buffer): void {
    this.push(bytes);
  }

  override _read(): void {
    // What arrives is pushed when it arrives.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#take([chunk], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.#take(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _destroy(error: Error | null, done: Done): void {
    const held = this.#held;
    this.#held = undefined;
    // Node's TCP sockets do not make an error of a write that is given up.
    held?.done();
    done(error);
  }

  #take(chunks: readonly Buffer[], done: Done): void {
    this.writes.push(chunks);
    if (this.#blocked) this.#held = { chunks, done };
    else this.#pass({ chunks, done });
  }

  #pass({ chunks, done }: Held): void {
    for (const chunk of chunks) this.deliver(chunk);
    done();
  }
}
