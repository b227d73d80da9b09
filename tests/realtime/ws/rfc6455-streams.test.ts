import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawClient } from '../../support/raw-ws.ts';
import { encodeFrame, OPCODE } from '../../support/raw-ws-frames.ts';
import {
  answer,
  closed,
  echo,
  fill,
  Harness,
  handlers,
  itemText,
  numbered,
  plain,
  random,
  subscribe,
  take,
  textOf,
} from './rfc6455-fixture.ts';

describe.each(handlers)('long streams of $name', { timeout: 20_000 }, (handler) => {
  let harness: Harness;
  let client: RawClient;
  beforeEach(async () => {
    harness = await Harness.start(handler);
    client = await harness.connect();
  });
  afterEach(() => harness.stop());

  it('a stream of 2,000 items of up to 70,000 bytes arrives intact between all else that is sent', async () => {
    const seed = random(2_000);
    const texts = Array.from(
      { length: 2_000 },
      (_, index) => `${index} ${textOf(Math.floor(seed() * 70_000))}`,
    );
    await subscribe(client, harness.log);
    const publishing = (async () => {
      for (let from = 0; from < texts.length; from += 20) {
        harness.log.publish(...texts.slice(from, from + 20));
        harness.client.send(`direct ${from / 20}`);
        if (from % 200 === 0) harness.client.ping(`p${from}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const seen = { items: 0, directs: 0, pings: 0, pongs: 0 };
    await client.ping('0');
    while (seen.items < texts.length || seen.directs < 100 || seen.pings < 10 || seen.pongs < 20) {
      const received = await client.next();
      if (received.kind === 'ping') {
        expect(received.data.toString()).toBe(`p${seen.pings * 200}`);
        seen.pings += 1;
      } else if (received.kind === 'pong') {
        expect(received.data.toString()).toBe(`${seen.pongs}`);
        seen.pongs += 1;
        await client.ping(`${seen.pongs}`);
      } else if (received.kind === 'text' && received.text.startsWith('direct')) {
        expect(received.text).toBe(`direct ${seen.directs}`);
        seen.directs += 1;
      } else {
        // Not toBe: a difference of 70,000 characters says less than which item it was.
        expect(itemText(received) === texts[seen.items], `item ${seen.items} is the one published`).toBe(
          true,
        );
        seen.items += 1;
      }
    }
    await publishing;
  });

  it('a reader that stops and goes on finds whole frames, in order, and the close at the end', async () => {
    await subscribe(client, harness.log);
    client.pause();
    const all = await fill(harness);
    harness.client.ping('still there?');
    harness.client.close(4000);
    client.resume();
    const received = await client.finish();
    expect(received.at(-1)).toEqual(closed(4000));
    expect(received.at(-2)).toEqual({ kind: 'ping', data: Buffer.from('still there?') });
    const texts = received.slice(0, -2).map((one) => itemText(one));
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.every((text, index) => text === all[index])).toBe(true);
  });

  it('a reader that stops and goes on misses nothing', async () => {
    await subscribe(client, harness.log);
    client.pause();
    const all = await fill(harness);
    await client.text('PING');
    client.resume();
    const received = await take(client, all.length + 1);
    expect(received.flatMap((one) => itemText(one) ?? []).every((text, index) => text === all[index])).toBe(
      true,
    );
    expect(received).toContainEqual(plain('PONG'));
  });

  it('calls that are read while much waits to be sent are answered in order', async () => {
    await subscribe(client, harness.log);
    const texts = numbered(1, 100).map((text) => text + textOf(30_000));
    harness.client.prependOnceListener('message', () => harness.log.publish(...texts));
    // The first makes the handler send what has been published; the others come in the same segment.
    const messages = ['PING', ...[11, 12, 13, 14, 15].map((id) => echo('late', id)), 'PING'];
    await client.send(...messages.map((payload) => encodeFrame({ opcode: OPCODE.text, payload })));
    const received = await take(client, texts.length + messages.length);
    expect(received.flatMap((one) => itemText(one) ?? []).every((text, index) => text === texts[index])).toBe(
      true,
    );
    const others = received.flatMap((one) => (one.kind === 'text' && one.bytes < 100 ? one.text : []));
    expect(others.filter((text) => text === 'PONG')).toHaveLength(2);
    expect(others.filter((text) => text !== 'PONG').map((text) => JSON.parse(text))).toEqual(
      [11, 12, 13, 14, 15].map((id) => answer('late', id)),
    );
  });
});
