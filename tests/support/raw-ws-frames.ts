import { isUtf8 } from 'node:buffer';
import { constants, inflateRawSync } from 'node:zlib';

export const OPCODE = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa };

export interface FrameOptions {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  /** True unless told. */
  readonly fin?: boolean;
  /** Bits: RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv?: number;
  /** Four bytes; a frame of a server has none. */
  readonly mask?: Buffer | 'none';
  /** How many bytes follow the seven bits of the length; as few as can be unless told. */
  readonly lengthBytes?: 0 | 2 | 8;
  /** The length to announce in place of the payload's. */
  readonly announce?: bigint;
}

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A frame as bytes, right or wrong as the options ask (RFC 6455, section 5.2). */
export function encodeFrame(options: FrameOptions): Buffer {
  const { opcode, payload = '', fin = true, rsv = 0, mask = MASK } = options;
  const plain = Buffer.from(payload);
  const length = options.announce ?? BigInt(plain.length);
  const lengthBytes = options.lengthBytes ?? (length > 65_535n ? 8 : length > 125n ? 2 : 0);
  const masked = mask !== 'none';
  const short = lengthBytes === 8 ? 127 : lengthBytes === 2 ? 126 : Number(length);
  const head = Buffer.alloc(2 + lengthBytes);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | short;
  if (lengthBytes === 2) head.writeUInt16BE(Number(length), 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([head, plain]);
  return Buffer.concat([head, mask, plain.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(reason);
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), bytes]);
}

/** What a server has sent, put together from its fragments. */
export type Received =
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number; readonly compressed: boolean }
  | { readonly kind: 'binary'; readonly data: Buffer }
  | { readonly kind: 'ping' | 'pong'; readonly data: Buffer }
  /** 1005 when it carries no code. */
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

/** The server has broken RFC 6455 (or 7692). */
export class ProtocolViolation extends Error {}

interface Frame {
  readonly fin: boolean;
  readonly rsv1: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Codes that may be on the wire (RFC 6455, section 7.4, and IANA's registry). */
const isCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) ||
  (code >= 3000 && code <= 4999);

const DEFLATE_TRAILER = Buffer.from([0x00, 0x00, 0xff, 0xff]);
const DEFLATE_WINDOW = 32 * 1024;

/**
 * Reads what a server sends and throws a {@link ProtocolViolation} at the first thing that a server must not send. With
 * `deflate`, permessage-deflate has been negotiated.
 */
export class FrameParser {
  #pending: Buffer = Buffer.alloc(0);
  #closed = false;
  #message: { readonly opcode: number; readonly compressed: boolean; readonly parts: Buffer[] } | undefined;
  #window: Buffer = Buffer.alloc(0);

  constructor(
    readonly deflate: boolean,
    readonly onReceived: (received: Received) => void,
  ) {}

  push(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (let frame = this.#take(); frame !== undefined; frame = this.#take()) {
      const received = frame.opcode >= 0x8 ? this.#control(frame) : this.#data(frame);
      if (received !== undefined) this.onReceived(received);
    }
  }

  /** The server has ended its side of the connection. */
  end(): void {
    if (this.#pending.length > 0) throw new ProtocolViolation('the stream ends inside a frame');
    if (this.#message !== undefined) throw new ProtocolViolation('the stream ends inside a message');
  }

  #take(): Frame | undefined {
    const bytes = this.#pending;
    if (bytes.length > 0 && this.#closed) throw new ProtocolViolation('something follows the close frame');
    const [first, second] = bytes;
    if (first === undefined || second === undefined) return undefined;
    const short = second & 0x7f;
    this.#checkHead(first, second);
    const offset = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (bytes.length < offset) return undefined;
    const length =
      short === 127 ? bytes.readBigUInt64BE(2) : BigInt(short === 126 ? bytes.readUInt16BE(2) : short);
    if (length >> 63n !== 0n) throw new ProtocolViolation('a 64-bit length with its highest bit set');
    if (length < (short === 127 ? 65_536n : short === 126 ? 126n : 0n)) {
      throw new ProtocolViolation(`a length of ${length} that is not in its shortest form`);
    }
    const end = offset + Number(length);
    if (bytes.length < end) return undefined;
    this.#pending = bytes.subarray(end);
    return {
      fin: (first & 0x80) !== 0,
      rsv1: (first & 0x40) !== 0,
      opcode: first & 0x0f,
      payload: bytes.subarray(offset, end),
    };
  }

  #checkHead(first: number, second: number): void {
    const opcode = first & 0x0f;
    if (!Object.values(OPCODE).includes(opcode)) throw new ProtocolViolation(`unknown opcode ${opcode}`);
    if ((second & 0x80) !== 0) throw new ProtocolViolation('a masked frame');
    if ((first & 0x30) !== 0) throw new ProtocolViolation('RSV2 or RSV3 is set');
    const startsData = opcode === OPCODE.text || opcode === OPCODE.binary;
    if ((first & 0x40) !== 0 && !(this.deflate && startsData)) throw new ProtocolViolation('RSV1 is set');
    if (opcode >= 0x8) {
      if ((first & 0x80) === 0) throw new ProtocolViolation('a fragmented control frame');
      if ((second & 0x7f) > 125) throw new ProtocolViolation('a control frame of more than 125 bytes');
    } else if (startsData && this.#message !== undefined) {
      throw new ProtocolViolation('a message starts inside a fragmented one');
    } else if (!startsData && this.#message === undefined) {
      throw new ProtocolViolation('a continuation of nothing');
    }
  }

  #control({ opcode, payload }: Frame): Received {
    const data = Buffer.from(payload);
    if (opcode === OPCODE.ping) return { kind: 'ping', data };
    if (opcode === OPCODE.pong) return { kind: 'pong', data };
    this.#closed = true;
    if (data.length === 0) return { kind: 'close', code: 1005, reason: '' };
    if (data.length === 1) throw new ProtocolViolation('a close frame of one byte');
    const code = data.readUInt16BE(0);
    if (!isCloseCode(code)) throw new ProtocolViolation(`close code ${code}`);
    return { kind: 'close', code, reason: utf8(data.subarray(2)) };
  }

  #data({ fin, rsv1, opcode, payload }: Frame): Received | undefined {
    const message = this.#message ?? { opcode, compressed: rsv1, parts: [] };
    message.parts.push(payload);
    this.#message = fin ? undefined : message;
    if (!fin) return undefined;
    const { compressed } = message;
    const joined = Buffer.concat(message.parts);
    const data = compressed ? this.#inflate(joined) : joined;
    if (message.opcode === OPCODE.binary) return { kind: 'binary', data };
    return { kind: 'text', text: utf8(data), bytes: data.length, compressed };
  }

  /** RFC 7692, section 7.2.2. What came before serves as the dictionary; a server need not use it. */
  #inflate(deflated: Buffer): Buffer {
    const dictionary = this.#window.length === 0 ? {} : { dictionary: this.#window };
    try {
      const plain = inflateRawSync(Buffer.concat([deflated, DEFLATE_TRAILER]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        ...dictionary,
      });
      this.#window = Buffer.concat([this.#window, plain]).subarray(-DEFLATE_WINDOW);
      return plain;
    } catch (cause) {
      throw new ProtocolViolation('a compressed message that does not inflate', { cause });
    }
  }
}

function utf8(data: Buffer): string {
  if (!isUtf8(data)) throw new ProtocolViolation('text that is not UTF-8');
  return data.toString('utf8');
}
