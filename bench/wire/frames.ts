/** The part of RFC 6455 that a load generator needs: headers of whole, unfragmented frames. */
export const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

const FIN = 0x80;
const MASKED = 0x80;

/** A frame as a client sends it; the masking key is zero, so the payload stays as it is. */
export function clientFrame(payload: string | Buffer, opcode: number = OPCODE.text): Buffer {
  const body = Buffer.from(payload);
  if (body.length > 0xffff) throw new RangeError('a client of the bench sends short messages only');
  const short = body.length < 126;
  const header = Buffer.alloc(short ? 6 : 8);
  header[0] = FIN | opcode;
  header[1] = MASKED | (short ? body.length : 126);
  if (!short) header.writeUInt16BE(body.length, 2);
  return Buffer.concat([header, body]);
}

/** Bytes of a server's frame on the wire, header included. */
export const bytesOnWire = (payload: number): number =>
  payload + (payload < 126 ? 2 : payload < 65_536 ? 4 : 10);

/** Takes a frame whose payload lies in `data` from `start` to `end`, until the call returns. */
export type OnFrame = (opcode: number, data: Buffer, start: number, end: number) => void;

/** Finds the frames in what a server sends, without copying them unless they come in parts. */
export class FrameReader {
  /** The beginning of a frame whose end has not come yet. */
  #rest: Buffer | undefined;

  constructor(private readonly onFrame: OnFrame) {}

  /** Reads the first `length` bytes of a buffer that may be used again afterwards. */
  read(buffer: Buffer, length: number): void {
    const joined =
      this.#rest === undefined ? undefined : Buffer.concat([this.#rest, buffer.subarray(0, length)]);
    const data = joined ?? buffer;
    const end = joined?.length ?? length;
    let at = 0;
    for (let next = this.#frameAt(data, at, end); next !== at; next = this.#frameAt(data, at, end)) at = next;
    this.#rest = at === end ? undefined : Buffer.from(data.subarray(at, end));
  }

  /** @returns where the next frame begins; `at` when this one is not complete */
  #frameAt(data: Buffer, at: number, end: number): number {
    if (end - at < 2) return at;
    const first = data.readUInt8(at);
    let payload = data.readUInt8(at + 1);
    let start = at + 2;
    if (payload === 126) {
      if (end - at < 4) return at;
      payload = data.readUInt16BE(at + 2);
      start = at + 4;
    } else if (payload === 127) {
      if (end - at < 10) return at;
      payload = Number(data.readBigUInt64BE(at + 2));
      start = at + 10;
    }
    if (end - start < payload) return at;
    if ((first & FIN) === 0 || (first & 0x70) !== 0) throw new Error('a fragmented or extended frame');
    this.onFrame(first & 0x0f, data, start, start + payload);
    return start + payload;
  }
}
