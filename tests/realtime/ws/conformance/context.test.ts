import { initTRPC, TRPCError } from '@trpc/server';
import type { CreateWSSContextFnOptions } from '@trpc/server/adapters/ws';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../../support/gate.ts';
import { expectInAnyOrder, handlers, serve, t } from '../../../support/ws-conformance.ts';
import { data, mutation, query, refused, stop, stopped, subscription } from '../../../support/ws-messages.ts';

const c = initTRPC.context<{ readonly user: string }>().create({ isDev: false });
const router = c.router({
  user: c.procedure.query(({ ctx }) => ctx.user),
  change: c.procedure.mutation(({ ctx }) => `changed by ${ctx.user}`),
  items: c.procedure.subscription(async function* ({ ctx }) {
    yield ctx.user;
  }),
});

describe.each(handlers)('$name: context', (handler) => {
  it('is made once for a connection, when it opens', async () => {
    const made = new Gate();
    let count = 0;
    const { connect } = await serve(handler, {
      router,
      createContext: () => {
        count += 1;
        made.open();
        return { user: `user ${count}` };
      },
    });
    const client = await connect();
    await made.opened;
    client.send([query(1, 'user'), query(2, 'user')]);
    expectInAnyOrder(await client.take(2), [data(1, 'user 1'), data(2, 'user 1')]);
    const other = await connect();
    other.send(query(1, 'user'));
    expect(await other.next()).toEqual(data(1, 'user 2'));
    expect(count).toBe(2);
  });

  it('is undefined where nobody makes one', async () => {
    const plain = t.router({ context: t.procedure.query(({ ctx }) => typeof ctx) });
    const { connect } = await serve(handler, { router: plain });
    const client = await connect();
    client.send(query(1, 'context'));
    expect(await client.next()).toEqual(data(1, 'undefined'));
  });

  it('createContext gets the request, the socket and what there is to know', async () => {
    const made = new Gate<CreateWSSContextFnOptions>();
    const { connect, sockets } = await serve(handler, {
      router,
      createContext: (options) => {
        made.open(options);
        return { user: 'ann' };
      },
    });
    await connect('/path?token=1', { headers: { 'x-test': 'yes' } });
    const { req, res, info } = await made.opened;
    expect(req.url).toBe('/path?token=1');
    expect(req.headers['x-test']).toBe('yes');
    expect(res).toBe(sockets.items[0]);
    const { signal, ...rest } = info;
    expect(rest).toEqual({
      connectionParams: null,
      calls: [],
      isBatchCall: false,
      accept: null,
      type: 'unknown',
      url: null,
    });
    expect(signal.aborted).toBe(false);
  });

  it('its signal aborts when the socket closes', async () => {
    const made = new Gate<AbortSignal>();
    const { connect } = await serve(handler, {
      router,
      createContext: ({ info }) => {
        made.open(info.signal);
        return { user: 'ann' };
      },
    });
    const client = await connect();
    const signal = await made.opened;
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    await client.close();
    await aborted;
  });

  it('calls that come while it is being made wait for it', async () => {
    const context = new Gate<{ user: string }>();
    const { connect } = await serve(handler, { router, createContext: () => context.opened });
    const client = await connect();
    client.send(query(1, 'user'));
    client.send([mutation(2, 'change'), subscription(3, 'items')]);
    expect(await client.settled()).toEqual([]);
    context.open({ user: 'ann' });
    const answers = await client.take(5);
    expect(answers).toContainEqual(data(1, 'ann'));
    expect(answers).toContainEqual(data(2, 'changed by ann'));
    expect(answers.filter((answer) => JSON.stringify(answer).includes('"id":3'))).toEqual([
      { id: 3, result: { type: 'started' } },
      data(3, 'ann'),
      stopped(3),
    ]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new TRPCError({ code: 'UNAUTHORIZED', message: 'who?' });
      },
    ],
    ['rejects', () => Promise.reject(new TRPCError({ code: 'UNAUTHORIZED', message: 'who?' }))],
  ])('createContext %s: an error under null, then the connection is closed', async (_, createContext) => {
    const { connect, reported } = await serve(handler, { router, createContext });
    const client = await connect();
    expect(await client.next()).toEqual(refused(null, 'UNAUTHORIZED', 'who?'));
    expect(await client.closed).toEqual({ code: 1005, reason: '' });
    expect(reported()).toEqual([['unknown', undefined, 'UNAUTHORIZED', 'who?']]);
  });

  it('and it rejects: the calls that waited get the same error under their ids', async () => {
    const context = new Gate<{ user: string }>();
    const { connect, reported } = await serve(handler, { router, createContext: () => context.opened });
    const client = await connect();
    client.send(query(1, 'user'));
    client.send([
      subscription(2, 'items'),
      subscription(3, 'items'),
      { ...query(4, 'user'), jsonrpc: '2.0' },
    ]);
    client.send(stop(3));
    expect(await client.settled()).toEqual([]);
    context.fail(new Error('no database'));
    const error = (id: number | null, path?: string) =>
      refused(id, 'INTERNAL_SERVER_ERROR', 'no database', path);
    expect(await client.next()).toEqual(error(null));
    expectInAnyOrder(await client.rest(), [
      error(1, 'user'),
      error(2, 'items'),
      error(3, 'items'),
      { ...error(4, 'user'), jsonrpc: '2.0' },
    ]);
    expect(await client.closed).toEqual({ code: 1005, reason: '' });
    expectInAnyOrder(reported(), [
      ['unknown', undefined, 'INTERNAL_SERVER_ERROR', 'no database'],
      ['query', 'user', 'INTERNAL_SERVER_ERROR', 'no database'],
      ['subscription', 'items', 'INTERNAL_SERVER_ERROR', 'no database'],
      ['subscription', 'items', 'INTERNAL_SERVER_ERROR', 'no database'],
      ['query', 'user', 'INTERNAL_SERVER_ERROR', 'no database'],
    ]);
  });

  it('the connection closes while it is being made: nothing is subscribed to when it has come', async () => {
    const context = new Gate<{ user: string }>();
    const aborted = new Gate();
    const calls: string[] = [];
    const watched = c.router({
      items: c.procedure.subscription(async function* () {
        calls.push('subscribed');
        yield 1;
      }),
    });
    const { connect } = await serve(handler, {
      router: watched,
      createContext: ({ info }) => {
        info.signal.addEventListener('abort', () => aborted.open());
        return context.opened;
      },
    });
    const client = await connect();
    client.send(subscription(1, 'items'));
    await client.settled();
    await client.close();
    await aborted.opened;
    context.open({ user: 'ann' });
    const next = await connect();
    next.send(query(1, 'none'));
    expect(await next.next()).toMatchObject({ id: 1 });
    expect(calls).toEqual([]);
  });

  it('the connection closes while it is being made: a signal that is asked for after that has aborted', async () => {
    const asked = new Gate();
    const closed = new Gate();
    const seen = new Gate<boolean>();
    const { connect } = await serve(handler, {
      router,
      createContext: async ({ info, res }) => {
        res.on('close', () => closed.open());
        asked.open();
        await closed.opened;
        seen.open(info.signal.aborted);
        return { user: 'ann' };
      },
    });
    const client = await connect();
    await asked.opened;
    await client.close();
    expect(await seen.opened).toBe(true);
  });

  it('≠ the connection closes while it is being made: stock runs the mutation that waits, ours does not', async () => {
    const context = new Gate<{ user: string }>();
    const aborted = new Gate();
    const calls: string[] = [];
    const watched = c.router({
      write: c.procedure.mutation(() => {
        calls.push('written');
      }),
      one: c.procedure.query(() => 1),
    });
    const { connect } = await serve(handler, {
      router: watched,
      createContext: ({ info }) => {
        info.signal.addEventListener('abort', () => aborted.open());
        return context.opened;
      },
    });
    const client = await connect();
    client.send(mutation(1, 'write'));
    await client.settled();
    await client.close();
    await aborted.opened;
    context.open({ user: 'ann' });
    const next = await connect();
    next.send(query(1, 'one'));
    expect(await next.next()).toEqual(data(1, 1));
    expect(calls).toEqual(handler.name === 'stock' ? ['written'] : []);
  });

  it('createContext may close the connection itself, with a code of its own', async () => {
    const { connect, reported } = await serve(handler, {
      router,
      createContext: ({ res }) => {
        res.close(4401, 'who?');
        throw new TRPCError({ code: 'UNAUTHORIZED', message: 'who?' });
      },
    });
    const client = await connect();
    client.send([query(1, 'user'), subscription(2, 'items')]);
    expect(await client.closed).toEqual({ code: 4401, reason: 'who?' });
    expect(await client.rest()).toEqual([]);
    expect(reported()).toContainEqual(['unknown', undefined, 'UNAUTHORIZED', 'who?']);
  });

  it('the connection closes while it is being made, and it rejects then: it is reported', async () => {
    const context = new Gate<{ user: string }>();
    const aborted = new Gate();
    const { connect, errors } = await serve(handler, {
      router,
      createContext: ({ info }) => {
        info.signal.addEventListener('abort', () => aborted.open());
        return context.opened;
      },
    });
    const client = await connect();
    client.send(subscription(1, 'items'));
    await client.settled();
    await client.cut();
    await aborted.opened;
    context.fail(new Error('no database'));
    await errors.until((items) => items.some(({ type }) => type === 'unknown'));
  });
});
