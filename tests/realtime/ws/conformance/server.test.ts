import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { Feed } from '../../../support/feed.ts';
import { FrameClient } from '../../../support/frame-client.ts';
import { type Handler, handlers, type ServeOptions, serve, t } from '../../../support/ws-conformance.ts';
import {
  data,
  query,
  RECONNECT,
  refused,
  started,
  stop,
  stopped,
  subscription,
} from '../../../support/ws-messages.ts';

async function connected(handler: Handler, options: Omit<ServeOptions, 'router'> = {}) {
  const feed = new Feed<number>();
  const router = t.router({
    one: t.procedure.query(() => 1),
    feed: t.procedure.subscription(({ signal }) => feed.read(signal)),
  });
  const served = await serve(handler, { router, ...options });
  return { ...served, client: await served.connect(), feed };
}

describe.each(handlers)('$name: broadcastReconnectNotification', (handler) => {
  it('reaches every open client, and everything goes on', async () => {
    const { client, connect, broadcastReconnectNotification, feed } = await connected(handler);
    const others = [await connect(), await connect('/?connectionParams=1')];
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
    broadcastReconnectNotification();
    for (const each of [client, ...others]) expect(await each.next()).toEqual(RECONNECT);
    feed.push(7);
    expect(await client.next()).toEqual(data(1, 7));
    client.send([query(2, 'one'), stop(1)]);
    expect(await client.take(2)).toEqual(expect.arrayContaining([data(2, 1), stopped(1)]));
    broadcastReconnectNotification();
    expect(await client.next()).toEqual(RECONNECT);
  });

  it('leaves those alone that are closing', async () => {
    const { client, connect, sockets, broadcastReconnectNotification } = await connected(handler);
    const other = await connect();
    await sockets.until((items) => items.length === 2);
    sockets.items[0]?.close(4400, 'go away');
    broadcastReconnectNotification();
    expect(await client.closed).toEqual({ code: 4400, reason: 'go away' });
    expect(await client.rest()).toEqual([]);
    expect(await other.next()).toEqual(RECONNECT);
  });
});

describe.each(handlers)('$name: prefix', (handler) => {
  it('connections elsewhere are left alone', async () => {
    const calls: string[] = [];
    const { connect, wss } = await connected(handler, {
      prefix: '/trpc',
      createContext: ({ req }) => {
        calls.push(`${req.url}`);
        return {};
      },
    });
    wss.on('connection', (socket, req) => {
      if (req.url === '/other') socket.on('message', (message) => socket.send(`"echo ${message}"`));
    });
    const here = await connect('/trpc?x=1');
    const below = await connect('/trpc/below');
    const other = await connect('/other');
    for (const client of [here, below]) {
      client.send(query(1, 'none'));
      expect(await client.next()).toEqual(
        refused(1, 'NOT_FOUND', 'No "query"-procedure on path "none"', 'none'),
      );
    }
    other.send('hello');
    expect(await other.next()).toBe('echo hello');
    expect(calls).toEqual(['/trpc?x=1', '/trpc/below']);
  });

  it('two handlers may share a server', async () => {
    const { connect, wss } = await connected(handler, { prefix: '/a' });
    const other = t.router({ one: t.procedure.query(() => 'other') });
    handler.applyWSSHandler({ wss, router: other, prefix: '/b' });
    const [a, b] = [await connect('/a'), await connect('/b')];
    for (const client of [a, b]) client.send(query(1, 'one'));
    expect(await a.next()).toEqual(data(1, 1));
    expect(await b.next()).toEqual(data(1, 'other'));
    expect(await a.settled()).toEqual([]);
    expect(await b.settled()).toEqual([]);
  });

  it('≠ the reconnect notice: stock sends it to them too, ours does not', async () => {
    const { connect, wss, broadcastReconnectNotification } = await connected(handler, { prefix: '/trpc' });
    wss.on('connection', (socket) => socket.on('message', () => socket.send('"echo"')));
    const other = await connect('/other');
    broadcastReconnectNotification();
    other.send('hello');
    const answers = handler.name === 'stock' ? [RECONNECT, 'echo'] : ['echo'];
    expect(await other.take(answers.length)).toEqual(answers);
  });
});

describe.each(handlers)('$name: getWSConnectionHandler', (handler) => {
  it('serves the connections that it is given', async () => {
    const router = t.router({ one: t.procedure.query(() => 1) });
    const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => wss.once('listening', resolve));
    try {
      const onConnection = handler.getWSConnectionHandler({ wss, router });
      wss.on('connection', (socket, req) => {
        if (req.url === '/mine') onConnection(socket, req);
        else socket.close(4404);
      });
      const address = wss.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      const client = await FrameClient.open(`ws://127.0.0.1:${port}/mine`);
      client.send(query(1, 'one'));
      expect(await client.next()).toEqual(data(1, 1));
      const other = await FrameClient.open(`ws://127.0.0.1:${port}/other`);
      expect(await other.closed).toMatchObject({ code: 4404 });
      await client.close();
    } finally {
      wss.close();
    }
  });
});
