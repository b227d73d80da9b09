import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  CLOSED_BY_CLIENT,
  type ClientOptions,
  type ConnectedClient,
  ConnectionEndedError,
  causeOf,
  createClient,
  UnansweredError,
} from '../../shared/client/index.ts';
import { Inbox } from '../support/streams.ts';
import { errorOf, isOpen, statesOf } from './fixture.ts';
import { HostileServer } from './hostile-server.ts';
import { ManualTimers } from './manual-timers.ts';

let server: HostileServer;
let timers: ManualTimers;
let clients: ConnectedClient[];

beforeEach(async () => {
  server = await HostileServer.open();
  timers = new ManualTimers();
  clients = [];
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await Promise.all(clients.map(({ close }) => close()));
  await server[Symbol.asyncDispose]();
});

/** A client that reconnects at once and whose other timers stand still. */
function connectTo(url: string, options: Partial<ClientOptions> = {}): ConnectedClient {
  const client = createClient({
    url,
    WebSocket,
    clock: timers,
    backoff: { firstMs: 0, longestMs: 0 },
    ...options,
  });
  clients.push(client);
  return client;
}

const order = { clientOrderId: 'one', agentId: '1', exact: 'sol', sol: 5n } as const;

/** A subscription and what its owner hears. */
function listen({ client }: ConnectedClient) {
  const ids = new Inbox<string>();
  const ends = new Inbox<unknown>();
  const subscription = client.onTrade.subscribe(
    {},
    {
      onData: ({ id }) => ids.push(id),
      onError: (error) => ends.push(error),
      onComplete: () => ends.push('completed'),
    },
  );
  return { ids, ends, subscription };
}

describe('the WebSocket class', () => {
  it('is the given one: nothing global is needed', async () => {
    vi.stubGlobal('WebSocket', undefined);
    const { client } = connectTo(server.url);
    const answered = client.agents.query({});
    const connection = await server.connection(0);
    connection.answer((await connection.call(0)).id, 'fine');
    expect(await answered).toBe('fine');
  });

  it('is the platform’s when none is given, and there must be one', async () => {
    vi.stubGlobal('WebSocket', undefined);
    expect(() => createClient({ url: server.url })).toThrow(TypeError);
    vi.stubGlobal('WebSocket', WebSocket);
    clients.push(createClient({ url: server.url }));
    await server.connection(0);
  });
});

describe('a connection that is lost', () => {
  it('is open, then reconnecting within a second, then open', async () => {
    const states = statesOf(
      connectTo(server.url, {
        backoff: { firstMs: 20, longestMs: 20 },
        random: () => 0.5,
      }).state,
    );
    (await server.connection(0)).socket.terminate();
    await states.until((all) => all.length === 3);
    const retryAt = timers.now() + 10;
    timers.advance(10);
    await server.connection(1);
    await states.until((all) => all.length === 4);
    expect(states.items).toEqual([
      { kind: 'connecting' },
      { kind: 'open' },
      { kind: 'reconnecting', attempt: 1, retryAt },
      { kind: 'open' },
    ]);
  });

  it('by default is back within a second, whatever is drawn', async () => {
    const client = createClient({ url: server.url, WebSocket, clock: timers, random: () => 0.999_999 });
    clients.push(client);
    const states = statesOf(client.state);
    (await server.connection(0)).socket.terminate();
    await states.until((all) => all.at(-1)?.kind === 'reconnecting');
    const { retryAt } = { retryAt: Infinity, ...states.items.at(-1) };
    // What it takes to connect and to catch up comes on top.
    expect(retryAt - timers.now()).toBeGreaterThan(499);
    expect(retryAt - timers.now()).toBeLessThan(500);
  });

  it('is tried again later and later while sockets open but do not last', async () => {
    const { state } = connectTo(server.url, {
      backoff: { firstMs: 2, longestMs: 16 },
      random: () => 1,
    });
    const states = statesOf(state);
    const lose = async (index: number) => {
      const { socket } = await server.connection(index);
      await states.until(isOpen);
      if (index === 5) timers.advance(10_000);
      socket.terminate();
      await states.until((all) => all.at(-1)?.kind === 'reconnecting');
      const { attempt, retryAt } = { attempt: 0, retryAt: Infinity, ...states.items.at(-1) };
      const delay = retryAt - timers.now();
      timers.advance(delay);
      return [attempt, delay];
    };
    const retries: number[][] = [];
    for (let index = 0; index < 6; index += 1) retries.push(await lose(index));
    await server.connection(6);
    expect(retries).toEqual([
      [1, 2],
      [2, 4],
      [3, 8],
      [4, 16],
      [5, 16],
      [1, 2],
    ]);
  });

  it.each([1000, 1001, 1012, 4400, 4408, 4499])(
    'comes back after close code %i, with its subscriptions where they were',
    async (code) => {
      const client = connectTo(server.url);
      const { ids, ends } = listen(client);
      const first = await server.connection(0);
      first.stream((await first.call(0)).id, 'aa-1', 'aa-2');
      await ids.until(({ length }) => length === 2);
      first.socket.close(code, 'for now');
      const second = await server.connection(1);
      const again = await second.call(0);
      expect(again.params?.lastEventId).toBe('aa-2');
      second.stream(again.id, 'aa-3');
      await ids.until(({ length }) => length === 3);
      expect(ends.items).toEqual([]);
    },
  );

  it('is given up when the server takes it but never answers the handshake', async () => {
    const taken = new Inbox<true>();
    const silent = createServer((socket) => {
      taken.push(true);
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
    const { state, close } = connectTo(`ws://127.0.0.1:${address.port}`);
    await taken.until(({ length }) => length === 1);
    timers.advance(9_999);
    expect(state.get()).toEqual({ kind: 'connecting' });
    timers.advance(1);
    await taken.until(({ length }) => length === 2);
    expect(state.get()).toMatchObject({ kind: 'reconnecting', attempt: 1 });
    await close();
    await new Promise((resolve) => silent.close(resolve));
  });
});

describe('keep-alive', () => {
  it('asks after silence, is content with a PONG, and hears every frame', async () => {
    let heard = 0;
    connectTo(server.url, {
      keepAlive: { pingAfterMs: 5, pongWithinMs: 10_000 },
      onHeard: () => {
        heard += 1;
      },
    });
    const { signals, socket } = await server.connection(0);
    for (let pings = 1; pings <= 3; pings += 1) {
      await signals.until(({ length }) => length === pings);
      socket.send('PONG');
    }
    await signals.until(({ length }) => length === 4);
    expect(heard).toBe(3);
    expect(server.connections.items).toHaveLength(1);
  });

  it('leaves a connection without an answer, and does not wait for a goodbye', async () => {
    const states = statesOf(connectTo(server.url, { keepAlive: { pingAfterMs: 5, pongWithinMs: 5 } }).state);
    const { socket, signals } = await server.connection(0);
    await signals.until(({ length }) => length === 1);
    // From here on nothing is read: the network is dead.
    socket.pause();
    await timers.asked.until((delays) => delays.includes(1_000));
    expect(states.items.at(-1)).toEqual({ kind: 'open' });
    timers.advance(1_000);
    await server.connection(1);
    expect(states.items.map(({ kind }) => kind)).toContain('reconnecting');
  });
});

describe('a final close code', () => {
  it.each([4500, 4501, 4999])('%i ends everything, once and for all', async (code) => {
    const client = connectTo(server.url);
    const states = statesOf(client.state);
    const { ids, ends } = listen(client);
    const connection = await server.connection(0);
    connection.stream((await connection.call(0)).id, 'aa-1');
    await ids.until(({ length }) => length === 1);
    const query = errorOf(client.client.agents.query({}));
    const sent = errorOf(client.client.buy.mutate(order));
    await connection.call(2);
    connection.socket.close(code, 'banned');

    const expected = { name: 'ConnectionEndedError', code, reason: 'banned' };
    expect(causeOf(await query, ConnectionEndedError)).toMatchObject(expected);
    const unanswered = await sent;
    expect(causeOf(unanswered, ConnectionEndedError)).toMatchObject(expected);
    expect(causeOf(unanswered, UnansweredError)).toMatchObject({ outcome: 'unknown' });
    await ends.until(({ length }) => length === 1);
    expect(causeOf(ends.items[0], ConnectionEndedError)).toMatchObject(expected);
    expect(states.items).toEqual([
      { kind: 'connecting' },
      { kind: 'open' },
      { kind: 'ended', code, reason: 'banned' },
    ]);

    // What is asked later fails with the same, and opens nothing.
    expect(causeOf(await errorOf(client.client.agents.query({})), ConnectionEndedError)).toMatchObject(
      expected,
    );
    const later = await errorOf(client.client.buy.mutate(order));
    expect(causeOf(later, UnansweredError)).toMatchObject({ why: 'connection_ended', outcome: 'never_sent' });
    const { ends: laterEnds, subscription } = listen(client);
    expect(laterEnds.items).toEqual([]);
    await laterEnds.until(({ length }) => length === 1);
    expect(causeOf(laterEnds.items[0], ConnectionEndedError)).toMatchObject(expected);
    subscription.unsubscribe();

    expect(timers.waiting).toBe(0);

    // A newcomer gets through, several times: one that came back would have been here by now.
    for (let index = 1; index <= 3; index += 1) {
      connectTo(server.url);
      await server.connection(index);
    }
    expect(server.connections.items).toHaveLength(4);
    expect(states.items).toHaveLength(3);
  });

  it('on the socket that is to replace one that still serves ends both', async () => {
    const client = connectTo(server.url);
    const states = statesOf(client.state);
    await states.until(isOpen);
    const first = await server.connection(0);
    first.send({ id: null, method: 'reconnect' });
    (await server.connection(1)).socket.close(4500, 'banned');
    await first.closed;
    expect(client.state.get()).toEqual({ kind: 'ended', code: 4500, reason: 'banned' });
  });
});

describe('a server that asks to reconnect', () => {
  it('is obeyed without the client being anything but open', async () => {
    const client = connectTo(server.url);
    const states = statesOf(client.state);
    await states.until(isOpen);
    const first = await server.connection(0);
    first.send({ id: null, method: 'reconnect' });
    await server.connection(1);
    await first.closed;
    expect(states.items.map(({ kind }) => kind)).toEqual(['connecting', 'open']);
  });
});

describe('close', () => {
  it('completes subscriptions, fails calls, and leaves no socket or timer', async () => {
    const client = connectTo(server.url);
    const { ids, ends } = listen(client);
    const connection = await server.connection(0);
    connection.stream((await connection.call(0)).id, 'aa-1');
    await ids.until(({ length }) => length === 1);
    const query = errorOf(client.client.agents.query({}));
    const sent = errorOf(client.client.buy.mutate(order));
    await connection.call(2);
    await client.close();
    await connection.closed;
    expect(ends.items).toEqual(['completed']);
    const expected = { code: CLOSED_BY_CLIENT, message: 'This client is closed.' };
    expect(causeOf(await query, ConnectionEndedError)).toMatchObject(expected);
    expect(causeOf(await sent, UnansweredError)).toMatchObject({ outcome: 'unknown' });
    expect(client.state.get()).toMatchObject({ kind: 'ended', code: CLOSED_BY_CLIENT });
    expect(causeOf(await errorOf(client.client.agents.query({})), ConnectionEndedError)).toMatchObject(
      expected,
    );
    const late = listen(client);
    await late.ends.until(({ length }) => length === 1);
    expect(causeOf(late.ends.items[0], ConnectionEndedError)).toMatchObject(expected);
    expect(timers.waiting).toBe(0);
    await client.close();
    expect(server.connections.items).toHaveLength(1);
  });

  it('before there is a connection prevents it', async () => {
    const atOnce = connectTo(server.url);
    await atOnce.close();
    expect(atOnce.state.get()).toMatchObject({ kind: 'ended' });
    expect(timers.waiting).toBe(0);
    // Nobody listens there.
    const refused = connectTo('ws://127.0.0.1:1');
    await statesOf(refused.state).until((all) => all.at(-1)?.kind === 'reconnecting');
    await refused.close();
    expect(timers.waiting).toBe(0);
  });
});

describe('a mutation without a connection', () => {
  it('that is aborted or past its deadline is never sent', async () => {
    const client = connectTo(server.url);
    const first = await server.connection(0);
    const states = statesOf(client.state);
    await states.until(isOpen);
    // Calls made while the socket is closed wait in the stock client's queue.
    first.socket.terminate();
    await states.until((all) => all.at(-1)?.kind === 'reconnecting');
    const abort = new AbortController();
    const aborted = errorOf(client.client.buy.mutate(order, { signal: abort.signal }));
    const late = errorOf(client.client.buy.mutate(order, { context: { deadlineMs: 3_000 } }));
    timers.advance(3_000);
    abort.abort();
    expect(causeOf(await late, UnansweredError)).toMatchObject({ why: 'deadline', outcome: 'never_sent' });
    expect((await aborted).cause).toMatchObject({ name: 'AbortError' });
    const second = await server.connection(1);
    const answered = client.client.agents.query({});
    const { id, params } = await second.call(0);
    expect(params?.path).toBe('agents');
    second.answer(id, 'fine');
    expect(await answered).toBe('fine');
    expect(second.calls.items).toHaveLength(1);
  });
});
