import superjson from 'superjson';
import { describe, expect, it } from 'vitest';
import { Feed } from '../../../support/feed.ts';
import {
  expectInAnyOrder,
  type Handler,
  handlers,
  type PerHandler,
  rich,
  serve,
  t,
  text,
} from '../../../support/ws-conformance.ts';
import {
  data,
  mutation,
  query,
  type RequestId,
  refused,
  started,
  stop,
  stopped,
  subscription,
} from '../../../support/ws-messages.ts';

const unparsable = (id: RequestId | null) => refused(id, 'PARSE_ERROR', expect.any(String));
const TOO_LARGE = 'Batch call exceeds maximum size';

async function connected(handler: Handler, options: { maxBatchSize?: number } = {}) {
  const calls: string[] = [];
  const router = t.router({
    echo: t.procedure.input(text).query(({ input }) => {
      calls.push(input);
      return input;
    }),
    shout: t.procedure.input(text).mutation(({ input }) => {
      calls.push(input);
      return input.toUpperCase();
    }),
    feed: t.procedure.subscription(({ signal }) => new Feed<string>().read(signal)),
  });
  const served = await serve(handler, { router, ...options });
  return { ...served, client: await served.connect(), calls };
}

const echoes = (count: number) =>
  Array.from({ length: count }, (_, index) => query(index, 'echo', `${index}`));
const echoed = (count: number) => Array.from({ length: count }, (_, index) => data(index, `${index}`));
const tooMany = (count: number) =>
  Array.from({ length: count }, (_, index) => refused(index, 'BAD_REQUEST', TOO_LARGE));

describe.each(handlers)('$name: batches', (handler) => {
  it('calls of all kinds in one, each answered in a message of its own', async () => {
    const { client } = await connected(handler);
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
    client.send([
      query(2, 'echo', 'a'),
      subscription(3, 'feed'),
      stop(1),
      { ...mutation('four', 'shout', 'b'), jsonrpc: '2.0' },
      query(5, 'none'),
      query(6, 'echo', 'c'),
    ]);
    expectInAnyOrder(await client.take(6), [
      data(2, 'a'),
      started(3),
      stopped(1),
      { ...data('four', 'B'), jsonrpc: '2.0' },
      refused(5, 'NOT_FOUND', 'No "query"-procedure on path "none"', 'none'),
      data(6, 'c'),
    ]);
    expect(await client.settled()).toEqual([]);
  });

  it('its calls begin in their order', async () => {
    const { client, calls } = await connected(handler);
    client.send([query(1, 'echo', 'a'), mutation(2, 'shout', 'b'), query(3, 'echo', 'c')]);
    await client.take(3);
    expect(calls).toEqual(['a', 'b', 'c']);
  });

  it('one call in a list is a batch too, and an empty list is none', async () => {
    const { client, reported } = await connected(handler);
    client.send([]);
    client.send([query(1, 'echo', 'a')]);
    expect(await client.next()).toEqual(data(1, 'a'));
    expect(await client.settled()).toEqual([]);
    expect(reported()).toEqual([]);
  });

  it('null ids in it are refused, the others are served', async () => {
    const { client } = await connected(handler);
    client.send([{ ...query(1, 'echo', 'a'), id: null }, query(2, 'echo', 'b')]);
    expectInAnyOrder(await client.take(2), [refused(null, 'PARSE_ERROR', '`id` is required'), data(2, 'b')]);
  });

  it.each([
    ['an unknown method', { ...query(2, 'echo', 'b'), method: 'peek' }, 2],
    ['a call without params', { id: 2, method: 'query' }, 2],
    ['a call without id', { method: 'query', params: { path: 'echo', input: 'b' } }, null],
    ['an id that is none', { ...query(0, 'echo', 'b'), id: { n: 2 } }, null],
    ['a number', 2, null],
    ['null', null, null],
    ['a batch', [query(2, 'echo', 'b')], null],
  ] as const)('≠ with %s in it: ours serves the others, stock serves none', async (_, bad, id) => {
    const { client, calls } = await connected(handler);
    client.send([query(1, 'echo', 'a'), bad, subscription(3, 'feed')]);
    const answers: PerHandler<unknown[]> = {
      stock: [unparsable(null)],
      ours: [data(1, 'a'), unparsable(id), started(3)],
    };
    const expected = answers[handler.name];
    expectInAnyOrder(await client.take(expected.length), expected);
    expect(await client.settled()).toEqual([]);
    expect(calls).toEqual(handler.name === 'stock' ? [] : ['a']);
  });

  it('≠ with an input that the transformer cannot read: ours serves the others, stock serves none', async () => {
    const router = rich.router({ echo: rich.procedure.input(text).query(({ input }) => input) });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send([query(1, 'echo', superjson.serialize('a')), query(2, 'echo', null)]);
    const unread = (id: RequestId | null) => ({
      id,
      error: { json: expect.objectContaining({ code: -32_700 }) },
    });
    const answers: PerHandler<unknown[]> = {
      stock: [unread(null)],
      ours: [data(1, superjson.serialize('a')), unread(2)],
    };
    const expected = answers[handler.name];
    expectInAnyOrder(await client.take(expected.length), expected);
    expect(await client.settled()).toEqual([]);
  });
});

describe.each(handlers)('$name: maxBatchSize', (handler) => {
  it('a batch of just so many is served', async () => {
    const { client } = await connected(handler, { maxBatchSize: 3 });
    client.send(echoes(3));
    expectInAnyOrder(await client.take(3), echoed(3));
  });

  it('each call of a larger one is refused under its id, and none is run', async () => {
    const { client, calls, reported } = await connected(handler, { maxBatchSize: 3 });
    client.send([...echoes(3), { ...query('four', 'echo', 'x'), jsonrpc: '2.0' }]);
    expectInAnyOrder(await client.take(4), [
      ...tooMany(3),
      { ...refused('four', 'BAD_REQUEST', TOO_LARGE), jsonrpc: '2.0' },
    ]);
    expect(await client.settled()).toEqual([]);
    expect(calls).toEqual([]);
    expect(reported()).toEqual([['unknown', undefined, 'BAD_REQUEST', TOO_LARGE]]);
    client.send(query(1, 'echo', 'a'));
    expect(await client.next()).toEqual(data(1, 'a'));
  });

  it('stops and what has no id are not answered in it, but count', async () => {
    const { client } = await connected(handler, { maxBatchSize: 1 });
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
    client.send([stop(1), { method: 'query' }, query(2, 'echo', 'a')]);
    expect(await client.next()).toEqual(refused(2, 'BAD_REQUEST', TOO_LARGE));
    expect(await client.settled()).toEqual([]);
  });

  it('one in which nothing has an id is refused once, under null', async () => {
    const { client } = await connected(handler, { maxBatchSize: 1 });
    client.send([1, null, { id: null, method: 'query' }]);
    expect(await client.next()).toEqual(refused(null, 'BAD_REQUEST', TOO_LARGE));
    expect(await client.settled()).toEqual([]);
  });

  it('a message that is not in a list is no batch', async () => {
    const { client } = await connected(handler, { maxBatchSize: 0 });
    client.send(query(1, 'echo', 'a'));
    expect(await client.next()).toEqual(data(1, 'a'));
  });

  it('≠ without the option ours takes 64, stock any number', async () => {
    const { client } = await connected(handler);
    client.send(echoes(64));
    expectInAnyOrder(await client.take(64), echoed(64));
    client.send(echoes(65));
    expectInAnyOrder(await client.take(65), handler.name === 'stock' ? echoed(65) : tooMany(65));
  });

  it('with the option both take as many as it says', async () => {
    const { client } = await connected(handler, { maxBatchSize: 100 });
    client.send(echoes(100));
    expectInAnyOrder(await client.take(100), echoed(100));
  });
});
