import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { encodeFrame, OPCODE } from './raw-ws-frames.ts';
import type { Inbox } from './streams.ts';
import { type Answer, handshake, WireReader } from './wire-answers.ts';

/** A client of a server of quotes on a TCP socket, which reads only when the test lets it. */
export class SlowClient {
  readonly #socket: Socket;
  readonly #reader: WireReader;
  /** Resolves when the connection is no more. */
  readonly closed: Promise<void>;

  private constructor(port: number, deflate: boolean) {
    this.#reader = new WireReader(deflate);
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (bytes) => this.#reader.push(bytes));
    // `close` follows.
    this.#socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.#socket.once('close', () => resolve()));
  }

  /** @returns a client that reads, and has sent its handshake and these messages */
  static async open(port: number, messages: readonly object[], deflate = false): Promise<SlowClient> {
    const client = new SlowClient(port, deflate);
    await once(client.#socket, 'connect');
    client.#socket.write(handshake(deflate ? 'permessage-deflate' : undefined));
    client.send(...messages);
    return client;
  }

  get inbox(): Inbox<Answer> {
    return this.#reader.answers;
  }

  get answers(): readonly Answer[] {
    return this.#reader.answers.items;
  }

  /** Bytes that the server has not taken. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  send(...messages: readonly object[]): void {
    const frames = messages.map((message) =>
      encodeFrame({ opcode: OPCODE.text, payload: JSON.stringify(message) }),
    );
    this.#socket.write(Buffer.concat(frames));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Cuts the connection. */
  cut(): Promise<void> {
    this.#socket.resetAndDestroy();
    return this.closed;
  }
}
