import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawClient } from '../../support/raw-ws.ts';
import { encodeFrame, OPCODE } from '../../support/raw-ws-frames.ts';
import { answer, BOUNDARIES, call, echo, Harness, handlers, take, textOf } from './rfc6455-fixture.ts';

/** JSON in bytes that lie somewhere inside a larger buffer. */
const encoder = {
  encode: (message: unknown) => new TextEncoder().encode(`..${JSON.stringify(message)}..`).subarray(2, -2),
  decode: (data: string | ArrayBuffer | Uint8Array): unknown =>
    JSON.parse(typeof data === 'string' ? data : new TextDecoder('utf8', { fatal: true }).decode(data)),
};

describe.each(handlers)('binary frames of $name', { timeout: 10_000 }, (handler) => {
  let harness: Harness;
  let client: RawClient;
  beforeEach(async () => {
    harness = await Harness.start(handler, { encoder });
    client = await harness.connect();
  });
  afterEach(() => harness.stop());

  async function nextBinary(): Promise<Buffer> {
    const received = await client.next();
    if (received.kind !== 'binary') throw new Error(`binary was due: ${received.kind}`);
    return received.data;
  }

  const send = (message: unknown) =>
    client.send(encodeFrame({ opcode: OPCODE.binary, payload: JSON.stringify(message) }));

  it('answer text and binary frames alike', async () => {
    await client.text(echo('é😀'));
    expect(encoder.decode(await nextBinary())).toEqual(answer('é😀'));
    await send(call(2, 'query', 'echo', 'é😀'));
    expect(encoder.decode(await nextBinary())).toEqual(answer('é😀', 2));
  });

  it('answer a message in binary fragments', async () => {
    const bytes = Buffer.from(echo('é😀'));
    await client.send(
      encodeFrame({ opcode: OPCODE.binary, fin: false, payload: bytes.subarray(0, 9) }),
      encodeFrame({ opcode: OPCODE.continuation, payload: bytes.subarray(9) }),
    );
    expect(encoder.decode(await nextBinary())).toEqual(answer('é😀'));
  });

  it('are no place for PING, which is text, and so is its PONG', async () => {
    await client.text('PING');
    expect(await client.nextText()).toBe('PONG');
    await client.send(encodeFrame({ opcode: OPCODE.binary, payload: 'PING' }));
    expect(encoder.decode(await nextBinary())).toMatchObject({ error: { data: { code: 'PARSE_ERROR' } } });
  });

  it('carry answers of every form of length', async () => {
    await send(call(1, 'query', 'text', { bytes: 0 }));
    const overhead = (await nextBinary()).length;
    for (const bytes of BOUNDARIES) {
      await send(call(1, 'query', 'text', { bytes: bytes - overhead }));
      const data = await nextBinary();
      expect(data).toHaveLength(bytes);
      expect(encoder.decode(data)).toEqual(answer(textOf(bytes - overhead)));
    }
  });

  it('carry items of every form of length, published in one tick', async () => {
    await send(call(1, 'subscription', 'live', { lastEventId: harness.log.now }));
    expect(encoder.decode(await nextBinary())).toEqual({ id: 1, result: { type: 'started' } });
    // Positions of two digits, all of them.
    harness.log.publish(...Array.from({ length: 10 }, () => ''));
    await take(client, 9);
    const overhead = (await nextBinary()).length;
    const texts = BOUNDARIES.map((bytes) => textOf(bytes - overhead));
    harness.log.publish(...texts);
    for (const [index, bytes] of BOUNDARIES.entries()) {
      const data = await nextBinary();
      expect(data).toHaveLength(bytes);
      expect(encoder.decode(data)).toMatchObject({ id: 1, result: { data: { data: texts[index] } } });
    }
  });
});
