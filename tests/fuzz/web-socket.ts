import { FrameReader, OPCODE } from '../../bench/wire/frames.ts';
import { encodeFrame } from '../support/raw-ws-frames.ts';
import type { Dice } from './dice.ts';
import { PATIENCE_MS, Wire } from './wire.ts';
import { within } from './within.ts';

const HEAD_END = Buffer.from('\r\n\r\n');
const MOST_HEAD_BYTES = 4_096;

/** What has become of what was written. */
export type Outcome =
  /** The server has read it all. */
  | 'read'
  /** The connection was closed; nobody knows how far it was read. */
  | 'closed'
  /** Neither. */
  | 'silent';

export const handshake = (path: string): Buffer =>
  Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );

/** An open WebSocket of an attacker. It writes what it is given and looks at the headers of what comes. */
export class WebSocketWire {
  /** What the server has closed it with. */
  closeCode: number | undefined;
  #pings = 0;
  #onPong: { readonly payload: string; readonly resolve: (outcome: Outcome) => void } | undefined;

  private constructor(readonly wire: Wire) {}

  /** @returns `undefined` when the server does not take it */
  static async open(port: number, path: string, dice: Dice): Promise<WebSocketWire | undefined> {
    const wire = await Wire.open(port, dice);
    if (wire === undefined) return undefined;
    const client = new WebSocketWire(wire);
    const opened = client.#takeHandshake();
    void wire.write(handshake(path));
    const outcome = await within(PATIENCE_MS, Promise.race([opened, wire.closed]));
    if (outcome === 'opened') return client;
    wire.destroy();
    return undefined;
  }

  get open(): boolean {
    return this.wire.open && this.closeCode === undefined;
  }

  /** Writes the bytes and resolves when the server has read as far: it answers pings in their turn. */
  async writeAndAwait(bytes: Buffer): Promise<Outcome> {
    this.#pings += 1;
    const payload = `fuzz${this.#pings}`;
    const pong = new Promise<Outcome>((resolve) => {
      this.#onPong = { payload, resolve };
    });
    const closed = this.wire.closed.then((): Outcome => 'closed');
    void this.wire.write(Buffer.concat([bytes, encodeFrame({ opcode: OPCODE.ping, payload })]));
    const outcome = await within(PATIENCE_MS, Promise.race([pong, closed]));
    return outcome === 'late' ? 'silent' : outcome;
  }

  #takeHandshake(): Promise<'opened' | 'refused'> {
    return new Promise((resolve) => {
      let head = Buffer.alloc(0);
      this.wire.onData = (data, length) => {
        head = Buffer.concat([head, data.subarray(0, length)]);
        const end = head.indexOf(HEAD_END);
        if (end < 0 && head.length < MOST_HEAD_BYTES) return;
        if (!head.toString('latin1', 0, 13).startsWith('HTTP/1.1 101 ')) {
          resolve('refused');
          return;
        }
        const reader = new FrameReader((opcode, frames, start, stop) =>
          this.#take(opcode, frames.subarray(start, stop)),
        );
        this.wire.onData = (more, moreLength) => reader.read(more, moreLength);
        const rest = head.subarray(end + HEAD_END.length);
        reader.read(rest, rest.length);
        resolve('opened');
      };
    });
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.pong && payload.toString('latin1') === this.#onPong?.payload) {
      this.#onPong.resolve('read');
    } else if (opcode === OPCODE.close) {
      this.closeCode = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
      // An attacker does not wait for anything; that would also make it wait for the server's timer.
      this.wire.destroy();
    }
  }
}
