import { afterEach, describe, expect, it, vi } from 'vitest';
import { GatewayEncoding } from '../../server/gateway/encoding.ts';
import { SharedFrames } from '../../server/realtime/ws/encoding.ts';
import { nextTurn } from '../support/gate.ts';
import { GatewayWorld } from './fixture.ts';
import type { Message } from './json-client.ts';

afterEach(() => vi.restoreAllMocks());

/** A market with one agent, and somebody who can buy. */
async function open() {
  const world = await GatewayWorld.open();
  const { market } = world;
  const ann = await market.fund('ann', '100000');
  const agent = await market.createAgent('ONE');
  return { world, market, ann, agent };
}

const isTrade = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === 'trade_executed';

describe('items', () => {
  it('of a channel come in the order of the log, without one missing or doubled', async () => {
    const { world, market, ann, agent } = await open();
    const [early, late] = [await world.connect(), await world.connect()];
    await early.subscribe('trades');
    const buying = Array.from({ length: 300 }, () => market.buy(ann, agent, '0.001'));
    await late.subscribe('trades');
    const receipts = (await Promise.all(buying)).map(({ receipt }) => receipt.position);
    const isLast = ({ id }: Message) => id === receipts.at(-1);
    const items = await early.until(isLast);
    expect(items.map(({ id }) => id)).toEqual(receipts);
    expect(new Set(items.map(({ type }) => type))).toEqual(new Set(['trade_executed']));
    // Whenever one comes, what follows its snapshot is the rest.
    const after = await late.until(isLast);
    expect(after.map(({ id }) => id)).toEqual(receipts.slice(-after.length));
  });

  it('stop with unsubscribed, and begin anew when they are asked for again', async () => {
    const { world, market, ann, agent } = await open();
    const client = await world.connect();
    await client.subscribe('trades');
    await client.subscribe('prices');
    await market.buy(ann, agent);
    await client.settled();
    client.send({ type: 'unsubscribe', channel: 'trades', id: 4 });
    expect(await client.next()).toEqual({ type: 'unsubscribed', requestId: 4, channel: 'trades' });
    await market.buy(ann, agent);
    const after = await client.settled();
    expect(after.map(({ channel }) => channel)).toEqual(['prices']);
    expect(world.server.gateway.stats().subscriptions).toBe(1);
    const [subscribed, snapshot] = await client.subscribe('trades');
    expect([subscribed.type, snapshot.type]).toEqual(['subscribed', 'snapshot']);
    await market.buy(ann, agent);
    const both = (await client.settled()).map(({ channel }) => channel);
    expect(both.toSorted()).toEqual(['prices', 'trades']);
  });

  it('of a subscription that ends before its snapshot has been read never come', async () => {
    const { world, agent } = await open();
    const client = await world.connect();
    const channel = `agent:${agent}`;
    // In one piece: the snapshot is read from the log, which takes a turn.
    client.send({ type: 'subscribe', channel }, { type: 'unsubscribe', channel });
    expect(await client.take(2)).toMatchObject([{ type: 'subscribed' }, { type: 'unsubscribed' }]);
    await nextTurn();
    expect(await client.settled()).toEqual([]);
  });

  it('of what was published before a ping come before its pong', async () => {
    const { world, market, ann, agent } = await open();
    const client = await world.connect();
    await client.subscribe('trades');
    for (let round = 0; round < 20; round += 1) {
      const { receipt } = await market.buy(ann, agent, '0.01');
      client.send({ type: 'ping', id: round });
      const [item, pong] = await client.take(2);
      expect(item?.id).toBe(receipt.position);
      expect(pong).toMatchObject({ type: 'pong', requestId: round });
    }
  });
});

describe('an item', () => {
  it('is encoded once, however many channels and subscribers carry it', async () => {
    const { world, market, ann, agent } = await open();
    const other = await market.createAgent('TWO');
    const clients = await Promise.all(Array.from({ length: 30 }, () => world.connect()));
    for (const client of clients) {
      await client.subscribe('trades');
      await client.subscribe(`agent:${agent}`);
      await client.subscribe(`agent:${other}`);
    }
    const encode = vi.spyOn(GatewayEncoding.prototype, 'encode');
    for (let count = 0; count < 10; count += 1) await market.buy(ann, agent, '0.01');
    for (const client of clients) {
      const items = await client.settled();
      expect(items).toHaveLength(20);
    }
    const seqs = encode.mock.calls.map(([{ seq }]) => seq);
    expect(seqs).toHaveLength(10);
    expect(new Set(seqs).size).toBe(10);
    expect(world.server.gateway.stats()).toMatchObject({ connections: 30, subscriptions: 90 });
  });

  it('is put into frames once for each channel, however many subscribe to that', async () => {
    const { world, market, ann, agent } = await open();
    const clients = await Promise.all(Array.from({ length: 50 }, () => world.connect()));
    for (const client of clients) await client.subscribe('trades');
    const frames = vi.spyOn(GatewayEncoding.prototype, 'frames');
    const shared = vi.spyOn(SharedFrames.prototype, 'of');
    await market.buy(ann, agent, '0.01');
    for (const client of clients) expect(await client.next()).toMatchObject({ type: 'trade_executed' });
    expect(shared).toHaveBeenCalledTimes(50);
    expect(frames).toHaveBeenCalledTimes(1);
  });

  it('that cannot be written ends its subscription alone', async () => {
    const { world, market, ann, agent } = await open();
    const client = await world.connect();
    await client.subscribe('trades');
    await client.subscribe('kings');
    const { encode } = GatewayEncoding.prototype;
    vi.spyOn(GatewayEncoding.prototype, 'encode').mockImplementation(function (this: GatewayEncoding, item) {
      if (isTrade(item.data)) throw new Error('broken');
      return encode.call(this, item);
    });
    await market.buy(ann, agent);
    const [error, king] = await client.take(2);
    expect(error).toEqual({
      type: 'error',
      code: 'internal_error',
      message: expect.any(String),
      channel: 'trades',
    });
    expect(king?.type).toBe('king_change');
    expect(world.logged).toMatchObject([{ where: 'channel trades' }]);
    vi.restoreAllMocks();
    const [subscribed] = await client.subscribe('trades');
    expect(subscribed.type).toBe('subscribed');
  });
});
