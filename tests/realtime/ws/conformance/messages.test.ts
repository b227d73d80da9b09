import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import superjson from 'superjson';
import { describe, expect, it } from 'vitest';
import { Feed } from '../../../support/feed.ts';
import {
  anything,
  expectInAnyOrder,
  type Handler,
  handlers,
  type PerHandler,
  rich,
  serve,
  t,
} from '../../../support/ws-conformance.ts';
import {
  data,
  query,
  type RequestId,
  refused,
  resumed,
  started,
  stop,
  stopped,
  subscription,
} from '../../../support/ws-messages.ts';

const router = t.router({
  echo: t.procedure.input(anything).query(({ input }) => input ?? 'nothing'),
  input: t.procedure.input(anything).subscription(async function* ({ input }) {
    yield input;
  }),
  feed: t.procedure.subscription(({ signal }) => new Feed<string>().read(signal)),
});

const unparsable = (id: RequestId | null) => refused(id, 'PARSE_ERROR', expect.any(String));

async function connected(handler: Handler) {
  const served = await serve(handler, { router });
  return { ...served, client: await served.connect() };
}

describe.each(handlers)('$name: ids', (handler) => {
  it.each([0, 1, -1, 2 ** 53 - 1, '', '0', 'some-id', 'é'.repeat(64), '__proto__'])(
    '%j is one',
    async (id) => {
      const { client } = await connected(handler);
      client.send(query(id, 'echo', 'in'));
      expect(await client.next()).toEqual(data(id, 'in'));
      client.send(subscription(id, 'feed'));
      expect(await client.next()).toEqual(started(id));
      client.send(stop(id));
      expect(await client.next()).toEqual(stopped(id));
    },
  );

  it('null and a missing one are required', async () => {
    const { client, reported } = await connected(handler);
    for (const method of ['query', 'mutation', 'subscription']) {
      client.send({ id: null, method, params: { path: 'echo' } });
      expect(await client.next()).toEqual(refused(null, 'PARSE_ERROR', '`id` is required'));
      expect(reported().at(-1)).toEqual(['unknown', undefined, 'PARSE_ERROR', '`id` is required']);
    }
    client.send({ id: null, method: 'subscription.stop' });
    expect(await client.next()).toEqual(refused(null, 'PARSE_ERROR', '`id` is required'));
    client.send({ method: 'query', params: { path: 'echo' } });
    expect(await client.next()).toEqual(unparsable(null));
    client.send({ method: 'subscription.stop' });
    expect(await client.next()).toEqual(unparsable(null));
  });

  it.each([
    ['an object', {}],
    ['a list', [1]],
    ['a boolean', true],
  ])('%s is none', async (_, id) => {
    const { client } = await connected(handler);
    client.send({ id, method: 'query', params: { path: 'echo' } });
    expect(await client.next()).toEqual(unparsable(null));
    expect(await client.settled()).toEqual([]);
  });

  it.each([
    ['a float', '1.5', 1.5],
    ['an unsafe integer', '9007199254740992', 2 ** 53],
    ['a number too large for one', '1e400', null],
    ['a string of 65 characters', JSON.stringify('x'.repeat(65)), 'x'.repeat(65)],
  ])('≠ %s is one to stock, and none to ours', async (_, text, id) => {
    const { client } = await connected(handler);
    client.send(`{"id":${text},"method":"query","params":{"path":"echo","input":"in"}}`);
    // What JSON cannot hold comes back as null.
    const served = { ...data(0, 'in'), id };
    expect(await client.next()).toEqual(handler.name === 'stock' ? served : unparsable(null));
    expect(await client.settled()).toEqual([]);
  });
});

describe.each(handlers)('$name: messages that are none', (handler) => {
  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['almost a ping', 'PING '],
    ['a small ping', 'ping'],
    ['a number', '1'],
    ['a string', '"PING"'],
    ['null', 'null'],
    ['true', 'true'],
  ])('%s is answered under null, not reported, and the connection goes on', async (_, text) => {
    const { client, reported } = await connected(handler);
    client.send(text);
    expect(await client.next()).toEqual(unparsable(null));
    client.send(query(1, 'echo', 'in'));
    expect(await client.next()).toEqual(data(1, 'in'));
    expect(reported()).toEqual([]);
  });

  it.each([
    ['JSON', Buffer.from(JSON.stringify(query(1, 'echo')))],
    ['a ping', Buffer.from('PING')],
    ['nothing', Buffer.alloc(0)],
  ])('%s in a binary frame is answered under null', async (_, bytes) => {
    const { client } = await connected(handler);
    client.send(bytes);
    expect(await client.next()).toEqual(unparsable(null));
    expect(await client.settled()).toEqual([]);
  });

  it.each([
    ['an unknown method', { method: 'subscribe', params: { path: 'echo' } }],
    ['the method of a notice', { method: 'reconnect' }],
    ['a method that every object has', { method: 'constructor', params: { path: 'echo' } }],
    ['no method', { params: { path: 'echo' } }],
    ['no params', { method: 'query' }],
    ['params that are a list', { method: 'query', params: ['echo'] }],
    ['no path', { method: 'query', params: {} }],
    ['a path that is no string', { method: 'query', params: { path: 1 } }],
    ['a last event id that is no string', { method: 'query', params: { path: 'echo', lastEventId: 1 } }],
    ['another jsonrpc', { method: 'query', params: { path: 'echo' }, jsonrpc: '1.0' }],
    ['connection params that nobody asked for', { method: 'connectionParams', data: {} }],
  ])('≠ %s: ours answers under its id, stock under null', async (_, message) => {
    const { client, reported } = await connected(handler);
    client.send({ id: 7, ...message });
    expect(await client.next()).toEqual(unparsable(handler.name === 'stock' ? null : 7));
    expect(await client.settled()).toEqual([]);
    expect(reported()).toEqual([]);
  });

  it('≠ an input that the transformer cannot read: ours answers under its id, stock under null', async () => {
    const strict = rich.router({ echo: rich.procedure.input(anything).query(({ input }) => input) });
    const { connect } = await serve(handler, { router: strict });
    const client = await connect();
    for (const input of [undefined, null]) {
      client.send(query(7, 'echo', input));
      expect(await client.next()).toMatchObject({
        id: handler.name === 'stock' ? null : 7,
        error: { json: { code: TRPC_ERROR_CODES_BY_KEY.PARSE_ERROR, data: { code: 'PARSE_ERROR' } } },
      });
    }
    client.send(query(7, 'echo', superjson.serialize(1n)));
    expect(await client.next()).toEqual(data(7, superjson.serialize(1n)));
  });

  it('what a message has beyond its shape is ignored', async () => {
    const { client } = await connected(handler);
    const { params, ...message } = query(1, 'echo', 'in');
    client.send({ ...message, params: { ...params, extra: 1 }, extra: { id: 2 }, result: null });
    expect(await client.next()).toEqual(data(1, 'in'));
  });

  it('a frame that breaks the rules of WebSocket ends the connection, is reported and does no more harm', async () => {
    const { connect, errors, client } = await connected(handler);
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
    client.sendBroken();
    expect(await client.closed).toMatchObject({ code: 1002 });
    await errors.until((items) => items.length === 1);
    const [info] = errors.items;
    expect(info).toMatchObject({ type: 'unknown', path: undefined, input: undefined });
    expect(info?.error.code).toBe('INTERNAL_SERVER_ERROR');
    const next = await connect();
    next.send(query(1, 'echo', 'in'));
    expect(await next.next()).toEqual(data(1, 'in'));
  });

  it('a message that is too large ends the connection with 1009', async () => {
    const served = await serve(handler, { router, server: { maxPayload: 1024 } });
    const client = await served.connect();
    client.send(query(1, 'echo', 'x'.repeat(2000)));
    expect(await client.closed).toMatchObject({ code: 1009 });
    await served.errors.until((items) => items.length === 1);
  });
});

describe.each(handlers)('$name: lastEventId', (handler) => {
  const inputs: readonly [string, unknown, unknown][] = [
    ['into an object input', { a: 1 }, { a: 1, lastEventId: 'e-1' }],
    ['into an object input that has one', { lastEventId: 'mine' }, { lastEventId: 'e-1' }],
    ['where there is no input', undefined, { lastEventId: 'e-1' }],
    ['where the input is null', null, { lastEventId: 'e-1' }],
    ['not into a list', [1], [1]],
    ['not into a string', 'text', 'text'],
    ['not into a number', 0, 0],
    ['not into false', false, false],
  ];

  it.each(inputs)('goes %s', async (_, input, expected) => {
    const { client } = await connected(handler);
    client.send(resumed(1, 'input', 'e-1', input));
    expect(await client.take(3)).toEqual([started(1), data(1, expected), stopped(1)]);
  });

  it('goes into the input of a query too, and an empty one is one', async () => {
    const { client } = await connected(handler);
    client.send({ id: 1, method: 'query', params: { path: 'echo', lastEventId: '' } });
    expect(await client.next()).toEqual(data(1, { lastEventId: '' }));
  });

  it('goes into what the transformer has read', async () => {
    const richly = rich.router({
      input: rich.procedure.input(anything).subscription(async function* ({ input }) {
        yield input;
      }),
    });
    const { connect } = await serve(handler, { router: richly });
    const client = await connect();
    client.send(resumed(1, 'input', 'e-1', superjson.serialize({ n: 1n })));
    client.send(resumed(2, 'input', 'e-2', superjson.serialize(undefined)));
    expectInAnyOrder(await client.take(6), [
      ...[started(1), data(1, superjson.serialize({ n: 1n, lastEventId: 'e-1' })), stopped(1)],
      ...[started(2), data(2, superjson.serialize({ lastEventId: 'e-2' })), stopped(2)],
    ]);
  });
});

describe.each(handlers)('$name: too many subscriptions', (handler) => {
  it('≠ ours refuses the 65th, serves the others, and takes another when one has ended', async () => {
    const { client } = await connected(handler);
    for (let id = 1; id <= 64; id += 1) client.send(subscription(id, 'feed'));
    await client.take(64);
    client.send(subscription(65, 'feed'));
    const answer: PerHandler<unknown> = {
      stock: started(65),
      ours: refused(65, 'TOO_MANY_REQUESTS', expect.any(String), 'feed'),
    };
    expect(await client.next()).toEqual(answer[handler.name]);
    client.send([query(66, 'echo', 'in'), stop(64)]);
    expectInAnyOrder(await client.take(2), [data(66, 'in'), stopped(64)]);
    client.send(subscription(67, 'feed'));
    expect(await client.next()).toEqual(started(67));
  });
});
