import { initTRPC, lazy } from '@trpc/server';
import superjson from 'superjson';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Gate } from '../../../support/gate.ts';
import { expectInAnyOrder, handlers, rich, serve, t } from '../../../support/ws-conformance.ts';
import {
  data,
  mutation,
  query,
  refused,
  started,
  stopped,
  subscription,
} from '../../../support/ws-messages.ts';

describe.each(handlers)('$name: calls', (handler) => {
  it('a query and a mutation are answered under their ids', async () => {
    let count = 0;
    const router = t.router({
      count: t.procedure.query(() => count),
      add: t.procedure.input(z.object({ n: z.number() })).mutation(({ input }) => {
        count += input.n;
        return { count };
      }),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(mutation(1, 'add', { n: 3 }));
    expect(await client.next()).toEqual(data(1, { count: 3 }));
    client.send(query('second', 'count'));
    expect(await client.next()).toEqual(data('second', 3));
  });

  it.each([
    ['an object', { a: [1, 'two', null] }],
    ['a string', 'Zoë \u0000 \ud83d\ude80 "quoted"\u2028'],
    ['null', null],
    ['false', false],
    ['0', 0],
  ])('%s goes there and back as it is', async (_, value) => {
    const router = t.router({ echo: t.procedure.input(z.unknown()).query(({ input }) => input) });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(query(1, 'echo', value));
    expect(await client.next()).toStrictEqual(data(1, value));
  });

  it('an answer without a value has no data', async () => {
    const { connect } = await serve(handler, {
      router: t.router({ nothing: t.procedure.mutation(() => undefined) }),
    });
    const client = await connect();
    client.send(mutation(1, 'nothing'));
    expect(await client.next()).toStrictEqual({ id: 1, result: { type: 'data' } });
  });

  it('a transformer reads the input and writes the answer', async () => {
    const router = rich.router({
      later: rich.procedure
        .input(z.object({ at: z.date(), amount: z.bigint() }))
        .query(({ input }) => ({ at: new Date(input.at.getTime() + 1), amount: input.amount * 2n })),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    const at = new Date('2026-01-01');
    client.send(query(1, 'later', superjson.serialize({ at, amount: 2n ** 70n })));
    const expected = { at: new Date(at.getTime() + 1), amount: 2n ** 71n };
    expect(await client.next()).toEqual(data(1, superjson.serialize(expected)));
  });

  it('a transformer writes the items and the errors of a subscription', async () => {
    const router = rich.router({
      amounts: rich.procedure.subscription(async function* () {
        yield { amount: 5n };
        throw new Error('no more');
      }),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'amounts', superjson.serialize(undefined)));
    const { error } = refused(1, 'INTERNAL_SERVER_ERROR', 'no more', 'amounts');
    expect(await client.take(3)).toEqual([
      started(1),
      data(1, superjson.serialize({ amount: 5n })),
      { id: 1, error: superjson.serialize(error) },
    ]);
  });

  it('jsonrpc is repeated in every answer to a call that has it', async () => {
    const router = t.router({
      one: t.procedure.query(() => 1),
      items: t.procedure.subscription(async function* () {
        yield 'item';
      }),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    const jsonrpc = '2.0';
    client.send({ ...query(1, 'one'), jsonrpc });
    expect(await client.next()).toEqual({ ...data(1, 1), jsonrpc });
    client.send({ ...query(2, 'none'), jsonrpc });
    const none = refused(2, 'NOT_FOUND', 'No "query"-procedure on path "none"', 'none');
    expect(await client.next()).toEqual({ ...none, jsonrpc });
    client.send({ ...subscription(3, 'items'), jsonrpc });
    expect(await client.take(3)).toEqual(
      [started(3), data(3, 'item'), stopped(3)].map((message) => ({ ...message, jsonrpc })),
    );
  });

  it('calls are answered as they finish, not as they came', async () => {
    const slow = new Gate<string>();
    const router = t.router({
      slow: t.procedure.query(() => slow.opened),
      quick: t.procedure.query(() => 'quick'),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(query(1, 'slow'));
    client.send(query(2, 'quick'));
    expect(await client.next()).toEqual(data(2, 'quick'));
    slow.open('slow');
    expect(await client.next()).toEqual(data(1, 'slow'));
  });

  it('two calls under one id are both answered, beside a subscription under it', async () => {
    const router = t.router({
      echo: t.procedure.input(z.string()).query(({ input }) => input),
      items: t.procedure.subscription(async function* () {
        yield 'item';
        await new Promise(() => undefined);
      }),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'items'));
    expect(await client.take(2)).toEqual([started(1), data(1, 'item')]);
    client.send([query(1, 'echo', 'a'), query(1, 'echo', 'b')]);
    expectInAnyOrder(await client.take(2), [data(1, 'a'), data(1, 'b')]);
  });

  it('nested, lazy and oddly named procedures are found, and nothing else is', async () => {
    const inner = t.router({ leaf: t.procedure.query(() => 'leaf') });
    const router = t.router({
      nested: { deep: inner },
      lazily: lazy(async () => ({ inner })),
      'a.b': t.procedure.query(() => 'dotted'),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    for (const [path, answer] of [
      ['nested.deep.leaf', 'leaf'],
      ['lazily.leaf', 'leaf'],
      ['a.b', 'dotted'],
    ] as const) {
      client.send(query(1, path));
      expect(await client.next()).toEqual(data(1, answer));
    }
    for (const path of ['', 'leaf', 'nested', 'nested.deep', '__proto__', 'constructor', 'toString.call']) {
      client.send(query(1, path));
      expect(await client.next()).toEqual(
        refused(1, 'NOT_FOUND', `No "query"-procedure on path "${path}"`, path),
      );
    }
  });

  it('a procedure gets its path, its place in the batch and a signal', async () => {
    const router = t.router({
      about: t.procedure.query(({ path, batchIndex, signal }) => [path, batchIndex, signal?.aborted]),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(query(1, 'about'));
    expect(await client.next()).toEqual(data(1, ['about', 0, false]));
    client.send([query(1, 'about'), query(2, 'about'), query(3, 'about')]);
    expectInAnyOrder(
      await client.take(3),
      [0, 1, 2].map((index) => data(index + 1, ['about', index, false])),
    );
  });

  it('every connection has calls and ids of its own', async () => {
    const c = initTRPC.context<{ readonly user: string | null }>().create({ isDev: false });
    const router = c.router({
      items: c.procedure.subscription(async function* ({ ctx }) {
        yield ctx.user;
        await new Promise(() => undefined);
      }),
    });
    const { connect } = await serve(handler, {
      router,
      createContext: ({ req }) => ({ user: req.headers['x-user'] ?? null }),
    });
    const ann = await connect('/', { headers: { 'x-user': 'ann' } });
    const bob = await connect('/', { headers: { 'x-user': 'bob' } });
    for (const client of [ann, bob]) client.send(subscription(1, 'items'));
    expect(await ann.take(2)).toEqual([started(1), data(1, 'ann')]);
    expect(await bob.take(2)).toEqual([started(1), data(1, 'bob')]);
    await ann.close();
    expect(await bob.settled()).toEqual([]);
  });

  it('a message that comes in several frames is one', async () => {
    const { connect } = await serve(handler, { router: t.router({ one: t.procedure.query(() => 1) }) });
    const client = await connect();
    const text = JSON.stringify(query('Zoë', 'one'));
    client.sendFragments([text.slice(0, 7), '', text.slice(7, 20), text.slice(20)]);
    expect(await client.next()).toEqual(data('Zoë', 1));
  });

  it('a large answer and a large input pass', async () => {
    const router = t.router({
      twice: t.procedure.input(z.string()).query(({ input }) => input + input),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    for (const length of [124, 126, 65_535, 65_536, 300_000]) {
      client.send(query(length, 'twice', 'é'.repeat(length)));
      expect(await client.next()).toEqual(data(length, 'é'.repeat(2 * length)));
    }
  });
});
