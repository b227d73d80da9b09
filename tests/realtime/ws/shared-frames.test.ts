import { initTRPC } from '@trpc/server';
import { jsonEncoder } from '@trpc/server/adapters/ws';
import { describe, expect, it } from 'vitest';
import { Item, type ItemEncoder } from '../../../server/realtime/item.ts';
import {
  type Address,
  CustomEncoding,
  type Encoding,
  JsonEncoding,
  SharedFrames,
} from '../../../server/realtime/ws/encoding.ts';
import { FrameParser } from '../../support/raw-ws-frames.ts';

const addressOf = (id: number | string, jsonrpc?: '2.0'): Address => ({ id, jsonrpc });

const itemsOf = (count: number): Item<unknown>[] =>
  Array.from({ length: count }, (_, index) => new Item<unknown>('test', index + 1, { n: index + 1 }));

function textsIn(frames: readonly Uint8Array[]): string[] {
  const texts: string[] = [];
  const parser = new FrameParser(false, (received) => {
    if (received.kind === 'text') texts.push(received.text);
  });
  parser.push(Buffer.concat(frames));
  parser.end();
  return texts;
}

/** Shared frames of an encoding that takes down for whom it has made frames. */
function counting() {
  const made: (number | string)[] = [];
  const encoding: Encoding = {
    message: () => '',
    decode: () => undefined,
    item: () => '',
    frames(items, { id }) {
      made.push(id);
      return [Buffer.from(`${items.length} items for ${id}`)];
    },
  };
  return { made, frames: new SharedFrames(encoding) };
}

describe('shared frames', () => {
  it('are the same bytes for all under one id, and others for another id', () => {
    const { made, frames } = counting();
    const items = itemsOf(3);
    const first = frames.of(items, addressOf(1));
    expect(frames.of(items, addressOf(1))).toBe(first);
    expect(frames.of(items, addressOf('1'))).not.toBe(first);
    expect(frames.of(items, addressOf(2))).not.toBe(first);
    expect(frames.of(items, addressOf(1))).toBe(first);
    expect(made).toEqual([1, '1', 2]);
  });

  it('are those of the list that was sent last', () => {
    const { made, frames } = counting();
    const [one, two] = [itemsOf(1), itemsOf(2)];
    frames.of(one, addressOf(1));
    expect(Buffer.concat(frames.of(two, addressOf(1))).toString()).toBe('2 items for 1');
    expect(Buffer.concat(frames.of(one, addressOf(1))).toString()).toBe('1 items for 1');
    expect(made).toEqual([1, 1, 1]);
  });

  it('are let go at the end of the tick', () => {
    const { made, frames } = counting();
    const items = itemsOf(1);
    frames.of(items, addressOf(1));
    frames.clear();
    frames.of(items, addressOf(1));
    expect(made).toEqual([1, 1]);
  });

  it('are kept for 64 ids, and made anew for each call under any other', () => {
    const { made, frames } = counting();
    const items = itemsOf(1);
    expect(SharedFrames.MAX_IDS).toBe(64);
    for (let round = 0; round < 2; round += 1) {
      for (let id = 0; id < 100; id += 1) frames.of(items, addressOf(id));
    }
    const counts = Array.from({ length: 100 }, (_, id) => made.filter((each) => each === id).length);
    expect(counts).toEqual(Array.from({ length: 100 }, (_, id) => (id < 64 ? 1 : 2)));
  });

  it('are not shared with a call that speaks of jsonrpc', () => {
    const { made, frames } = counting();
    const items = itemsOf(1);
    frames.of(items, addressOf(1));
    frames.of(items, addressOf(1, '2.0'));
    frames.of(items, addressOf(1, '2.0'));
    frames.of(items, addressOf(1));
    expect(made).toEqual([1, 1, 1]);
  });
});

describe('an encoding', () => {
  const config = initTRPC.create().router({})._def._config;
  const encodings: readonly (readonly [string, Encoding])[] = [
    ['of our own', new JsonEncoding(config, jsonEncoder)],
    // Text of a custom encoder goes into text frames.
    ['of the user', new CustomEncoding(config, { ...jsonEncoder })],
  ];
  const ids = [0, 1, 255, 256, -1, 2 ** 53 - 1, '', 'é"\\\n', '1'];
  const addresses = ids.flatMap((id) => [addressOf(id), addressOf(id, '2.0')]);

  it.each(encodings)('%s: writes for each call what the protocol says', (_, encoding) => {
    const long = new Item<unknown>('test', 4, { text: 'é'.repeat(5_000) });
    const items = [...itemsOf(3), long, ...itemsOf(1)];
    for (const address of addresses) {
      const { id, jsonrpc } = address;
      const expected = items.map((item) => ({
        id,
        ...(jsonrpc === undefined ? {} : { jsonrpc }),
        result: { type: 'data', id: item.id, data: { id: item.id, data: item.data } },
      }));
      const texts = textsIn(encoding.frames(items, address));
      expect(texts.map((text): unknown => JSON.parse(text))).toEqual(expected);
      expect(items.map((item) => encoding.item(item, address))).toEqual(texts);
    }
  });
});

describe('an item', () => {
  it('is encoded once by each encoder, whoever comes in between', () => {
    const [item] = itemsOf(1);
    if (item === undefined) throw new Error('one was made');
    const counts = [0, 0, 0];
    const encoders = counts.map(
      (_, index): ItemEncoder => ({
        encode: ({ seq }) => {
          counts[index] = (counts[index] ?? 0) + 1;
          return Buffer.from(`${index}: ${seq}`);
        },
      }),
    );
    for (let round = 0; round < 3; round += 1) {
      for (const [index, encoder] of encoders.entries()) {
        expect(Buffer.from(item.encoded(encoder)).toString()).toBe(`${index}: 1`);
        expect(item.encoded(encoder)).toBe(item.encoded(encoder));
      }
    }
    expect(counts).toEqual([1, 1, 1]);
  });
});
