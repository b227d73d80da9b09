import { constants, deflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { RawClient } from '../../support/raw-ws.ts';
import { encodeFrame, OPCODE } from '../../support/raw-ws-frames.ts';
import {
  answer,
  call,
  closed,
  echo,
  Harness,
  type HarnessOptions,
  handlers,
  itemText,
  MAX_PAYLOAD,
  subscribe,
  take,
  textOf,
} from './rfc6455-fixture.ts';

const { continuation, text, ping } = OPCODE;

const EXTENSION = 'sec-websocket-extensions';

/** A message compressed by itself (RFC 7692, section 7.2.1). */
function deflated(message: string): Buffer {
  const { Z_SYNC_FLUSH } = constants;
  return deflateRawSync(message, { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH }).subarray(0, -4);
}

/** Short texts and long ones, compressible and less so. */
const texts = Array.from({ length: 150 }, (_, index) => `${index} ${textOf((index * 997) % 9_000)}`);

describe.each(handlers)('permessage-deflate, with $name', { timeout: 10_000 }, (handler) => {
  let harness: Harness;
  afterEach(() => harness.stop());

  async function connect(
    offer = 'permessage-deflate',
    deflate: HarnessOptions['deflate'] = true,
  ): Promise<RawClient> {
    harness = await Harness.start(handler, { deflate });
    return harness.connect({ headers: { 'Sec-WebSocket-Extensions': offer } });
  }

  const extensions = async (client: RawClient) => (await client.answer).headers.get(EXTENSION);

  const expectItems = async (client: RawClient, expected: readonly string[]) =>
    expect((await take(client, expected.length)).map((one) => itemText(one))).toEqual(expected);

  describe('negotiation', () => {
    it('does not take place when the server has it off', async () => {
      const client = await connect('permessage-deflate; client_max_window_bits', false);
      expect(await extensions(client)).toBeUndefined();
      await client.send(encodeFrame({ opcode: text, rsv: 4, payload: deflated(echo('hello')) }));
      expect(await client.rest()).toEqual([closed(1002)]);
    });

    it.each([
      ['permessage-deflate', 'permessage-deflate'],
      ['permessage-deflate; client_max_window_bits', 'permessage-deflate'],
      [
        'permessage-deflate; server_no_context_takeover; server_max_window_bits=10',
        'permessage-deflate; server_no_context_takeover; server_max_window_bits=10',
      ],
      ['x-unknown, permessage-deflate', 'permessage-deflate'],
      ['x-unknown', undefined],
    ])('of %s gives %s', async (offer, expected) => {
      const client = await connect(offer);
      expect(await extensions(client)).toBe(expected);
      await client.text(echo('hello'));
      expect(await client.nextJson()).toEqual(answer('hello'));
    });

    it.each(['permessage-deflate; x=1', 'permessage-deflate; server_max_window_bits=7', ';', 'a=b=c'])(
      'of %s is refused with 400',
      async (offer) => {
        harness = await Harness.start(handler, { deflate: true });
        const client = await harness.open({ headers: { 'Sec-WebSocket-Extensions': offer } });
        expect(await client.answer).toMatchObject({ status: 400 });
      },
    );
  });

  describe.each([
    ['with one context for all messages', 'permessage-deflate'],
    ['with a context for each message', 'permessage-deflate; server_no_context_takeover'],
    ['with a small window', 'permessage-deflate; server_max_window_bits=9'],
  ])('%s', (_, offer) => {
    it('answers inflate to what they are, plain and compressed requests alike', async () => {
      const client = await connect(offer);
      for (const data of [textOf(3_000), 'short', textOf(3_000), textOf(1_500)]) {
        await client.text(echo(data));
        expect(await client.nextJson()).toEqual(answer(data));
        await client.send(encodeFrame({ opcode: text, rsv: 4, payload: deflated(echo(data)) }));
        expect(await client.nextJson()).toEqual(answer(data));
      }
      await client.json(call(1, 'query', 'text', { bytes: 70_000 }));
      expect(await client.next()).toMatchObject({ kind: 'text', compressed: true });
    });

    it('a live stream starts, goes on and stops in order', async () => {
      const client = await connect(offer);
      await client.json(call(1, 'subscription', 'live', { lastEventId: harness.log.now }));
      harness.log.publish(...texts.slice(0, 50));
      for (const one of texts.slice(50)) harness.log.publish(one);
      expect(await client.nextJson()).toEqual({ id: 1, result: { type: 'started' } });
      await expectItems(client, texts);
      await client.json({ id: 1, method: 'subscription.stop' });
      expect(await client.nextJson()).toEqual({ id: 1, result: { type: 'stopped' } });
    });
  });

  it('PONG comes after what was published before', async () => {
    const client = await connect();
    await subscribe(client, harness.log);
    for (let round = 0; round < 3; round += 1) {
      harness.log.publish(...texts);
      await client.text('PING');
      await expectItems(client, texts);
      expect(await client.nextText()).toBe('PONG');
    }
  });

  it("ws's own pings, pongs and texts are whole between the items", async () => {
    const client = await connect();
    await subscribe(client, harness.log);
    await client.ping('client');
    for (const one of texts) {
      harness.log.publish(one);
      harness.client.send(`direct ${one}`);
      harness.client.ping('server');
    }
    const received = await take(client, 3 * texts.length + 1);
    expect(received.flatMap((one) => itemText(one) ?? [])).toEqual(texts);
    const directs = received.flatMap((one) =>
      one.kind === 'text' && one.text.startsWith('direct') ? one.text : [],
    );
    expect(directs).toEqual(texts.map((one) => `direct ${one}`));
    expect(received.filter(({ kind }) => kind === 'ping')).toHaveLength(texts.length);
    expect(received).toContainEqual({ kind: 'pong', data: Buffer.from('client') });
  });

  it('what was published a turn before a close arrives before it, and nothing after it', async () => {
    const client = await connect();
    await subscribe(client, harness.log);
    // As much as may wait to be sent.
    const some = texts.slice(0, 10);
    harness.log.publish(...some);
    await new Promise((resolve) => setImmediate(resolve));
    harness.client.close(4000);
    harness.log.publish('late');
    await expectItems(client, some);
    expect(await client.finish()).toEqual([closed(4000)]);
  });

  it('a reset while messages are being compressed does no harm', async () => {
    const client = await connect();
    await subscribe(client, harness.log);
    harness.log.publish(...texts);
    client.reset();
    while (harness.wss.clients.size > 0) {
      harness.log.publish('late');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await harness.idle();
  });

  it('a compressed message may be fragmented, with a ping between its parts', async () => {
    const client = await connect();
    const payload = deflated(echo(textOf(2_000)));
    await client.send(
      encodeFrame({ opcode: text, rsv: 4, fin: false, payload: payload.subarray(0, 5) }),
      encodeFrame({ opcode: ping, payload: 'x' }),
      encodeFrame({ opcode: continuation, payload: payload.subarray(5) }),
    );
    expect(await client.next()).toEqual({ kind: 'pong', data: Buffer.from('x') });
    expect(await client.nextJson()).toEqual(answer(textOf(2_000)));
  });

  const start = encodeFrame({ opcode: text, rsv: 4, fin: false, payload: deflated('{').subarray(0, 1) });
  it.each<[number, string, Buffer]>([
    [1002, 'RSV1 on a continuation', Buffer.concat([start, encodeFrame({ opcode: continuation, rsv: 4 })])],
    [1002, 'RSV1 on a ping', encodeFrame({ opcode: ping, rsv: 4 })],
    [1002, 'RSV2', encodeFrame({ opcode: text, rsv: 2 })],
    [1007, 'what does not inflate', encodeFrame({ opcode: text, rsv: 4, payload: Buffer.alloc(9, 0xff) })],
    // A stored block of one byte, 0xff.
    [1007, 'bad UTF-8', encodeFrame({ opcode: text, rsv: 4, payload: Buffer.from('000100feffff', 'hex') })],
    [
      1009,
      'a message that is too long once inflated',
      encodeFrame({ opcode: text, rsv: 4, payload: deflated(' '.repeat(MAX_PAYLOAD + 1)) }),
    ],
  ])('%d answers %s', async (code, _, bytes) => {
    const client = await connect();
    await client.send(bytes);
    expect(await client.rest()).toEqual([closed(code)]);
  });
});
