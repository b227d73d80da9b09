import { encodeFrame, OPCODE } from '../support/raw-ws-frames.ts';
import type { Dice } from './dice.ts';

/** What is written to an open WebSocket as one attack: one frame, or several that belong together. */
export interface Shot {
  readonly bytes: Buffer;
  /** The server must close the connection for it, so nothing behind it is read. */
  readonly ends?: boolean;
  /** Errors that the gateway may answer with: it closes the connection after too many. */
  readonly errors?: number;
}

/** Leaves the payload as it is, which costs the attackers nothing and the server as much as any other. */
const NO_MASK = Buffer.alloc(4);

const maskOf = (dice: Dice): Buffer => (dice.chance(0.1) ? dice.bytes(4) : NO_MASK);

/** A frame as a client sends it. With the mask of zeros nothing is walked byte by byte. */
export function frameOf(payload: Buffer | string, opcode: number, dice: Dice): Buffer {
  const mask = maskOf(dice);
  if (mask !== NO_MASK) return encodeFrame({ opcode, payload, mask });
  const length = Buffer.byteLength(payload);
  const head = length < 126 ? 6 : length < 65_536 ? 8 : 14;
  const bytes = Buffer.alloc(head + length);
  bytes[0] = 0x80 | opcode;
  bytes[1] = 0x80 | (head === 6 ? length : head === 8 ? 126 : 127);
  if (head === 8) bytes.writeUInt16BE(length, 2);
  if (head === 14) bytes.writeBigUInt64BE(BigInt(length), 2);
  if (typeof payload === 'string') bytes.write(payload, head);
  else payload.copy(bytes, head);
  return bytes;
}

export const textFrame = (text: string, dice: Dice): Buffer => frameOf(text, OPCODE.text, dice);

/** Messages, each in a text frame. */
export const textShot = (dice: Dice, ...texts: readonly string[]): Shot => ({
  bytes: Buffer.concat(texts.map((text) => textFrame(text, dice))),
});

/** A message in so many pieces, with a control frame between them now and then. */
export function fragmentedShot(text: string, pieces: number, dice: Dice): Shot {
  const payload = Buffer.from(text);
  const size = Math.max(1, Math.ceil(payload.length / pieces));
  const frames: Buffer[] = [];
  for (let at = 0; at < payload.length; at += size) {
    frames.push(
      encodeFrame({
        opcode: at === 0 ? OPCODE.text : OPCODE.continuation,
        fin: at + size >= payload.length,
        payload: payload.subarray(at, at + size),
      }),
    );
    if (dice.chance(0.1)) frames.push(encodeFrame({ opcode: OPCODE.ping, payload: dice.word(4) }));
  }
  return { bytes: Buffer.concat(frames) };
}
