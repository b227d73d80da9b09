import { describe, expect, it, vi } from 'vitest';
import { Feed } from '../../../support/feed.ts';
import { eventually, Gate, nextTurn } from '../../../support/gate.ts';
import { anything, handlers, serve, t } from '../../../support/ws-conformance.ts';
import {
  data,
  mutation,
  query,
  RECONNECT,
  started,
  stop,
  subscription,
} from '../../../support/ws-messages.ts';

const WAYS = ['close', 'cut'] as const;
const never = (): Promise<never> => new Promise(() => undefined);

describe.each(handlers)('$name: when the socket closes', (handler) => {
  it.each(WAYS)(
    '(%s) every subscription’s signal aborts and its generator comes to its finally',
    async (way) => {
      const signals: AbortSignal[] = [];
      const feed = new Feed<number>();
      const router = t.router({
        feed: t.procedure.subscription(({ signal }) => {
          if (signal !== undefined) signals.push(signal);
          return feed.read(signal);
        }),
      });
      const { connect } = await serve(handler, { router });
      const [client, other] = [await connect(), await connect()];
      other.send(subscription(1, 'feed'));
      client.send([subscription(1, 'feed'), subscription(2, 'feed'), subscription('three', 'feed')]);
      await client.take(3);
      expect(await other.next()).toEqual(started(1));
      const aborted = signals.map(
        (signal) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
      );
      await client[way]();
      await Promise.all(aborted.slice(1));
      await eventually(() => feed.readers === 1);
      feed.push(7);
      expect(await other.next()).toEqual(data(1, 7));
      expect(signals.map(({ aborted: gone }) => gone)).toEqual([false, true, true, true]);
    },
  );

  it('a generator that ignores its signal ends with its next item', async () => {
    const feed = new Feed<number>();
    const closed = new Gate();
    const router = t.router({ feed: t.procedure.subscription(() => feed.read()) });
    const { connect, sockets } = await serve(handler, { router });
    const client = await connect();
    sockets.items[0]?.on('close', () => closed.open());
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
    await client.close();
    await closed.opened;
    expect(feed.readers).toBe(1);
    feed.push(1);
    await feed.over();
  });

  it('≠ ours aborts the signal of a pending query and mutation; stock does not', async () => {
    const signals = new Map<string, AbortSignal | undefined>();
    const released = new Gate();
    const pending = ({ signal, path }: { signal: AbortSignal | undefined; path: string }) => {
      signals.set(path, signal);
      return released.opened;
    };
    const router = t.router({
      read: t.procedure.query(pending),
      write: t.procedure.mutation(pending),
      answered: t.procedure.query(({ signal, path }) => {
        signals.set(path, signal);
        return 1;
      }),
    });
    const closed = new Gate();
    const { connect, sockets } = await serve(handler, { router });
    const client = await connect();
    sockets.items[0]?.on('close', () => closed.open());
    client.send([query(1, 'read'), mutation(2, 'write'), query(3, 'answered')]);
    expect(await client.next()).toEqual(data(3, 1));
    expect(await client.settled()).toEqual([]);
    await client.close();
    await closed.opened;
    await nextTurn();
    const ours = handler.name === 'ours';
    expect(signals.get('read')?.aborted).toBe(ours);
    expect(signals.get('write')?.aborted).toBe(ours);
    expect(signals.get('answered')?.aborted).toBe(false);
    released.open();
  });

  it('what an answered mutation would do on an abort is not done, though another call is pending', async () => {
    const released = new Gate();
    const undone: string[] = [];
    const router = t.router({
      pending: t.procedure.query(() => released.opened),
      write: t.procedure.mutation(({ signal }) => {
        signal?.addEventListener('abort', () => undone.push('undone'));
        return 'written';
      }),
    });
    const { connect, sockets } = await serve(handler, { router });
    const client = await connect();
    const closed = new Promise((resolve) => sockets.items[0]?.on('close', resolve));
    client.send([query(1, 'pending'), mutation(2, 'write')]);
    expect(await client.next()).toEqual(data(2, 'written'));
    await client.close();
    await closed;
    await nextTurn();
    expect(undone).toEqual([]);
    released.open();
  });

  it('what a mutation has begun it finishes, and its answer goes nowhere', async () => {
    const released = new Gate();
    const finished = new Gate<string>();
    const router = t.router({
      write: t.procedure.mutation(async () => {
        await released.opened;
        finished.open('written');
        return 'written';
      }),
    });
    const { connect, sockets, reported } = await serve(handler, { router });
    const client = await connect();
    client.send(mutation(1, 'write'));
    await client.settled();
    const [socket] = sockets.items;
    const closed = new Promise((resolve) => socket?.on('close', resolve));
    await client.close();
    await closed;
    const sends = socket === undefined ? undefined : vi.spyOn(socket, 'send');
    released.open();
    expect(await finished.opened).toBe('written');
    await nextTurn();
    expect(sends).not.toHaveBeenCalled();
    expect(reported()).toEqual([]);
  });

  it('a procedure that fails afterwards is reported, and nothing is sent', async () => {
    const released = new Gate();
    const router = t.router({
      read: t.procedure.query(() => released.opened),
      items: t.procedure.subscription(async () => {
        await released.opened;
        return new Feed<number>().read();
      }),
    });
    const { connect, sockets, errors } = await serve(handler, { router });
    const client = await connect();
    client.send([query(1, 'read'), subscription(2, 'items')]);
    await client.settled();
    const [socket] = sockets.items;
    const closed = new Promise((resolve) => socket?.on('close', resolve));
    await client.cut();
    await closed;
    released.fail(new Error('too late'));
    await errors.until((items) => items.length === 2);
    expect(errors.items.map(({ error, type }) => [type, error.message]).sort()).toEqual([
      ['query', 'too late'],
      ['subscription', 'too late'],
    ]);
  });

  it('an iterable that comes afterwards is cleaned up, unread', async () => {
    const entered = new Gate();
    const setUp = new Gate<AsyncIterable<number>>();
    const returned = new Gate();
    const calls: string[] = [];
    const router = t.router({
      slow: t.procedure.subscription(() => {
        entered.open();
        return setUp.opened;
      }),
    });
    const { connect, sockets } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'slow'));
    await entered.opened;
    const closed = new Promise((resolve) => sockets.items[0]?.on('close', resolve));
    await client.close();
    await closed;
    setUp.open({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          calls.push('next');
          return never();
        },
        return: async () => {
          returned.open();
          return { done: true, value: undefined };
        },
      }),
    });
    await returned.opened;
    expect(calls).toEqual([]);
  });

  it('clean-up that fails is reported', async () => {
    const router = t.router({
      items: t.procedure.subscription(async function* ({ signal }) {
        try {
          await new Promise((resolve) => signal?.addEventListener('abort', resolve));
          yield 1;
        } finally {
          // biome-ignore lint/correctness/noUnsafeFinally: it is what is tested
          throw new Error('in finally');
        }
      }),
    });
    const { connect, errors, reported } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'items'));
    expect(await client.next()).toEqual(started(1));
    await client.close();
    await errors.until((items) => items.length > 0);
    await nextTurn();
    expect(reported()).toEqual([['subscription', 'items', 'INTERNAL_SERVER_ERROR', 'in finally']]);
  });

  it('by the server, while a subscription yields: nothing is sent from then on', async () => {
    const feed = new Feed<number>();
    const router = t.router({
      feed: t.procedure.subscription(({ signal }) => feed.read(signal)),
      one: t.procedure.query(() => 1),
    });
    const { connect, sockets } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
    feed.push(1);
    expect(await client.next()).toEqual(data(1, 1));
    client.send([query(2, 'one'), stop(1)]);
    sockets.items[0]?.close(4499, 'enough');
    feed.push(2, 3);
    expect(await client.closed).toEqual({ code: 4499, reason: 'enough' });
    expect(await client.rest()).toEqual([]);
    await feed.over();
  });

  it('≠ by the server: a mutation that comes after that is run by stock, unanswered, and not by ours', async () => {
    const calls: string[] = [];
    const router = t.router({
      write: t.procedure.mutation(() => {
        calls.push('written');
      }),
    });
    const { connect, sockets, received } = await serve(handler, { router });
    const client = await connect();
    await sockets.until((items) => items.length === 1);
    client.send(mutation(1, 'write'));
    sockets.items[0]?.close(4499);
    expect(await client.closed).toMatchObject({ code: 4499 });
    expect(await client.rest()).toEqual([]);
    expect(received.items).toHaveLength(1);
    await nextTurn();
    expect(calls).toEqual(handler.name === 'stock' ? ['written'] : []);
  });

  it('by the server: what was sent before arrives before the goodbye', async () => {
    const router = t.router({ echo: t.procedure.input(anything).query(({ input }) => input) });
    const { connect, sockets, broadcastReconnectNotification } = await serve(handler, { router });
    const client = await connect();
    client.send(query(1, 'echo', 'x'.repeat(100_000)));
    expect(await client.next()).toEqual(data(1, 'x'.repeat(100_000)));
    for (let count = 0; count < 50; count += 1) broadcastReconnectNotification();
    sockets.items[0]?.close(4499);
    broadcastReconnectNotification();
    expect(await client.closed).toMatchObject({ code: 4499 });
    expect(await client.rest()).toEqual(Array.from({ length: 50 }, () => RECONNECT));
  });

  it('all at once, with many subscriptions: no reader is left', async () => {
    const feed = new Feed<number>();
    const router = t.router({ feed: t.procedure.subscription(({ signal }) => feed.read(signal)) });
    const { connect } = await serve(handler, { router });
    const clients = await Promise.all(Array.from({ length: 8 }, () => connect()));
    for (const client of clients) {
      client.send(Array.from({ length: 20 }, (_, id) => subscription(id, 'feed')));
      await client.take(20);
    }
    expect(feed.readers).toBe(160);
    feed.push(1, 2, 3);
    await Promise.all(clients.map((client, index) => (index % 2 === 0 ? client.cut() : client.close())));
    await feed.over();
  });
});
