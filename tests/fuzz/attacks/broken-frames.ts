import { closePayload, encodeFrame, OPCODE } from '../../support/raw-ws-frames.ts';
import type { Kind } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { fragmentedShot, type Shot } from '../shots.ts';

/** Frames that RFC 6455 forbids. The connection ends with each, except where it says otherwise. */

const encode = encodeFrame;
const head = (...bytes: readonly number[]): Buffer => Buffer.from(bytes);

const BAD_UTF8 = [
  head(0xff),
  head(0xc0, 0x80),
  head(0xed, 0xa0, 0x80),
  head(0xf4, 0x90, 0x80, 0x80),
  head(0xe2, 0x82),
  head(0x80),
] as const;

const BAD_CLOSE_CODES = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535] as const;

/** A 64-bit length of more than there can be, with a part of the payload behind it. */
function lyingLength(dice: Dice): Buffer {
  const announce = dice.pick([65_537n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 62n, 2n ** 64n - 1n]);
  return encode({ opcode: dice.pick([1, 2]), payload: dice.word(16), announce, lengthBytes: 8 });
}

function outOfOrder(dice: Dice): Buffer {
  const start = encode({ opcode: OPCODE.text, fin: false, payload: 'a' });
  return dice.pick([
    encode({ opcode: OPCODE.continuation, payload: 'x' }),
    encode({ opcode: OPCODE.continuation, fin: false, payload: '' }),
    Buffer.concat([start, encode({ opcode: OPCODE.text, payload: 'b' })]),
    Buffer.concat([start, start]),
    Buffer.concat([
      start,
      encode({ opcode: OPCODE.continuation, payload: 'b' }),
      encode({ opcode: OPCODE.continuation }),
    ]),
  ]);
}

function brokenClose(dice: Dice): Buffer {
  const payload = dice.pick([
    Buffer.from([3]),
    closePayload(dice.pick(BAD_CLOSE_CODES)),
    closePayload(1000, dice.pick(BAD_UTF8)),
  ]);
  return encode({ opcode: OPCODE.close, payload });
}

const frames: readonly (readonly [string, (dice: Dice) => Buffer])[] = [
  [
    'reserved bits',
    (dice) => encode({ opcode: dice.pick([1, 2, 8, 9, 10]), rsv: dice.pick([1, 2, 3]), payload: 'x' }),
  ],
  [
    'compressed without extension',
    (dice) => encode({ opcode: dice.pick([1, 2]), rsv: 4, payload: dice.bytes(20) }),
  ],
  [
    'reserved opcodes',
    (dice) => encode({ opcode: dice.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), payload: 'x' }),
  ],
  ['unmasked', (dice) => encode({ opcode: dice.pick([1, 2, 8, 9, 10]), payload: 'PING', mask: 'none' })],
  ['fragmented control', (dice) => encode({ opcode: dice.pick([8, 9, 10]), fin: false, payload: 'x' })],
  [
    'large control',
    (dice) => encode({ opcode: dice.pick([8, 9, 10]), payload: 'x'.repeat(dice.between(126, 400)) }),
  ],
  ['out of order', outOfOrder],
  [
    'bad UTF-8',
    (dice) =>
      encode({ opcode: OPCODE.text, payload: Buffer.concat([Buffer.from('"'), dice.pick(BAD_UTF8)]) }),
  ],
  ['lying lengths', lyingLength],
  [
    'too large',
    (dice) => encode({ opcode: dice.pick([1, 2]), payload: 'x'.repeat(dice.between(65_537, 70_000)) }),
  ],
  ['bad close', brokenClose],
  [
    'close and more',
    (dice) =>
      Buffer.concat([
        encode({ opcode: OPCODE.close, payload: closePayload(dice.pick([1000, 1001, 3000, 4999])) }),
        encode({ opcode: OPCODE.text, payload: 'PING' }),
        dice.bytes(dice.below(64)),
      ]),
  ],
];

/** What may be anything: nobody knows whether the server has to close for it. */
const unclear: readonly (readonly [string, (dice: Dice) => Shot])[] = [
  ['noise', (dice) => ({ bytes: dice.bytes(dice.between(1, 400)) })],
  [
    'long lengths',
    (dice) => ({
      bytes: encode({ opcode: OPCODE.text, payload: 'PING', lengthBytes: dice.pick([2, 8]) }),
    }),
  ],
  [
    'half frames',
    (dice) => {
      const bytes = encode({ opcode: dice.pick([1, 2, 8, 9, 10]), payload: dice.word(dice.between(4, 120)) });
      return { bytes: bytes.subarray(0, dice.between(1, bytes.length - 1)) };
    },
  ],
  [
    'fragments without end',
    (dice) => {
      const whole = fragmentedShot('x'.repeat(dice.between(100, 2_000)), dice.between(10, 500), dice).bytes;
      return { bytes: whole.subarray(0, whole.length - 1) };
    },
  ],
];

export const brokenFrameKinds: readonly Kind<Shot>[] = [
  ...frames.map(([name, make]) => ({
    name: `frames ${name}`,
    weight: 1,
    make: (dice: Dice): Shot => ({ bytes: make(dice), ends: true }),
  })),
  ...unclear.map(([name, make]) => ({ name: `frames ${name}`, weight: 1, make })),
];
