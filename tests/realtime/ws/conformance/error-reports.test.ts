import { runInNewContext } from 'node:vm';
import { initTRPC, TRPCError } from '@trpc/server';
import { describe, expect, it, vi } from 'vitest';
import { anything, failure, handlers, serve, t, text } from '../../../support/ws-conformance.ts';
import {
  data,
  mutation,
  query,
  refused,
  started,
  subscription,
  unrendered,
} from '../../../support/ws-messages.ts';

const throwing = (error: unknown) =>
  t.router({
    fail: t.procedure.query(() => {
      throw error;
    }),
  });

describe.each(handlers)('$name: onError', (handler) => {
  it('is told the error, the call and the connection', async () => {
    const c = initTRPC.context<{ readonly user: string }>().create({ isDev: false });
    const cause = new Error('why');
    const router = c.router({
      fail: c.procedure.input(anything).mutation(() => {
        throw cause;
      }),
    });
    const { connect, errors } = await serve(handler, { router, createContext: () => ({ user: 'ann' }) });
    const client = await connect('/here?x=1');
    client.send(mutation(7, 'fail', { n: 1 }));
    expect(await client.next()).toEqual(refused(7, 'INTERNAL_SERVER_ERROR', 'why', 'fail'));
    const [info] = errors.items;
    expect(info).toMatchObject({ path: 'fail', type: 'mutation', input: { n: 1 }, ctx: { user: 'ann' } });
    expect(info?.error).toBeInstanceOf(TRPCError);
    expect(info?.error.cause).toBe(cause);
    expect(info?.req.url).toBe('/here?x=1');
    expect(errors.items).toHaveLength(1);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('in onError');
      },
    ],
    ['rejects', () => Promise.reject(new Error('in onError'))],
    [
      'rejects with a promise that is not this realm’s',
      () => runInNewContext('Promise.reject(new Error("in onError"))'),
    ],
  ])('does no harm when it %s', async (_, onError) => {
    const router = t.router({
      fail: t.procedure.query(() => {
        throw new Error('no');
      }),
      items: t.procedure.subscription(async function* () {
        yield 1;
        throw new Error('no more');
      }),
    });
    const { connect, errors } = await serve(handler, { router, onError });
    const client = await connect();
    client.send(query(1, 'fail'));
    expect(await client.next()).toEqual(refused(1, 'INTERNAL_SERVER_ERROR', 'no', 'fail'));
    client.send(subscription(2, 'items'));
    const noMore = failure(handler, refused(2, 'INTERNAL_SERVER_ERROR', 'no more', 'items'));
    expect(await client.take(2 + noMore.length)).toEqual([started(2), data(2, 1), ...noMore]);
    client.send({ id: null, method: 'query', params: { path: 'fail' } });
    expect(await client.next()).toMatchObject({ id: null });
    expect(await client.settled()).toEqual([]);
    expect(errors.items.length).toBeGreaterThanOrEqual(2);
  });

  it('is not needed', async () => {
    const { connect } = await serve(handler, { router: throwing(new Error('no')), onError: null });
    const client = await connect();
    client.send([query(1, 'fail'), query(2, 'none')]);
    expect(await client.take(2)).toHaveLength(2);
  });
});

describe.each(handlers)('$name: errorFormatter', (handler) => {
  const formatted = (format: () => object) => {
    const c = initTRPC.context<{ readonly user: string }>().create({
      isDev: false,
      errorFormatter: ({ shape, error, type, path, input, ctx }) => ({
        ...shape,
        data: { ...shape.data, ...format(), cause: error.cause?.message, call: [type, path, input, ctx] },
      }),
    });
    return c.router({
      fail: c.procedure.input(text).query(() => {
        throw new Error('why');
      }),
      items: c.procedure.subscription(async function* () {
        yield 1;
        throw new Error('why');
      }),
    });
  };

  it('shapes the errors of calls and of messages that are none', async () => {
    const { connect } = await serve(handler, {
      router: formatted(() => ({ extra: 1 })),
      createContext: () => ({ user: 'ann' }),
    });
    const client = await connect();
    const user = { user: 'ann' };
    client.send(query(1, 'fail', 'in'));
    expect(await client.next()).toMatchObject({
      id: 1,
      error: { message: 'why', data: { extra: 1, cause: 'why', call: ['query', 'fail', 'in', user] } },
    });
    client.send('{');
    expect(await client.next()).toMatchObject({
      id: null,
      error: { data: { code: 'PARSE_ERROR', extra: 1, call: ['unknown', null, null, user] } },
    });
  });

  const inFormatter = () => {
    throw new Error('in the formatter');
  };

  it.each([
    ['throws', inFormatter, 'in the formatter'],
    ['gives what cannot be encoded', () => ({ big: 1n }), expect.stringContaining('BigInt')],
  ])(
    'that %s: a plain INTERNAL_SERVER_ERROR is the answer, and both errors are reported',
    async (how, format, problem) => {
      const { connect, reported } = await serve(handler, {
        router: formatted(format),
        createContext: () => ({ user: 'ann' }),
      });
      const client = await connect();
      client.send({ ...query(1, 'fail', 'in'), jsonrpc: '2.0' });
      expect(await client.next()).toEqual({ ...unrendered(1), jsonrpc: '2.0' });
      expect(reported()).toEqual([
        ['query', 'fail', 'INTERNAL_SERVER_ERROR', 'why'],
        ['query', 'fail', 'INTERNAL_SERVER_ERROR', problem],
      ]);
      client.send(subscription(2, 'items'));
      // Stock says `stopped` after this error too, but not when it could not encode it.
      const end = how === 'throws' ? failure(handler, unrendered(2)) : [unrendered(2)];
      expect(await client.take(2 + end.length)).toEqual([started(2), data(2, 1), ...end]);
      client.send('{');
      expect(await client.next()).toEqual(unrendered(null));
      expect(await client.settled()).toEqual([]);
    },
  );

  it('that throws where nobody listens: it is logged', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    try {
      const { connect } = await serve(handler, {
        router: formatted(inFormatter),
        createContext: () => ({ user: 'ann' }),
        onError: null,
      });
      const client = await connect();
      client.send(query(1, 'fail', 'in'));
      expect(await client.next()).toEqual(unrendered(1));
      expect(log).toHaveBeenCalledTimes(1);
    } finally {
      log.mockRestore();
    }
  });
});
