import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawClient } from '../../support/raw-ws.ts';
import { encodeFrame, OPCODE } from '../../support/raw-ws-frames.ts';
import {
  answer,
  BOUNDARIES,
  call,
  closed,
  echo,
  Harness,
  handlers,
  itemText,
  numbered,
  plain,
  started,
  subscribe,
  take,
  textOf,
  until,
} from './rfc6455-fixture.ts';

describe.each(handlers)('frames of $name', { timeout: 10_000 }, (handler) => {
  const { own } = handler;
  let harness: Harness;
  let client: RawClient;
  beforeEach(async () => {
    harness = await Harness.start(handler);
    client = await harness.connect();
  });
  afterEach(() => harness.stop());

  /** The next message's size in bytes. */
  async function nextSize(): Promise<number> {
    const received = await client.next();
    if (received.kind !== 'text') throw new Error(`text was due: ${received.kind}`);
    return received.bytes;
  }

  const expectItems = async (texts: readonly string[]) =>
    expect((await take(client, texts.length)).map((one) => itemText(one))).toEqual(texts);

  describe('of every form of length', () => {
    it('answers', async () => {
      await client.json(call(1, 'query', 'text', { bytes: 0 }));
      const overhead = await nextSize();
      for (const bytes of BOUNDARIES) {
        await client.json(call(1, 'query', 'text', { bytes: bytes - overhead }));
        const text = JSON.stringify(answer(textOf(bytes - overhead)));
        expect(await client.next()).toEqual({ kind: 'text', text, bytes, compressed: false });
      }
    });

    it('answers in one segment', async () => {
      await client.json(call(1, 'query', 'text', { bytes: 0 }));
      const overhead = await nextSize();
      const asked = BOUNDARIES.map((bytes) => call(1, 'query', 'text', { bytes: bytes - overhead }));
      await client.send(
        ...asked.map((payload) => encodeFrame({ opcode: OPCODE.text, payload: JSON.stringify(payload) })),
      );
      for (const bytes of BOUNDARIES) expect(await nextSize()).toBe(bytes);
    });

    it.each([
      ['one by one', false],
      ['at once', true],
    ])('items of a live stream, %s', async (_, atOnce) => {
      await subscribe(client, harness.log);
      // Positions of two digits, all of them.
      harness.log.publish(...Array.from({ length: 10 }, () => ''));
      await take(client, 9);
      const overhead = await nextSize();
      const texts = BOUNDARIES.map((bytes) => textOf(bytes - overhead));
      if (atOnce) harness.log.publish(...texts);
      for (const [index, bytes] of BOUNDARIES.entries()) {
        if (!atOnce) harness.log.publish(texts[index] ?? '');
        const received = await client.next();
        expect(received).toMatchObject({ bytes });
        expect(itemText(received)).toBe(texts[index]);
      }
    });

    it('values of a generator', async () => {
      await client.json(call(1, 'subscription', 'values'));
      expect(await client.nextText()).toBe(started(1));
      await until(() => harness.values.listenerCount('value') === 1);
      harness.values.emit('value', '');
      const overhead = await nextSize();
      for (const bytes of BOUNDARIES) harness.values.emit('value', textOf(bytes - overhead));
      for (const bytes of BOUNDARIES) expect(await nextSize()).toBe(bytes);
    });
  });

  it('items whose text is hard to encode arrive as they were', async () => {
    await subscribe(client, harness.log);
    const hard = [
      '',
      '\u0000',
      '\u2028\u2029',
      '"\\/\b',
      '\ud800',
      'a\udc00b',
      '\ufeff',
      '\uffff',
      '👩‍👩‍👧‍👦',
    ];
    harness.log.publish(...hard);
    await expectItems(hard);
  });

  it('items published in one tick come in frames of their own, in order', async () => {
    await subscribe(client, harness.log);
    harness.log.publish(...numbered(1, 1_000));
    for (let n = 1_001; n <= 1_300; n += 1) harness.log.publish(`t${n}`);
    await expectItems(numbered(1, 1_300));
  });

  it('each subscription of each connection gets its own frames of the same items', async () => {
    const other = await harness.connect();
    for (const one of [client, other])
      for (const id of [1, 200, 70_000]) await subscribe(one, harness.log, id);
    harness.log.publish(...numbered(1, 50));
    const last = answer('over', 2);
    for (const one of [client, other]) {
      const all = [];
      for (let n = 0; n < 150; n += 1) all.push(await one.next());
      for (const id of [1, 200, 70_000]) {
        expect(all.flatMap((received) => itemText(received, id) ?? [])).toEqual(numbered(1, 50));
      }
      await one.text(echo('over', 2));
      expect(await one.nextJson()).toEqual(last);
    }
  });

  it.each([
    [0, {}],
    [255, {}],
    [256, {}],
    [-5, {}],
    [Number.MAX_SAFE_INTEGER, {}],
    ['1', {}],
    ['', {}],
    ['"é€😀\\'.repeat(8), {}],
    [7, { jsonrpc: '2.0' }],
    ['é', { jsonrpc: '2.0' }],
  ])('items under id %j, with %j, are whole', async (id, fields) => {
    const from = harness.log.now;
    await client.json({ ...call(1, 'subscription', 'live', { lastEventId: from }), ...fields, id });
    expect(await client.nextJson()).toEqual({ ...fields, id, result: { type: 'started' } });
    const texts = ['', textOf(100), textOf(65_500), textOf(70_000)];
    harness.log.publish(...texts);
    for (const [index, text] of texts.entries()) {
      const eventId = `test-${index + 1}`;
      const data = { id: eventId, data: text };
      expect(await client.nextJson()).toEqual({ ...fields, id, result: { type: 'data', id: eventId, data } });
    }
  });

  it('pings and texts that the server sends by ws, between items of one tick, are whole', async () => {
    await subscribe(client, harness.log);
    for (let n = 1; n <= 20; n += 1) {
      harness.log.publish(`t${n}`);
      harness.client.ping(`p${n}`);
      harness.client.send(`direct ${n}`);
      harness.client.pong();
    }
    const received = await take(client, 80);
    expect(received.flatMap((one) => itemText(one) ?? [])).toEqual(numbered(1, 20));
    expect(received.filter(({ kind }) => kind === 'ping')).toEqual(
      numbered(1, 20).map((text) => ({ kind: 'ping', data: Buffer.from(text.replace('t', 'p')) })),
    );
    expect(received.filter((one) => one.kind === 'text' && one.text.startsWith('direct'))).toEqual(
      numbered(1, 20).map((text) => plain(text.replace('t', 'direct '))),
    );
  });

  it('a close between items of one tick: a part of them from the first on, then it, then nothing', async () => {
    await subscribe(client, harness.log);
    for (let n = 1; n <= 20; n += 1) {
      harness.log.publish(`t${n}`);
      harness.client.ping();
      if (n === 10) harness.client.close(4000, 'bye');
    }
    const received = await client.finish();
    expect(received.at(-1)).toEqual(closed(4000, 'bye'));
    const texts = received.flatMap((one) => itemText(one) ?? []);
    expect(texts).toEqual(numbered(1, texts.length));
    expect(received.filter(({ kind }) => kind === 'ping')).toHaveLength(10);
  });

  it('what was published a turn before the close arrives before it', async () => {
    await subscribe(client, harness.log);
    harness.log.publish(...numbered(1, 100));
    await new Promise((resolve) => setImmediate(resolve));
    harness.client.close(4000);
    harness.log.publish('late');
    await expectItems(numbered(1, 100));
    expect(await client.finish()).toEqual([closed(4000)]);
  });

  it('what was published before PING came arrives before its PONG, and pongs come too', async () => {
    await subscribe(client, harness.log);
    for (let round = 0; round < 10; round += 1) {
      harness.log.publish(...numbered(round * 20 + 1, round * 20 + 20));
      await client.send(
        encodeFrame({ opcode: OPCODE.text, payload: 'PING' }),
        encodeFrame({ opcode: OPCODE.ping, payload: `${round}` }),
      );
      await expectItems(numbered(round * 20 + 1, round * 20 + 20));
      const answers = [await client.next(), await client.next()];
      expect(answers).toContainEqual(plain('PONG'));
      expect(answers).toContainEqual({ kind: 'pong', data: Buffer.from(`${round}`) });
    }
  });

  if (own) {
    it('what was published in the tick in which PING is read arrives before its PONG', async () => {
      await subscribe(client, harness.log);
      let n = 0;
      harness.client.prependListener('message', () => {
        n += 1;
        harness.log.publish(`t${n}`);
      });
      const ping = encodeFrame({ opcode: OPCODE.text, payload: 'PING' });
      await client.send(...Array.from({ length: 20 }, () => ping));
      for (const text of numbered(1, 20)) {
        await expectItems([text]);
        expect(await client.nextText()).toBe('PONG');
      }
    });
  }
});
