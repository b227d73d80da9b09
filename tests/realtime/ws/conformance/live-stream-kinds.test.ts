import { deserialize, serialize } from 'node:v8';
import superjson from 'superjson';
import { describe, expect, it } from 'vitest';
import { Hub } from '../../../../server/realtime/hub.ts';
import type { ConflatedSource } from '../../../../server/realtime/source.ts';
import { item, optionsOf, serveNumbers, snapshot } from '../../../support/live-numbers.ts';
import { NumberLog } from '../../../support/number-log.ts';
import { expectInAnyOrder, handlers, rich, serve, t } from '../../../support/ws-conformance.ts';
import {
  mutation,
  query,
  type RequestId,
  refused,
  resumed,
  started,
  stop,
  stopped,
  subscription,
  trackedData,
} from '../../../support/ws-messages.ts';

type PriceMessage =
  | { readonly type: 'snapshot'; readonly reason: string; readonly prices: object }
  | { readonly type: 'price'; readonly of: string; readonly price: number };

/** A conflated channel: the newest price of each thing. */
class Prices {
  readonly hub = new Hub({ epoch: 'test', head: 0, ringCapacity: 4 });
  readonly #newest = new Map<string, { readonly seq: number; readonly price: number }>();
  readonly #source: ConflatedSource<PriceMessage> = {
    name: 'prices',
    delivery: 'latest',
    keyOf: (message) => (message.type === 'price' ? message.of : ''),
    latest: (after) =>
      [...this.#newest]
        .map(([of, { seq, price }]) => ({ seq, data: { type: 'price' as const, of, price } }))
        .filter(({ seq }) => seq > after)
        .sort((a, b) => a.seq - b.seq),
    snapshot: (reason) => ({
      seq: this.hub.head,
      data: {
        type: 'snapshot',
        reason,
        prices: Object.fromEntries([...this.#newest].map(([of, { price }]) => [of, price])),
      },
    }),
  };
  readonly channel = this.hub.channel(this.#source);
  readonly router = t.router({
    prices: t.procedure
      .input(optionsOf)
      .subscription(({ input, signal }) =>
        this.hub.stream(this.channel, { signal, lastEventId: input?.lastEventId }),
      ),
  });

  /** Commits the prices as one group. */
  commit(...prices: readonly (readonly [of: string, price: number])[]): void {
    let seq = this.hub.head;
    for (const [of, price] of prices) {
      seq += 1;
      this.#newest.set(of, { seq, price });
      this.hub.append(this.channel, this.hub.item(seq, { type: 'price', of, price }));
    }
    this.hub.commit(seq);
  }
}

const priceOf = (id: RequestId, seq: number, of: string, price: number) =>
  trackedData(id, `test-${seq}`, { type: 'price', of, price });

describe.each(handlers)('$name: conflated live streams', (handler) => {
  it('of what is committed together, the newest of each key', async () => {
    const prices = new Prices();
    prices.commit(['a', 1]);
    const { connect } = await serve(handler, { router: prices.router });
    const client = await connect();
    client.send(subscription(1, 'prices'));
    expect(await client.take(2)).toEqual([
      started(1),
      trackedData(1, 'test-1', { type: 'snapshot', reason: 'start', prices: { a: 1 } }),
    ]);
    prices.commit(['a', 2], ['b', 1], ['a', 3]);
    expect(await client.untilPong()).toEqual([priceOf(1, 3, 'b', 1), priceOf(1, 4, 'a', 3)]);
    prices.commit(['a', 4]);
    expect(await client.untilPong()).toEqual([priceOf(1, 5, 'a', 4)]);
  });

  it('from a last event id: the newest of each key that changed since, out of the ring or the source', async () => {
    const prices = new Prices();
    prices.commit(['a', 1], ['b', 1]);
    prices.commit(['a', 2], ['c', 1], ['a', 3]);
    prices.commit(['a', 4], ['d', 1]);
    const { connect } = await serve(handler, { router: prices.router });
    const client = await connect();
    client.send(resumed(1, 'prices', 'test-5'));
    expect(await client.take(3)).toEqual([started(1), priceOf(1, 6, 'a', 4), priceOf(1, 7, 'd', 1)]);
    client.send(resumed(2, 'prices', 'test-1'));
    expect(await client.take(5)).toEqual([
      started(2),
      priceOf(2, 2, 'b', 1),
      priceOf(2, 4, 'c', 1),
      priceOf(2, 6, 'a', 4),
      priceOf(2, 7, 'd', 1),
    ]);
    prices.commit(['b', 2]);
    expectInAnyOrder(await client.untilPong(), [priceOf(1, 8, 'b', 2), priceOf(2, 8, 'b', 2)]);
    client.send([stop(1), stop(2)]);
    expectInAnyOrder(await client.take(2), [stopped(1), stopped(2)]);
    expect(prices.channel.subscribers).toBe(0);
  });
});

describe.each(handlers)('$name: live streams in other formats', (handler) => {
  it('an encoder of one’s own writes them whole', async () => {
    const encoder = {
      encode: (message: unknown) => new Uint8Array(serialize(message)),
      decode: (message: string | ArrayBuffer | Uint8Array): unknown =>
        message instanceof Uint8Array ? deserialize(message) : message,
    };
    const numbers = { ringCapacity: 4, head: 1 };
    const { client, log } = await serveNumbers(handler, numbers, { experimental_encoder: encoder });
    const next = async () => {
      const { data, binary } = await client.nextFrame();
      expect(binary).toBe(true);
      return deserialize(data);
    };
    client.send(encoder.encode(subscription('é', 'numbers')));
    expect([await next(), await next()]).toEqual([started('é'), snapshot('é', 1, [1])]);
    log.commit(2);
    expect([await next(), await next()]).toEqual([item('é', 2), item('é', 3)]);
    client.send(encoder.encode(stop('é')));
    expect(await next()).toEqual(stopped('é'));
  });

  it('two routers write the same items, each in its way', async () => {
    const log = new NumberLog({ ringCapacity: 4, head: 1 });
    const plainly = await serve(handler, {
      router: t.router({
        numbers: t.procedure.subscription(({ signal }) => log.hub.stream(log.channel, { signal })),
      }),
    });
    const richly = await serve(handler, {
      router: rich.router({
        numbers: rich.procedure.subscription(({ signal }) => log.hub.stream(log.channel, { signal })),
      }),
    });
    const [plain, fancy] = [await plainly.connect(), await richly.connect()];
    plain.send(subscription(1, 'numbers'));
    fancy.send(subscription(1, 'numbers', superjson.serialize(undefined)));
    const inRich = ({ result }: ReturnType<typeof trackedData>) => ({
      id: 1,
      result: { ...result, data: superjson.serialize(result.data) },
    });
    expect(await plain.take(2)).toEqual([started(1), snapshot(1, 1, [1])]);
    expect(await fancy.take(2)).toEqual([started(1), inRich(snapshot(1, 1, [1]))]);
    log.commit(2);
    expect(await plain.untilPong()).toEqual([item(1, 2), item(1, 3)]);
    expect(await fancy.untilPong()).toEqual([inRich(item(1, 2)), inRich(item(1, 3))]);
  });

  it('a query and a mutation may not return one', async () => {
    const log = new NumberLog({ ringCapacity: 4 });
    const stream = () => log.hub.stream(log.channel);
    const router = t.router({ read: t.procedure.query(stream), write: t.procedure.mutation(stream) });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send([query(1, 'read'), mutation(2, 'write')]);
    expectInAnyOrder(await client.take(2), [
      refused(1, 'UNSUPPORTED_MEDIA_TYPE', expect.any(String), 'read'),
      refused(2, 'UNSUPPORTED_MEDIA_TYPE', expect.any(String), 'write'),
    ]);
  });

  it('an item that cannot be encoded ends those that read it, with an error, and no others', async () => {
    const log = new NumberLog({ ringCapacity: 8 });
    const amounts = log.hub.channel<unknown>({
      name: 'amounts',
      delivery: 'every',
      snapshot: () => ({ seq: log.hub.head, data: 'start' }),
      history: async (_, through) => ({ messages: [], through }),
    });
    const router = t.router({
      amounts: t.procedure.subscription(({ signal }) => log.hub.stream(amounts, { signal })),
      numbers: t.procedure.subscription(({ signal }) => log.hub.stream(log.channel, { signal })),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send([subscription(1, 'amounts'), subscription(2, 'numbers')]);
    expect(await client.take(4)).toHaveLength(4);
    log.hub.append(amounts, log.hub.item(1, 1n));
    log.hub.append(log.channel, log.hub.item(2, { type: 'number', n: 2 }));
    log.hub.commit(2);
    const got = await client.untilPong();
    expect(got).toContainEqual(
      refused(1, 'INTERNAL_SERVER_ERROR', expect.stringContaining('BigInt'), 'amounts'),
    );
    expect(got).toContainEqual(item(2, 2));
    expect(amounts.subscribers).toBe(0);
    log.commit();
    expect(await client.untilPong()).toEqual([item(2, 3)]);
  });
});
