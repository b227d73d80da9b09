/**
 * WebSocket frames as a server sends them: final, unmasked, without extensions (RFC 6455, section 5.2). Nothing here
 * knows of sockets.
 */
export type Payload = string | Uint8Array;

const FIN = 0x80;
const TEXT = 0x1;
const BINARY = 0x2;
/** Longest payload whose length fits the second byte, and the two bytes after it. */
const MAX_SHORT = 125;
const MAX_MEDIUM = 0xffff;

export function headerLength(payloadLength: number): number {
  if (payloadLength <= MAX_SHORT) return 2;
  return payloadLength <= MAX_MEDIUM ? 4 : 10;
}

/** @returns the offset behind the header */
function writeHeader(target: Buffer, offset: number, opcode: number, payloadLength: number): number {
  target[offset] = FIN | opcode;
  if (payloadLength <= MAX_SHORT) {
    target[offset + 1] = payloadLength;
    return offset + 2;
  }
  if (payloadLength <= MAX_MEDIUM) {
    target[offset + 1] = 126;
    return target.writeUInt16BE(payloadLength, offset + 2);
  }
  target[offset + 1] = 127;
  // Buffers are shorter than 2^48 bytes.
  target.writeUInt16BE(0, offset + 2);
  return target.writeUIntBE(payloadLength, offset + 4, 6);
}

/** One message as a frame: a text frame of a string, a binary one of bytes. */
export function frame(payload: Payload): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const target = Buffer.allocUnsafe(headerLength(length) + length);
  if (typeof payload === 'string') target.write(payload, writeHeader(target, 0, TEXT, length), 'utf8');
  else target.set(payload, writeHeader(target, 0, BINARY, length));
  return target;
}

/** Tails longer than this are not copied into a frame but sent behind its front. */
export const MAX_COPIED = 4096;

/**
 * Text frames whose payloads are `head` followed by each of `tails`: both valid UTF-8.
 * @returns the frames' bytes in pieces, to be sent one after the other; a long tail is a piece by itself, the same
 * object that was passed
 */
export function textFrames(head: Uint8Array, tails: readonly Uint8Array[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let copied: Uint8Array[] = [];
  for (const tail of tails) {
    if (tail.length <= MAX_COPIED) {
      copied.push(tail);
      continue;
    }
    if (copied.length > 0) pieces.push(joined(head, copied));
    copied = [];
    pieces.push(front(head, tail.length), tail);
  }
  if (copied.length > 0) pieces.push(joined(head, copied));
  return pieces;
}

/** A frame as far as its tail. */
function front(head: Uint8Array, tailLength: number): Buffer {
  const length = head.length + tailLength;
  const target = Buffer.allocUnsafe(headerLength(length) + head.length);
  target.set(head, writeHeader(target, 0, TEXT, length));
  return target;
}

function joined(head: Uint8Array, tails: readonly Uint8Array[]): Buffer {
  let size = 0;
  for (const tail of tails) {
    const length = head.length + tail.length;
    size += headerLength(length) + length;
  }
  const target = Buffer.allocUnsafe(size);
  let offset = 0;
  for (const tail of tails) {
    offset = writeHeader(target, offset, TEXT, head.length + tail.length);
    target.set(head, offset);
    offset += head.length;
    target.set(tail, offset);
    offset += tail.length;
  }
  return target;
}
