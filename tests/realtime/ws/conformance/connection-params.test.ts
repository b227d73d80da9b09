import { initTRPC } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../../support/gate.ts';
import {
  expectInAnyOrder,
  type Handler,
  handlers,
  type PerHandler,
  serve,
} from '../../../support/ws-conformance.ts';
import {
  connectionParams,
  data,
  query,
  refused,
  started,
  subscription,
} from '../../../support/ws-messages.ts';

const WITH_PARAMS = '/?connectionParams=1';
/** How a connection ends whose params cannot be read. Ours tells that they will not be better the next time. */
const CLOSED: PerHandler<object> = {
  stock: { code: 1005, reason: '' },
  ours: { code: 4500, reason: 'malformed connection params' },
};

const c = initTRPC.context<{ readonly params: unknown }>().create({ isDev: false });
const router = c.router({
  params: c.procedure.query(({ ctx }) => ctx.params),
  feed: c.procedure.subscription(async function* ({ ctx }) {
    yield ctx.params;
    await new Promise(() => undefined);
  }),
});

async function serving(handler: Handler, limits?: { connectionParamsMs: number }) {
  const contexts: unknown[] = [];
  const served = await serve(handler, {
    router,
    ...(limits === undefined ? {} : { limits }),
    createContext: ({ info }) => {
      contexts.push(info.connectionParams);
      return { params: info.connectionParams };
    },
  });
  return { ...served, contexts };
}

describe.each(handlers)('$name: connection params', (handler) => {
  it.each([
    ['strings', { token: 'secret', other: '' }],
    ['nothing', {}],
    ['null', null],
  ])('%s reach createContext, which waits for them', async (_, params) => {
    const { connect, contexts } = await serving(handler);
    const client = await connect(WITH_PARAMS);
    expect(await client.settled()).toEqual([]);
    expect(contexts).toEqual([]);
    client.send(connectionParams(params));
    client.send(query(1, 'params'));
    expect(await client.next()).toEqual(data(1, params));
    expect(contexts).toEqual([params]);
  });

  it('calls right behind them are served', async () => {
    const { connect } = await serving(handler);
    const client = await connect(`/trpc${WITH_PARAMS}&more=2`);
    client.send(connectionParams({ user: 'ann' }));
    client.send([query(1, 'params'), subscription(2, 'feed')]);
    expectInAnyOrder(await client.take(3), [data(1, { user: 'ann' }), started(2), data(2, { user: 'ann' })]);
  });

  it('are not waited for when the URL does not announce them', async () => {
    const { connect } = await serving(handler);
    for (const path of ['/', '/?connectionParams=0', '/?connectionparams=1']) {
      const client = await connect(path);
      client.send(query(1, 'params'));
      expect(await client.next()).toEqual(data(1, null));
    }
  });

  it.each([
    ['no JSON', '{'],
    ['a PING and more', 'PING!'],
    ['a string', '"params"'],
    ['null', 'null'],
    ['a list', JSON.stringify([connectionParams({ a: 'b' })])],
    ['a message without data', JSON.stringify({ method: 'connectionParams' })],
    ['values that are no strings', JSON.stringify(connectionParams({ a: 'b', n: 1 }))],
    ['data that is a list', JSON.stringify(connectionParams(['a']))],
    ['data that is a string', JSON.stringify(connectionParams('a'))],
    ['a call before them', JSON.stringify(query(1, 'params'))],
    ['a batch before them', JSON.stringify([query(1, 'params')])],
  ])('%s: PARSE_ERROR under null, then the connection is closed', async (_, text) => {
    const { connect, contexts, reported } = await serving(handler);
    const client = await connect(WITH_PARAMS);
    client.send(text);
    expect(await client.next()).toEqual(refused(null, 'PARSE_ERROR', expect.any(String)));
    expect(await client.closed).toEqual(CLOSED[handler.name]);
    expect(contexts).toEqual([]);
    expect(reported()).toEqual([['unknown', undefined, 'PARSE_ERROR', expect.any(String)]]);
  });

  it('bytes where text is due: PARSE_ERROR under null, then the connection is closed', async () => {
    const { connect } = await serving(handler);
    const client = await connect(WITH_PARAMS);
    client.send(Buffer.from(JSON.stringify(connectionParams({ a: 'b' }))));
    expect(await client.next()).toEqual(refused(null, 'PARSE_ERROR', expect.any(String)));
    expect(await client.closed).toEqual(CLOSED[handler.name]);
  });

  it('that are refused: the calls right behind them are refused under their ids', async () => {
    const { connect } = await serving(handler);
    const client = await connect(WITH_PARAMS);
    client.send(connectionParams({ n: 1 }));
    client.send([query(1, 'params'), subscription(2, 'feed')]);
    expect(await client.next()).toEqual(refused(null, 'PARSE_ERROR', expect.any(String)));
    expectInAnyOrder(await client.rest(), [
      refused(1, 'PARSE_ERROR', expect.any(String), 'params'),
      refused(2, 'PARSE_ERROR', expect.any(String), 'feed'),
    ]);
  });

  it('a second time are a message that is none', async () => {
    const { connect, contexts } = await serving(handler);
    const client = await connect(WITH_PARAMS);
    client.send(connectionParams({ user: 'ann' }));
    client.send(connectionParams({ user: 'bob' }));
    expect(await client.next()).toEqual(refused(null, 'PARSE_ERROR', expect.any(String)));
    client.send(query(1, 'params'));
    expect(await client.next()).toEqual(data(1, { user: 'ann' }));
    expect(contexts).toEqual([{ user: 'ann' }]);
  });

  it('that never come: a connection that closes is no error', async () => {
    const { connect, contexts, reported, sockets } = await serving(handler);
    const client = await connect(WITH_PARAMS);
    await client.settled();
    const closed = new Gate();
    sockets.items[0]?.on('close', () => closed.open());
    await client.close();
    await closed.opened;
    expect(contexts).toEqual([]);
    expect(reported()).toEqual([]);
  });

  it('≠ that do not come in time: ours answers TIMEOUT under null and closes with 4408; stock waits', async () => {
    const { connect, contexts, reported } = await serving(handler, { connectionParamsMs: 20 });
    const client = await connect(WITH_PARAMS);
    if (handler.name === 'stock') {
      client.send(connectionParams({ late: 'yes' }));
      client.send(query(1, 'params'));
      expect(await client.next()).toEqual(data(1, { late: 'yes' }));
      return;
    }
    expect(await client.next()).toEqual(refused(null, 'TIMEOUT', expect.any(String)));
    expect(await client.closed).toMatchObject({ code: 4408 });
    expect(contexts).toEqual([]);
    expect(reported()).toEqual([['unknown', undefined, 'TIMEOUT', expect.any(String)]]);
  });

  it('that a client did not send before it left are no error', async () => {
    const { connect, reported } = await serving(handler, { connectionParamsMs: 250 });
    const client = await connect(WITH_PARAMS);
    await client.close();
    if (handler.name === 'ours') {
      const late = await connect(WITH_PARAMS);
      expect(await late.closed).toMatchObject({ code: 4408 });
    }
    // Of the one that left nothing is reported, although its time is over too.
    expect(reported()).toHaveLength(handler.name === 'ours' ? 1 : 0);
  });

  it('that came in time are no reason to close later', async () => {
    const { connect } = await serving(handler, { connectionParamsMs: 20 });
    const client = await connect(WITH_PARAMS);
    client.send(connectionParams({ user: 'ann' }));
    if (handler.name === 'ours') {
      const late = await connect(WITH_PARAMS);
      // It came later, and its time is over.
      expect(await late.closed).toMatchObject({ code: 4408 });
    }
    client.send(query(1, 'params'));
    expect(await client.next()).toEqual(data(1, { user: 'ann' }));
  });
});
