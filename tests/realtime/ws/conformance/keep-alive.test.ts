import { observable } from '@trpc/server/observable';
import { describe, expect, it } from 'vitest';
import { Feed } from '../../../support/feed.ts';
import { Gate } from '../../../support/gate.ts';
import { type Handler, handlers, type ServeOptions, serve, t } from '../../../support/ws-conformance.ts';
import { data, query, started, stop, subscription } from '../../../support/ws-messages.ts';

async function connected(handler: Handler, options: Omit<ServeOptions, 'router'> = {}) {
  const feed = new Feed<number>();
  const router = t.router({
    one: t.procedure.query(() => 1),
    feed: t.procedure.subscription(({ signal }) => feed.read(signal)),
  });
  const served = await serve(handler, { router, ...options });
  return { ...served, client: await served.connect(), feed };
}

describe.each(handlers)('$name: PING', (handler) => {
  it('is answered with PONG, each of them, whatever else is going on', async () => {
    const context = new Gate<object>();
    const { client } = await connected(handler, { createContext: () => context.opened });
    client.send('PING');
    client.send(query(1, 'one'));
    client.send('PING');
    expect(await client.take(2)).toEqual(['PONG', 'PONG']);
    context.open({});
    expect(await client.next()).toEqual(data(1, 1));
    expect(await client.settled()).toEqual([]);
  });

  it('is answered while the connection params are waited for', async () => {
    const { connect } = await connected(handler);
    const client = await connect('/?connectionParams=1');
    expect(await client.settled()).toEqual([]);
  });

  it('is not answered with dangerouslyDisablePong, and is no message either', async () => {
    const { client } = await connected(handler, { dangerouslyDisablePong: true });
    client.send('PING');
    client.send(query(1, 'one'));
    expect(await client.next()).toEqual(data(1, 1));
  });

  it('PONG is taken and not answered', async () => {
    const { client, reported } = await connected(handler);
    client.send('PONG');
    expect(await client.settled()).toEqual([]);
    expect(reported()).toEqual([]);
  });

  it('PONG comes after what was yielded before the PING was sent', async () => {
    const { client, feed } = await connected(handler);
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
    for (let round = 0; round < 5; round += 1) {
      const items = Array.from({ length: 100 }, (_, index) => round * 100 + index);
      feed.push(...items);
      expect(await client.untilPong()).toEqual(items.map((item) => data(1, item)));
    }
  });

  it('PONG comes after what an observable emitted before the PING was sent', async () => {
    const emit = new Gate<(n: number) => void>();
    const router = t.router({
      items: t.procedure.subscription(() => observable<number>((observer) => emit.open(observer.next))),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'items'));
    const push = await emit.opened;
    expect(await client.next()).toEqual(started(1));
    for (let n = 0; n < 100; n += 1) push(n);
    expect(await client.untilPong()).toEqual(Array.from({ length: 100 }, (_, n) => data(1, n)));
  });
});

describe.each(handlers)('$name: keepAlive', (handler) => {
  it('pings a silent client again and again, as long as it answers', async () => {
    const { client } = await connected(handler, {
      keepAlive: { enabled: true, pingMs: 5, pongWaitMs: 60_000 },
    });
    for (let round = 0; round < 4; round += 1) {
      expect(await client.next()).toBe('PING');
      client.send('PONG');
    }
    client.send(query(1, 'one'));
    expect(await client.nextBeside('PING')).toEqual(data(1, 1));
  });

  it('takes any message for an answer', async () => {
    const { client } = await connected(handler, {
      keepAlive: { enabled: true, pingMs: 5, pongWaitMs: 60_000 },
    });
    for (let round = 0; round < 3; round += 1) {
      expect(await client.next()).toBe('PING');
      client.send(stop(99));
    }
  });

  it('pings a client that says nothing, whatever it is sent', async () => {
    const { client, feed } = await connected(handler, {
      keepAlive: { enabled: true, pingMs: 20, pongWaitMs: 60_000 },
    });
    client.send(subscription(1, 'feed'));
    expect(await client.nextBeside('PING')).toEqual(started(1));
    let sent = 0;
    for (let pinged = false; !pinged; ) {
      feed.push(sent);
      sent += 1;
      pinged = (await client.next()) === 'PING';
    }
    expect(sent).toBeGreaterThan(0);
  });

  it('cuts a client that stops answering, and ends what it had', async () => {
    const { client, feed } = await connected(handler, {
      keepAlive: { enabled: true, pingMs: 10, pongWaitMs: 200 },
    });
    const fallSilent = client.answerPings();
    client.send(subscription(1, 'feed'));
    expect(await client.nextBeside('PING')).toEqual(started(1));
    fallSilent();
    expect(await client.closed).toEqual({ code: 1006, reason: '' });
    await feed.over();
    expect(await client.rest()).toContain('PING');
  });

  it('goes by the client: one is cut, another that answers is not', async () => {
    const { client: silent, connect } = await connected(handler, {
      keepAlive: { enabled: true, pingMs: 10, pongWaitMs: 200 },
    });
    const lively = await connect();
    lively.answerPings();
    expect(await silent.closed).toMatchObject({ code: 1006 });
    lively.send(query(1, 'one'));
    expect(await lively.nextBeside('PING')).toEqual(data(1, 1));
  });

  it('does not begin unless it is enabled', async () => {
    const { client } = await connected(handler, { keepAlive: { enabled: false, pingMs: 1, pongWaitMs: 1 } });
    for (let id = 0; id < 50; id += 1) {
      client.send(query(id, 'one'));
      expect(await client.next()).toEqual(data(id, 1));
    }
  });
});
