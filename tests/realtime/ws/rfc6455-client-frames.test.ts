import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawClient } from '../../support/raw-ws.ts';
import { encodeFrame, type FrameOptions, OPCODE } from '../../support/raw-ws-frames.ts';
import { answer, echo, Harness, handlers, MAX_PAYLOAD, textOf } from './rfc6455-fixture.ts';

const { continuation, text, binary, close, ping, pong } = OPCODE;

const pongOf = (payload: string) => ({ kind: 'pong', data: Buffer.from(payload) });

/** Cuts a message into frames of at most `size` bytes. */
function fragments(message: string, size: number): Buffer[] {
  const bytes = Buffer.from(message);
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) =>
    encodeFrame({
      opcode: index === 0 ? text : continuation,
      fin: index === count - 1,
      payload: bytes.subarray(index * size, (index + 1) * size),
    }),
  );
}

describe.each(handlers)('frames of a client, to $name', { timeout: 10_000 }, (handler) => {
  let harness: Harness;
  let client: RawClient;
  beforeEach(async () => {
    harness = await Harness.start(handler);
    client = await harness.connect();
  });
  afterEach(() => harness.stop());

  const expectAnswer = async (data: string, id = 1) =>
    expect(await client.nextJson()).toEqual(answer(data, id));

  /** The server says why, ends the connection, answers nothing that comes later and goes on with the others. */
  async function expectRefusal(code: number, bytes: Buffer): Promise<void> {
    const other = await harness.connect();
    const late = encodeFrame({ opcode: text, payload: echo('late') });
    await client.send(bytes);
    expect(await client.next()).toEqual({ kind: 'close', code, reason: '' });
    await client.send(late);
    expect(await client.rest()).toEqual([]);
    await other.text(echo('still here'));
    expect(await other.nextJson()).toEqual(answer('still here'));
  }

  it.each<[string, Partial<FrameOptions>]>([
    ['with an ordinary mask', {}],
    ['with a mask of zeros', { mask: Buffer.alloc(4) }],
    ['with a mask of ones', { mask: Buffer.alloc(4, 0xff) }],
    // RFC 6455 wants the shortest form; ws takes the others as well.
    ['whose length has 16 bits without need', { lengthBytes: 2 }],
    ['whose length has 64 bits without need', { lengthBytes: 8 }],
  ])('a frame %s is served', async (_, options) => {
    await client.send(encodeFrame({ opcode: text, payload: echo('é😀'), ...options }));
    await expectAnswer('é😀');
  });

  it.each([125, 126, 127, MAX_PAYLOAD])('a message of %d bytes is served', async (bytes) => {
    const message = echo('é'.repeat(10));
    await client.text(message + ' '.repeat(bytes - Buffer.byteLength(message)));
    await expectAnswer('é'.repeat(10));
  });

  it('a frame may come a byte at a time', async () => {
    await client.sendSlowly(encodeFrame({ opcode: text, payload: echo('é€😀') }));
    await expectAnswer('é€😀');
  });

  it('many frames may come in one segment', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => index);
    const payloads = ids.map((id) => encodeFrame({ opcode: text, payload: echo(`n${id}`, id) }));
    await client.send(...payloads);
    for (const id of ids) await expectAnswer(`n${id}`, id);
  });

  it('a frame may come across segments that hold others', async () => {
    const bytes = Buffer.concat(
      [1, 2, 3].map((id) => encodeFrame({ opcode: text, payload: echo('abc', id) })),
    );
    const third = Math.floor(bytes.length / 3);
    await client.send(bytes.subarray(0, third + 1));
    await client.send(bytes.subarray(third + 1, 2 * third + 5));
    await client.send(bytes.subarray(2 * third + 5));
    for (const id of [1, 2, 3]) await expectAnswer('abc', id);
  });

  it.each([
    ['two fragments', 60],
    ['three fragments', 40],
    ['a fragment for each byte, so that code points are cut', 1],
  ])('%s are one message', async (_, size) => {
    const message = echo('é€😀'.repeat(4));
    await client.send(...fragments(message, size));
    await expectAnswer('é€😀'.repeat(4));
    // And the next one starts afresh.
    await client.text(echo('next', 2));
    await expectAnswer('next', 2);
  });

  it('fragments may be empty, the first and the last ones too', async () => {
    const empty = { opcode: continuation, fin: false };
    const [first = '', second = ''] = [echo('hello').slice(0, 20), echo('hello').slice(20)];
    await client.send(
      encodeFrame({ opcode: text, fin: false }),
      encodeFrame(empty),
      encodeFrame({ ...empty, payload: first }),
      ...Array.from({ length: 500 }, () => encodeFrame(empty)),
      encodeFrame({ ...empty, payload: second }),
      encodeFrame({ opcode: continuation }),
    );
    await expectAnswer('hello');
  });

  it('more fragments than ws bears are refused with 1008', async () => {
    const empty = encodeFrame({ opcode: continuation, fin: false });
    const some = Array.from({ length: 16 * 1024 }, () => empty);
    await expectRefusal(1008, Buffer.concat([encodeFrame({ opcode: text, fin: false }), ...some]));
  });

  it('control frames between fragments are answered at once', async () => {
    const [first = Buffer.alloc(0), ...others] = fragments(echo('hello'), 20);
    await client.send(first, encodeFrame({ opcode: ping, payload: 'one' }));
    expect(await client.next()).toEqual(pongOf('one'));
    await client.send(encodeFrame({ opcode: pong, payload: 'unasked' }));
    await client.ping('two');
    expect(await client.next()).toEqual(pongOf('two'));
    await client.send(...others);
    await expectAnswer('hello');
  });

  it('a close between fragments is answered', async () => {
    const [first = Buffer.alloc(0)] = fragments(echo('hello'), 20);
    await client.send(first);
    await client.close(1000, 'enough');
    expect(await client.rest()).toEqual([{ kind: 'close', code: 1000, reason: 'enough' }]);
    expect(await client.closed).toBe('ended');
  });

  it.each([0, 1, 125])('a ping of %d bytes is answered with the same', async (bytes) => {
    await client.ping(textOf(bytes));
    expect(await client.next()).toEqual(pongOf(textOf(bytes)));
  });

  it('a ping of bytes that are not text is answered with the same', async () => {
    await client.ping(Buffer.from([0xff, 0x00, 0xc3]));
    expect(await client.next()).toEqual({ kind: 'pong', data: Buffer.from([0xff, 0x00, 0xc3]) });
  });

  it('pings in one segment are answered in order, calls between them too', async () => {
    // ws cuts a connection that owes 60 pongs.
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    await client.send(
      ...numbers.map((n) => encodeFrame({ opcode: ping, payload: `p${n}` })),
      encodeFrame({ opcode: text, payload: echo('hello') }),
    );
    for (const n of numbers) expect(await client.next()).toEqual(pongOf(`p${n}`));
    await expectAnswer('hello');
  });

  it('PING text and ping frames each get their own answer', async () => {
    await client.send(
      encodeFrame({ opcode: text, payload: 'PING' }),
      encodeFrame({ opcode: ping, payload: 'x' }),
    );
    const answers = [await client.next(), await client.next()];
    expect(answers).toContainEqual({ kind: 'text', text: 'PONG', bytes: 4, compressed: false });
    expect(answers).toContainEqual(pongOf('x'));
  });

  it('pongs that nobody asked for are ignored', async () => {
    await client.send(encodeFrame({ opcode: pong }), encodeFrame({ opcode: pong, payload: textOf(125) }));
    await client.text(echo('hello'));
    await expectAnswer('hello');
  });

  it('a binary frame is well-formed: its message is refused, the connection goes on', async () => {
    await client.send(encodeFrame({ opcode: binary, payload: Buffer.from([0xff, 0xfe]) }));
    expect(await client.nextJson()).toMatchObject({ id: null, error: { data: { code: 'PARSE_ERROR' } } });
    await client.text(echo('hello'));
    await expectAnswer('hello');
  });

  const start = encodeFrame({ opcode: text, fin: false, payload: '{' });
  const wrong = (options: FrameOptions): Buffer => encodeFrame({ payload: echo('wrong'), ...options });
  it.each<[string, Buffer]>([
    ['an unmasked frame', wrong({ opcode: text, mask: 'none' })],
    ['an unmasked empty frame', encodeFrame({ opcode: text, mask: 'none' })],
    ['an unmasked ping', encodeFrame({ opcode: ping, mask: 'none' })],
    ['an unmasked close', encodeFrame({ opcode: close, mask: 'none' })],
    ['RSV1', wrong({ opcode: text, rsv: 4 })],
    ['RSV2', wrong({ opcode: text, rsv: 2 })],
    ['RSV3', wrong({ opcode: text, rsv: 1 })],
    ['all RSV bits on a ping', encodeFrame({ opcode: ping, rsv: 7 })],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, Buffer] => [
      `reserved opcode ${opcode}`,
      encodeFrame({ opcode, payload: 'x' }),
    ]),
    ['a continuation of nothing', wrong({ opcode: continuation })],
    ['an unfinished continuation of nothing', wrong({ opcode: continuation, fin: false })],
    [
      'a continuation after a control frame',
      Buffer.concat([encodeFrame({ opcode: pong }), wrong({ opcode: continuation })]),
    ],
    ['text within a fragmented message', Buffer.concat([start, wrong({ opcode: text })])],
    ['binary within a fragmented message', Buffer.concat([start, wrong({ opcode: binary })])],
    ['fragmented text within a fragmented message', Buffer.concat([start, start])],
    ['a ping of 126 bytes', encodeFrame({ opcode: ping, payload: textOf(126) })],
    ['a pong of 126 bytes', encodeFrame({ opcode: pong, payload: textOf(126) })],
    ['the announcement of a ping of 70,000 bytes', encodeFrame({ opcode: ping, announce: 70_000n })],
    ['a short ping under a 16-bit length', encodeFrame({ opcode: ping, payload: 'x', lengthBytes: 2 })],
    ['a fragmented ping', encodeFrame({ opcode: ping, fin: false, payload: 'x' })],
    ['a fragmented pong', encodeFrame({ opcode: pong, fin: false })],
  ])('%s is refused with 1002', async (_, bytes) => {
    await expectRefusal(1002, bytes);
  });

  it.each([
    ['a lone continuation byte', '80'],
    ['a byte that is never in UTF-8', 'ff'],
    ['an overlong slash', 'c0af'],
    ['an overlong NUL', 'e08080'],
    ['a surrogate', 'eda080'],
    ['a code point past the last', 'f4908080'],
    ['a code point cut off', 'e282'],
  ])('text with %s is refused with 1007', async (_, hex) => {
    const bad = Buffer.from(hex, 'hex');
    await expectRefusal(1007, encodeFrame({ opcode: text, payload: Buffer.concat([Buffer.from('"'), bad]) }));
  });

  it('bad UTF-8 across fragments is refused with 1007, a ping between them notwithstanding', async () => {
    const [first, second] = [Buffer.from([0xf0, 0x9f]), Buffer.from([0x98, 0x22])];
    await client.send(encodeFrame({ opcode: text, fin: false, payload: first }));
    await client.ping();
    expect(await client.next()).toEqual(pongOf(''));
    await expectRefusal(1007, encodeFrame({ opcode: continuation, payload: second }));
  });

  // Heads alone: an answer that waited for the body would never come.
  const announced = (options: Partial<FrameOptions>): Buffer => encodeFrame({ opcode: text, ...options });
  it.each<[string, Buffer]>([
    ['one byte too long', announced({ announce: BigInt(MAX_PAYLOAD + 1) })],
    ['of 16-bit length', announced({ announce: 65_535n })],
    ['of 64-bit length', announced({ announce: 65_536n })],
    ['of 4 GiB', announced({ announce: 1n << 32n })],
    ['of 2^53 bytes', announced({ announce: 1n << 53n })],
    ['whose length has its highest bit set', announced({ announce: (1n << 63n) + 5n })],
    ['whose length is all ones', announced({ announce: (1n << 64n) - 1n })],
    ['that is binary', announced({ opcode: binary, announce: BigInt(MAX_PAYLOAD + 1) })],
    [
      'that is too long by its last fragment',
      Buffer.concat([
        announced({ fin: false, payload: textOf(MAX_PAYLOAD - 10) }),
        announced({ opcode: continuation, fin: false, payload: textOf(10) }),
        announced({ opcode: continuation, announce: 1n }),
      ]),
    ],
    [
      'that is too long by its second fragment',
      Buffer.concat([
        announced({ fin: false, payload: 'x' }),
        announced({ opcode: continuation, fin: false, announce: BigInt(MAX_PAYLOAD) }),
      ]),
    ],
  ])('a message %s is refused with 1009 before it has come', async (_, bytes) => {
    await expectRefusal(1009, bytes);
  });

  it('what comes before a violation in one segment is well received', async () => {
    await client.send(
      encodeFrame({ opcode: ping, payload: 'before' }),
      encodeFrame({ opcode: text, mask: 'none', payload: 'x' }),
      encodeFrame({ opcode: ping, payload: 'after' }),
    );
    expect(await client.rest()).toEqual([pongOf('before'), { kind: 'close', code: 1002, reason: '' }]);
  });
});
