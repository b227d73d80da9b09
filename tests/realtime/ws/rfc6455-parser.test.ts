import { describe, expect, it } from 'vitest';
import {
  closePayload,
  encodeFrame,
  type FrameOptions,
  FrameParser,
  OPCODE,
  ProtocolViolation,
  type Received,
} from '../../support/raw-ws-frames.ts';
import { MAX_PAYLOAD, textOf } from './rfc6455-fixture.ts';

const { continuation, text, binary, close, ping, pong } = OPCODE;

/** A frame of a server. */
const served = (options: FrameOptions): Buffer => encodeFrame({ mask: 'none', ...options });

function parse(bytes: readonly Buffer[], deflate = false): Received[] {
  const received: Received[] = [];
  const parser = new FrameParser(deflate, (next) => received.push(next));
  for (const part of bytes) parser.push(part);
  parser.end();
  return received;
}

const bytewise = (bytes: Buffer): Buffer[] => Array.from(bytes, (byte) => Buffer.from([byte]));

/** "Hello" compressed: the example of RFC 7692, section 7.2.3.1. */
const HELLO = Buffer.from('f248cdc9c90700', 'hex');

type Refusal = [name: string, message: RegExp, bytes: readonly Buffer[]];

const hello = served({ opcode: text, fin: false, payload: 'hello' });

// The cases of the other files prove nothing if the parser cannot fail.
describe('the parser of the raw client refuses', () => {
  it.each<Refusal>([
    ['a masked frame', /masked/, [encodeFrame({ opcode: text, payload: 'x' })]],
    ['a masked empty frame', /masked/, [encodeFrame({ opcode: text })]],
    ['RSV1', /RSV1/, [served({ opcode: text, payload: 'x', rsv: 4 })]],
    ['RSV2', /RSV2/, [served({ opcode: text, payload: 'x', rsv: 2 })]],
    ['RSV3', /RSV3/, [served({ opcode: ping, rsv: 1 })]],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
      (opcode): Refusal => [`opcode ${opcode}`, /unknown opcode/, [served({ opcode, payload: 'x' })]],
    ),
    ['0 in 16 bits', /shortest form/, [served({ opcode: text, lengthBytes: 2 })]],
    ['125 in 16 bits', /shortest form/, [served({ opcode: text, payload: textOf(125), lengthBytes: 2 })]],
    [
      '65,535 in 64 bits',
      /shortest form/,
      [served({ opcode: text, payload: textOf(65_535), lengthBytes: 8 })],
    ],
    ['the highest of 64 bits', /highest bit/, [served({ opcode: text, announce: 1n << 63n })]],
    ['a ping of 126 bytes', /more than 125/, [served({ opcode: ping, payload: textOf(126) })]],
    ['a long length of a ping', /more than 125/, [served({ opcode: ping, payload: 'x', lengthBytes: 2 })]],
    ['a fragmented ping', /fragmented control/, [served({ opcode: ping, fin: false })]],
    ['a fragmented close', /fragmented control/, [served({ opcode: close, fin: false })]],
    ['a continuation at first', /continuation of nothing/, [served({ opcode: continuation })]],
    [
      'a continuation of a finished message',
      /continuation of nothing/,
      [served({ opcode: text, payload: 'x' }), served({ opcode: continuation, payload: 'x' })],
    ],
    ['text inside a message', /inside a fragmented/, [hello, served({ opcode: text, payload: 'x' })]],
    ['binary inside a message', /inside a fragmented/, [hello, served({ opcode: binary, payload: 'x' })]],
    ['bad UTF-8', /not UTF-8/, [served({ opcode: text, payload: Buffer.from([0x61, 0xc3]) })]],
    ['a surrogate', /not UTF-8/, [served({ opcode: text, payload: Buffer.from('eda080', 'hex') })]],
    ['overlong UTF-8', /not UTF-8/, [served({ opcode: text, payload: Buffer.from('c0af', 'hex') })]],
    [
      'bad UTF-8 in the last fragment',
      /not UTF-8/,
      [hello, served({ opcode: continuation, payload: Buffer.from([0xff]) })],
    ],
    ['a close frame of one byte', /one byte/, [served({ opcode: close, payload: 'x' })]],
    ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000].map(
      (code): Refusal => [
        `close code ${code}`,
        /close code/,
        [served({ opcode: close, payload: closePayload(code) })],
      ],
    ),
    [
      'a close reason of bad UTF-8',
      /not UTF-8/,
      [served({ opcode: close, payload: closePayload(1000, Buffer.from([0xe2, 0x82])) })],
    ],
    ['text after a close', /follows the close/, [served({ opcode: close }), served({ opcode: text })]],
    ['a pong after a close', /follows the close/, [served({ opcode: close }), served({ opcode: pong })]],
    ['a second close', /follows the close/, [served({ opcode: close }), served({ opcode: close })]],
    ['half a head after a close', /follows the close/, [served({ opcode: close }), Buffer.from([0x81])]],
    ['an end inside a head', /ends inside a frame/, [hello.subarray(0, 1)]],
    ['an end inside a frame', /ends inside a frame/, [hello.subarray(0, hello.length - 1)]],
    ['an end inside a message', /ends inside a message/, [hello]],
    // What comes of counting characters in place of bytes.
    ['too short a length', /not UTF-8/, [served({ opcode: text, payload: 'ééé', announce: 3n })]],
    ['too long a length', /ends inside a frame/, [served({ opcode: text, payload: 'abc', announce: 4n })]],
  ])('%s', (_, message, bytes) => {
    const refused = expect.objectContaining({ message: expect.stringMatching(message) });
    expect(() => parse(bytes)).toThrow(refused);
    expect(() => parse(bytewise(Buffer.concat(bytes)))).toThrow(refused);
    expect(() => parse(bytes)).toThrow(ProtocolViolation);
  });

  it.each<Refusal>([
    [
      'RSV1 on a continuation',
      /RSV1/,
      [
        served({ opcode: text, fin: false, rsv: 4, payload: HELLO.subarray(0, 3) }),
        served({ opcode: continuation, rsv: 4, payload: HELLO.subarray(3) }),
      ],
    ],
    ['RSV1 on a ping', /RSV1/, [served({ opcode: ping, rsv: 4 })]],
    ['rubbish', /not inflate/, [served({ opcode: text, rsv: 4, payload: Buffer.from([0xff, 0xff]) })]],
    // A stored block of one byte, 0xff.
    [
      'bad UTF-8',
      /not UTF-8/,
      [served({ opcode: text, rsv: 4, payload: Buffer.from('000100feffff', 'hex') })],
    ],
  ])('with permessage-deflate: %s', (_, message, bytes) => {
    expect(() => parse(bytes, true)).toThrow(message);
  });
});

describe('the parser of the raw client takes', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 65_537])('text of %d bytes', (bytes) => {
    const frame = served({ opcode: text, payload: textOf(bytes) });
    const expected = [{ kind: 'text', text: textOf(bytes), bytes, compressed: false }];
    expect(parse([frame])).toEqual(expected);
    // In pieces as a network may make them, the cut going through the head too.
    expect(parse([frame.subarray(0, 1), frame.subarray(1, 3), frame.subarray(3)])).toEqual(expected);
    expect(frame.length).toBe(bytes + (bytes > 65_535 ? 10 : bytes > 125 ? 4 : 2));
  });

  it('fragments, with control frames between them, a byte at a time', () => {
    const euro = Buffer.from('€');
    const bytes = Buffer.concat([
      served({ opcode: text, fin: false, payload: euro.subarray(0, 1) }),
      served({ opcode: ping, payload: 'a' }),
      served({ opcode: continuation, fin: false }),
      served({ opcode: pong, payload: 'b' }),
      served({ opcode: continuation, payload: euro.subarray(1) }),
      served({ opcode: binary, payload: Buffer.from([0xff]) }),
      served({ opcode: close, payload: closePayload(4000, 'bye') }),
    ]);
    const expected = [
      { kind: 'ping', data: Buffer.from('a') },
      { kind: 'pong', data: Buffer.from('b') },
      { kind: 'text', text: '€', bytes: 3, compressed: false },
      { kind: 'binary', data: Buffer.from([0xff]) },
      { kind: 'close', code: 4000, reason: 'bye' },
    ];
    expect(parse([bytes])).toEqual(expected);
    expect(parse(bytewise(bytes))).toEqual(expected);
  });

  it('compressed messages, plain ones between them, and fragments of compressed ones', () => {
    const hello = { kind: 'text', text: 'Hello', bytes: 5, compressed: true };
    expect(
      parse(
        [
          served({ opcode: text, rsv: 4, payload: HELLO }),
          served({ opcode: text, payload: 'plain' }),
          // The second of two equal messages refers to the first: RFC 7692, section 7.2.3.2.
          served({ opcode: text, rsv: 4, payload: Buffer.from('f200110000', 'hex') }),
          served({ opcode: text, fin: false, rsv: 4, payload: HELLO.subarray(0, 3) }),
          served({ opcode: continuation, payload: HELLO.subarray(3) }),
        ],
        true,
      ),
    ).toEqual([hello, { kind: 'text', text: 'plain', bytes: 5, compressed: false }, hello, hello]);
  });

  it('texts of exactly the size asked for', () => {
    for (const bytes of [0, 1, 9, 10, 11, MAX_PAYLOAD, 79_999]) {
      expect(Buffer.byteLength(textOf(bytes))).toBe(bytes);
    }
  });
});
