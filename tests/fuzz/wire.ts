import { connect, type Socket } from 'node:net';
import type { Dice } from './dice.ts';
import { within } from './within.ts';

/** What the server may take for whatever it owes; on a machine that does nothing else it takes milliseconds. */
export const PATIENCE_MS = 20_000;

/** What is read goes here first. One buffer does for all connections: nothing stays in it. */
const shared = Buffer.allocUnsafe(256 * 1024);

/** A TCP connection of an attacker. */
export class Wire {
  /** Takes what comes; `data` is valid until the call returns. */
  onData: (data: Buffer, length: number) => void = () => undefined;
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #answered: Promise<void>;
  #answer: () => void = () => undefined;

  private constructor(port: number, source: string) {
    this.#answered = new Promise((resolve) => {
      this.#answer = resolve;
    });
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: source,
      noDelay: true,
      onread: { buffer: shared, callback: (length) => this.#read(length) },
    });
    // `close` follows.
    this.#socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.#socket.once('close', () => resolve()));
  }

  /** @returns `undefined` when the server does not take the connection */
  static async open(port: number, dice: Dice): Promise<Wire | undefined> {
    const wire = new Wire(port, dice.source());
    const connected = new Promise<'connected'>((resolve) =>
      wire.#socket.once('connect', () => resolve('connected')),
    );
    const outcome = await within(PATIENCE_MS, Promise.race([connected, wire.closed]));
    if (outcome === 'connected') return wire;
    wire.destroy();
    return undefined;
  }

  /** Bytes can be handed over. */
  get open(): boolean {
    return this.#socket.writable;
  }

  /** Resolves when the system has taken them, or never will. */
  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(bytes, () => resolve());
    });
  }

  /** Resolves to whether something has come, or the connection was closed. */
  async answered(): Promise<boolean> {
    return (await within(PATIENCE_MS, Promise.race([this.#answered, this.closed]))) !== 'late';
  }

  /** Resolves to whether the server has closed the connection. */
  async ended(): Promise<boolean> {
    return (await within(PATIENCE_MS, this.closed)) !== 'late';
  }

  /** Stops reading, so that the server cannot get rid of what it sends. */
  pause(): void {
    this.#socket.pause();
  }

  /** Ends this side (FIN). */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Cuts the connection with RST. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Leaves in one of the ways in which a client may. */
  async leave(dice: Dice): Promise<void> {
    const way = dice.below(3);
    if (way === 0) this.reset();
    else {
      if (way === 1) this.end();
      this.destroy();
    }
    await this.closed;
  }

  #read(length: number): boolean {
    this.#answer();
    this.onData(shared, length);
    return true;
  }
}
