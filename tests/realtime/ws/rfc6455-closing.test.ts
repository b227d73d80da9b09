import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawClient } from '../../support/raw-ws.ts';
import { closePayload, encodeFrame, OPCODE, type Received } from '../../support/raw-ws-frames.ts';
import {
  answer,
  call,
  closed,
  echo,
  fill,
  Harness,
  type HarnessOptions,
  handlers,
  itemText,
  subscribe,
  textOf,
  until,
} from './rfc6455-fixture.ts';

const { text, close, ping } = OPCODE;

const closeFrame = (payload: Buffer | string): Buffer => encodeFrame({ opcode: close, payload });

describe.each(handlers)('closing, with $name', { timeout: 10_000 }, (handler) => {
  let harness: Harness;
  let client: RawClient;
  const start = async (options?: HarnessOptions): Promise<void> => {
    harness = await Harness.start(handler, options);
    client = await harness.connect();
  };
  beforeEach(() => start());
  afterEach(() => harness.stop());

  /** Publishes `t1`, `t2`, … one a turn until the server has forgotten the connection. */
  async function publishUntilGone(): Promise<void> {
    for (let n = 1; harness.wss.clients.size > 0; n += 1) {
      harness.log.publish(`t${n}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Some of what was published, from the first on. */
  function expectPrefix(received: readonly Received[]): void {
    expect(received.map((one) => itemText(one))).toEqual(received.map((_, index) => `t${index + 1}`));
  }

  describe('by the client', () => {
    it.each([1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999])(
      'code %d and its reason are echoed and the connection is ended',
      async (code) => {
        await client.close(code, 'é bye');
        expect(await client.rest()).toEqual([closed(code, 'é bye')]);
        expect(await client.closed).toBe('ended');
        await harness.idle();
      },
    );

    it.each([
      ['no code', Buffer.alloc(0), closed(1005)],
      ['a reason of 123 bytes', closePayload(1000, textOf(123)), closed(1000, textOf(123))],
    ])('a close with %s is answered alike', async (_, payload, expected) => {
      await client.send(closeFrame(payload));
      expect(await client.rest()).toEqual([expected]);
    });

    it.each<[number, string, Buffer]>([
      ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
        (code): [number, string, Buffer] => [1002, `code ${code}`, closeFrame(closePayload(code))],
      ),
      [1002, 'one byte', closeFrame('x')],
      [1002, '126 bytes', closeFrame(closePayload(1000, textOf(124)))],
      [1002, 'no FIN', encodeFrame({ opcode: close, fin: false, payload: closePayload(1000) })],
      [1007, 'a reason of bad UTF-8', closeFrame(closePayload(1000, Buffer.from([0x61, 0xe2, 0x82])))],
    ])('%d answers a close with %s', async (code, _, frame) => {
      await subscribe(client, harness.log);
      await client.send(frame);
      expect(await client.rest()).toEqual([closed(code)]);
      await harness.idle();
    });

    it('what follows the close is ignored, be it well-formed or not', async () => {
      await client.send(
        closeFrame(closePayload(1000)),
        encodeFrame({ opcode: text, payload: echo('late') }),
        encodeFrame({ opcode: ping, payload: 'late' }),
        closeFrame(closePayload(4000)),
        encodeFrame({ opcode: 3, rsv: 7, mask: 'none' }),
      );
      expect(await client.rest()).toEqual([closed(1000)]);
      expect(await client.closed).toBe('ended');
    });

    it('calls in flight are not answered after it', async () => {
      await client.send(
        encodeFrame({ opcode: text, payload: JSON.stringify(call(1, 'query', 'wait')) }),
        encodeFrame({ opcode: text, payload: 'PING' }),
      );
      expect(await client.nextText()).toBe('PONG');
      await client.close(1000);
      expect(await client.rest()).toEqual([closed(1000)]);
    });

    it('a live stream stops before the answer to it', async () => {
      await subscribe(client, harness.log);
      const publishing = publishUntilGone();
      await client.next();
      await client.close(1000);
      const rest = await client.rest();
      expect(rest.at(-1)).toEqual(closed(1000));
      for (const one of rest.slice(0, -1)) expect(itemText(one)).toMatch(/^t\d+$/);
      await publishing;
      await harness.idle();
    });
  });

  describe('by the server', () => {
    it.each([
      ['a code and a reason', 4000, 'é bye'],
      ['a code', 1012, ''],
    ])('with %s; the connection ends when the client has answered', async (_, code, reason) => {
      const gone = once(harness.client, 'close');
      harness.client.close(code, reason);
      expect(await client.next()).toEqual(closed(code, reason));
      await client.ping('not answered any more');
      await client.close(code);
      expect(await client.rest()).toEqual([]);
      expect(await client.closed).toBe('ended');
      expect((await gone)[0]).toBe(code);
    });

    it('without a code', async () => {
      harness.client.close();
      expect(await client.next()).toEqual(closed(1005));
      await client.send(closeFrame(''));
      expect(await client.closed).toBe('ended');
    });

    it('at the same time as by the client', async () => {
      await subscribe(client, harness.log);
      const sent = client.close(4001);
      harness.client.close(4002);
      harness.log.publish('late');
      await sent;
      expect(await client.rest()).toEqual([closed(4002)]);
      await harness.idle();
    });

    it('nothing follows its close frame, whatever is published, asked or answered', async () => {
      await subscribe(client, harness.log);
      await client.json(call(2, 'subscription', 'values'));
      expect(await client.nextJson()).toEqual({ id: 2, result: { type: 'started' } });
      harness.client.close(4000);
      expect(await client.next()).toEqual(closed(4000));
      for (let n = 0; n < 20; n += 1) {
        harness.log.publish(`late ${n}`);
        harness.values.emit('value', `late ${n}`);
        await client.send(
          encodeFrame({ opcode: text, payload: echo('late', 3) }),
          encodeFrame({ opcode: text, payload: 'PING' }),
          encodeFrame({ opcode: ping }),
        );
      }
      await client.close(4000);
      expect(await client.rest()).toEqual([]);
      await harness.idle();
    });

    it('a client that never answers is cut', async () => {
      await harness.stop();
      await start({ closeTimeout: 20 });
      await subscribe(client, harness.log);
      harness.client.close(4000);
      const publishing = publishUntilGone();
      expect(await client.rest()).toEqual([closed(4000)]);
      await publishing;
      await harness.idle();
    });

    it('a server that closes takes no more connections and keeps those it has', async () => {
      harness.wss.close();
      const late = await harness.open();
      expect(await late.answer).toMatchObject({ status: 503 });
      await client.text(echo('hello'));
      expect(await client.nextJson()).toEqual(answer('hello'));
      await client.close(1000);
      expect(await client.rest()).toEqual([closed(1000)]);
    });

    it('by terminate, there is no close frame and no half of a frame', async () => {
      await subscribe(client, harness.log);
      harness.log.publish('t1', 't2');
      await until(() => harness.client.bufferedAmount === 0);
      harness.client.terminate();
      harness.log.publish('late');
      expectPrefix(await client.rest());
      await harness.idle();
    });
  });

  it('by a violation in the middle of a stream: whole items, then the close, then nothing', async () => {
    await subscribe(client, harness.log);
    client.pause();
    const all = await fill(harness);
    await client.send(encodeFrame({ opcode: text, mask: 'none' }), encodeFrame({ opcode: ping }));
    const publishing = publishUntilGone();
    client.resume();
    const received = await client.rest();
    expect(received.at(-1)).toEqual(closed(1002));
    const texts = received.slice(0, -1).map((one) => itemText(one));
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.slice(0, all.length).every((one, index) => one === all[index])).toBe(true);
    expect(texts).not.toContain(undefined);
    await publishing;
    await harness.idle();
  });

  describe('by the network', () => {
    it('a client that ends its side without a close frame is ended, and its calls with it', async () => {
      await subscribe(client, harness.log);
      await client.json(call(2, 'subscription', 'values'));
      await client.json(call(3, 'query', 'wait'));
      expect(await client.nextJson()).toEqual({ id: 2, result: { type: 'started' } });
      const publishing = publishUntilGone();
      client.end();
      expectPrefix(await client.rest());
      expect(await client.closed).toBe('ended');
      await publishing;
      await harness.idle();
    });

    it.each([
      ['a head', encodeFrame({ opcode: text, payload: echo('half') }).subarray(0, 1)],
      ['a frame', encodeFrame({ opcode: text, payload: echo('half') }).subarray(0, -1)],
      ['a message', encodeFrame({ opcode: text, fin: false, payload: echo('half') })],
    ])('a client that ends its side inside %s is ended', async (_, bytes) => {
      await subscribe(client, harness.log);
      await client.send(bytes);
      client.end();
      expect(await client.rest()).toEqual([]);
      expect(await client.closed).toBe('ended');
      await harness.idle();
    });

    it('a client that ends its side in place of answering the close is ended', async () => {
      harness.client.close(4000);
      expect(await client.next()).toEqual(closed(4000));
      client.end();
      expect(await client.closed).toBe('ended');
      await harness.idle();
    });

    it('a client that ends its side while much waits to be sent gets whole frames', async () => {
      await subscribe(client, harness.log);
      client.pause();
      const all = await fill(harness);
      client.end();
      client.resume();
      const texts = (await client.rest()).map((one) => itemText(one));
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.every((one, index) => one === all[index])).toBe(true);
      expect(await client.closed).toBe('ended');
      await harness.idle();
    });

    it('a reset ends every call, and what is published meanwhile does no harm', async () => {
      await subscribe(client, harness.log);
      await client.json(call(2, 'subscription', 'values'));
      await client.json(call(3, 'query', 'wait'));
      expect(await client.nextJson()).toEqual({ id: 2, result: { type: 'started' } });
      client.reset();
      harness.log.publish('late');
      harness.values.emit('value', 'late');
      await publishUntilGone();
      await harness.idle();
    });

    it.each([
      ['inside a frame', (): Promise<void> => client.send(encodeFrame({ opcode: text, announce: 100n }))],
      ['after a violation', (): Promise<void> => client.send(encodeFrame({ opcode: text, mask: 'none' }))],
      ['after a close', (): Promise<void> => client.close(1000)],
      ['after a call', (): Promise<void> => client.json(call(2, 'query', 'text', { bytes: 70_000 }))],
    ])('a reset %s does no harm', async (_, send) => {
      await subscribe(client, harness.log);
      await send();
      client.reset();
      await publishUntilGone();
      await harness.idle();
    });

    it('a reset by a client that has long stopped reading does no harm', async () => {
      await subscribe(client, harness.log);
      client.pause();
      await fill(harness);
      client.reset();
      await publishUntilGone();
      await harness.idle();
    });
  });
});
