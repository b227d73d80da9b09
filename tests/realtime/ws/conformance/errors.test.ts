import { initTRPC, TRPCError } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Gate } from '../../../support/gate.ts';
import { failure, handlers, serve, t } from '../../../support/ws-conformance.ts';
import {
  data,
  type ErrorCode,
  mutation,
  query,
  refused,
  started,
  subscription,
} from '../../../support/ws-messages.ts';

const CODES: readonly ErrorCode[] = [
  'UNAUTHORIZED',
  'FORBIDDEN',
  'CONFLICT',
  'TIMEOUT',
  'TOO_MANY_REQUESTS',
  'SERVICE_UNAVAILABLE',
  'CLIENT_CLOSED_REQUEST',
];

const throwing = (error: unknown) =>
  t.router({
    fail: t.procedure.query(() => {
      throw error;
    }),
    one: t.procedure.query(() => 1),
  });

describe.each(handlers)('$name: errors', (handler) => {
  it.each(CODES)('a thrown TRPCError %s is the answer', async (code) => {
    const { connect, reported } = await serve(handler, {
      router: throwing(new TRPCError({ code, message: 'no' })),
    });
    const client = await connect();
    client.send(query(1, 'fail'));
    expect(await client.next()).toEqual(refused(1, code, 'no', 'fail'));
    expect(reported()).toEqual([['query', 'fail', code, 'no']]);
  });

  it.each([
    ['an Error', new RangeError('too far'), 'too far'],
    ['a string', 'just text', 'just text'],
    ['an object', { message: 'like an error' }, 'like an error'],
    ['nothing', undefined, 'INTERNAL_SERVER_ERROR'],
    ['an AbortError, though nobody aborted', new DOMException('gone', 'AbortError'), 'gone'],
  ])('%s that is thrown is INTERNAL_SERVER_ERROR', async (_, thrown, message) => {
    const { connect, reported } = await serve(handler, { router: throwing(thrown) });
    const client = await connect();
    client.send(query(1, 'fail'));
    expect(await client.next()).toEqual(refused(1, 'INTERNAL_SERVER_ERROR', message, 'fail'));
    expect(reported()).toEqual([['query', 'fail', 'INTERNAL_SERVER_ERROR', message]]);
    client.send(query(2, 'one'));
    expect(await client.next()).toEqual(data(2, 1));
  });

  it('no such procedure and the wrong method are NOT_FOUND', async () => {
    const { connect, reported } = await serve(handler, { router: throwing(null) });
    const client = await connect();
    for (const [call, method, path] of [
      [query(1, 'none'), 'query', 'none'],
      [mutation(1, 'one'), 'mutation', 'one'],
      [subscription(1, 'one'), 'subscription', 'one'],
      [subscription(1, 'none'), 'subscription', 'none'],
    ] as const) {
      client.send(call);
      const message = `No "${method}"-procedure on path "${path}"`;
      expect(await client.next()).toEqual(refused(1, 'NOT_FOUND', message, path));
      expect(reported().at(-1)).toEqual([method, path, 'NOT_FOUND', message]);
    }
  });

  it('an input that is not the schema is BAD_REQUEST, in a subscription too', async () => {
    const input = z.object({ n: z.number() });
    const router = t.router({
      double: t.procedure.input(input).query(() => 0),
      items: t.procedure.input(input).subscription(async function* () {
        yield 0;
      }),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(query(1, 'double', { n: 'one' }));
    expect(await client.next()).toEqual(refused(1, 'BAD_REQUEST', expect.any(String), 'double'));
    client.send(subscription(2, 'items'));
    expect(await client.next()).toEqual(refused(2, 'BAD_REQUEST', expect.any(String), 'items'));
    client.send(subscription(2, 'items', { n: 1 }));
    expect(await client.next()).toEqual(started(2));
  });

  it('an output that is not the schema is INTERNAL_SERVER_ERROR', async () => {
    const router = t.router({ word: t.procedure.output(z.string().max(3)).query(() => 'long') });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(query(1, 'word'));
    const message = 'Output validation failed';
    expect(await client.next()).toEqual(refused(1, 'INTERNAL_SERVER_ERROR', message, 'word'));
  });

  it('errors carry the stack where the router is one in development', async () => {
    const dev = initTRPC.create({ isDev: true });
    const router = dev.router({
      fail: dev.procedure.query(() => {
        throw new Error('no');
      }),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(query(1, 'fail'));
    expect(await client.next()).toMatchObject({
      error: { data: { stack: expect.stringContaining('Error: no') } },
    });
  });

  it('an answer that cannot be encoded becomes an error', async () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const router = t.router({
      big: t.procedure.query(() => ({ amount: 1n })),
      cyclic: t.procedure.mutation(() => cyclic),
    });
    const { connect, reported } = await serve(handler, { router });
    const client = await connect();
    client.send(query(1, 'big'));
    expect(await client.next()).toEqual(
      refused(1, 'INTERNAL_SERVER_ERROR', expect.stringContaining('BigInt'), 'big'),
    );
    client.send(mutation(2, 'cyclic'));
    expect(await client.next()).toEqual(
      refused(2, 'INTERNAL_SERVER_ERROR', expect.stringContaining('circular'), 'cyclic'),
    );
    expect(reported()).toEqual([
      ['query', 'big', 'INTERNAL_SERVER_ERROR', expect.stringContaining('BigInt')],
      ['mutation', 'cyclic', 'INTERNAL_SERVER_ERROR', expect.stringContaining('circular')],
    ]);
  });

  it('an item that cannot be encoded ends its subscription with an error', async () => {
    const finished = new Gate();
    const router = t.router({
      items: t.procedure.subscription(async function* () {
        try {
          yield 1;
          yield 2n;
          yield 3;
        } finally {
          finished.open();
        }
      }),
    });
    const { connect, reported } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'items'));
    expect(await client.take(3)).toEqual([
      started(1),
      data(1, 1),
      refused(1, 'INTERNAL_SERVER_ERROR', expect.stringContaining('BigInt'), 'items'),
    ]);
    await finished.opened;
    expect(await client.settled()).toEqual(failure(handler, { id: 1 }).slice(1));
    expect(reported()).toHaveLength(1);
  });

  it('an output transformer that throws is an error under the id, in plain words', async () => {
    const broken = initTRPC.create({
      isDev: false,
      transformer: {
        input: { serialize: (value: unknown) => value, deserialize: (value: unknown) => value },
        output: {
          serialize: () => {
            throw new Error('cannot serialise');
          },
          deserialize: (value: unknown) => value,
        },
      },
    });
    const { connect, reported } = await serve(handler, {
      router: broken.router({ one: broken.procedure.query(() => 1) }),
    });
    const client = await connect();
    client.send(query(1, 'one'));
    // Not even the plain error can pass such a transformer.
    expect(await client.settled()).toEqual([]);
    expect(reported()).toContainEqual(['query', 'one', 'INTERNAL_SERVER_ERROR', 'cannot serialise']);
  });
});
