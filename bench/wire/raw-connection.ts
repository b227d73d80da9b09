import { connect, type Socket } from 'node:net';
import { clientFrame, FrameReader, OPCODE } from './frames.ts';

export interface RawConnectionOptions {
  readonly port: number;
  /** Path of the WebSocket handshake; `null` when frames are sent without one. */
  readonly path: string | null;
  /** What is read goes here first. One buffer does for all connections: nothing stays in it. */
  readonly buffer: Buffer;
  readonly onOpen: () => void;
  /** A text frame; its payload lies in `data` until the call returns. */
  readonly onText: (data: Buffer, start: number, end: number) => void;
  /** The connection is gone, or never came to be. */
  readonly onClose: () => void;
}

/** Enough to keep a read from being split; also the most that is read at once. */
export const sharedBuffer = (): Buffer => Buffer.allocUnsafe(256 * 1024);

const CLIENT_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const HEAD_END = Buffer.from('\r\n\r\n');
const PING_TEXT = Buffer.from('PING');

type Phase =
  | { readonly kind: 'connecting'; readonly head: Buffer }
  | { readonly kind: 'open' }
  | { readonly kind: 'closed' };

/** A WebSocket client on a bare socket, light enough to have thousands: frames are found by their headers alone. */
export class RawConnection {
  readonly #options: RawConnectionOptions;
  readonly #socket: Socket;
  readonly #frames = new FrameReader((opcode, data, start, end) => this.#frame(opcode, data, start, end));
  #phase: Phase = { kind: 'connecting', head: Buffer.alloc(0) };

  constructor(options: RawConnectionOptions) {
    this.#options = options;
    this.#socket = connect({
      port: options.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: options.buffer, callback: this.#read },
    });
    this.#socket.once('connect', this.#connected);
    this.#socket.once('close', this.#closed);
    // `close` follows and does what there is to do.
    this.#socket.on('error', () => undefined);
  }

  sendText(text: string): void {
    this.#socket.write(clientFrame(text));
  }

  /** Sends bytes that are frames already. */
  sendFrames(frames: Buffer): void {
    this.#socket.write(frames);
  }

  /** Reads no more. */
  pause(): void {
    this.#socket.pause();
  }

  /** Cuts the connection. */
  destroy(): void {
    this.#socket.destroy();
  }

  readonly #connected = (): void => {
    const { path, onOpen } = this.#options;
    if (path === null) {
      this.#phase = { kind: 'open' };
      onOpen();
      return;
    }
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${CLIENT_KEY}\r\n\r\n`,
    );
  };

  readonly #read = (length: number): boolean => {
    if (this.#phase.kind === 'open') this.#frames.read(this.#options.buffer, length);
    else if (this.#phase.kind === 'connecting') this.#handshake(this.#phase.head, length);
    return true;
  };

  #handshake(head: Buffer, length: number): void {
    const answer = Buffer.concat([head, this.#options.buffer.subarray(0, length)]);
    const end = answer.indexOf(HEAD_END);
    if (end < 0) {
      this.#phase = { kind: 'connecting', head: answer };
      return;
    }
    if (!answer.toString('latin1', 0, end).startsWith('HTTP/1.1 101 ')) {
      this.#socket.destroy();
      return;
    }
    this.#phase = { kind: 'open' };
    this.#options.onOpen();
    const frames = answer.subarray(end + HEAD_END.length);
    this.#frames.read(frames, frames.length);
  }

  #frame(opcode: number, data: Buffer, start: number, end: number): void {
    if (opcode === OPCODE.text) {
      if (end - start === PING_TEXT.length && data.compare(PING_TEXT, 0, 4, start, end) === 0)
        this.sendText('PONG');
      else this.#options.onText(data, start, end);
    } else if (opcode === OPCODE.ping) {
      this.#socket.write(clientFrame(Buffer.from(data.subarray(start, end)), OPCODE.pong));
    } else if (opcode === OPCODE.close) this.#socket.destroy();
  }

  readonly #closed = (): void => {
    this.#phase = { kind: 'closed' };
    this.#options.onClose();
  };
}
