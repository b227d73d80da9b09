import { EventEmitter, on } from 'node:events';
import { initTRPC, TRPCError, tracked } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { Feed } from '../../../support/feed.ts';
import { eventually, Gate } from '../../../support/gate.ts';
import { failure, handlers, serve, t } from '../../../support/ws-conformance.ts';
import {
  data,
  query,
  refused,
  started,
  stop,
  stopped,
  subscription,
  trackedData,
} from '../../../support/ws-messages.ts';

/** Serves `generate` as the subscription `items`, and subscribes to it under id 1. */
async function subscribeTo(
  handler: (typeof handlers)[number],
  generate: (signal: AbortSignal | undefined) => AsyncIterable<unknown>,
) {
  const router = t.router({
    items: t.procedure.subscription(({ signal }) => generate(signal)),
    one: t.procedure.query(() => 1),
  });
  const served = await serve(handler, { router });
  const client = await served.connect();
  client.send(subscription(1, 'items'));
  return { ...served, client };
}

describe.each(handlers)('$name: generators', (handler) => {
  it('started, the items, and stopped when it returns; what it returns is not sent', async () => {
    const { client, reported } = await subscribeTo(handler, async function* () {
      yield 'a';
      yield { b: 1 };
      return 'c';
    });
    expect(await client.take(4)).toEqual([started(1), data(1, 'a'), data(1, { b: 1 }), stopped(1)]);
    expect(await client.settled()).toEqual([]);
    expect(reported()).toEqual([]);
  });

  it('one that yields nothing is started and stopped', async () => {
    const { client } = await subscribeTo(handler, async function* () {});
    expect(await client.take(2)).toEqual([started(1), stopped(1)]);
  });

  it('items come when they are there, in order, and none is left out', async () => {
    const feed = new Feed<number>();
    const { client } = await subscribeTo(handler, (signal) => feed.read(signal));
    expect(await client.next()).toEqual(started(1));
    const numbers = Array.from({ length: 300 }, (_, index) => index);
    for (const n of numbers.slice(0, 10)) {
      feed.push(n);
      expect(await client.next()).toEqual(data(1, n));
    }
    feed.push(...numbers.slice(10));
    feed.end();
    expect(await client.take(291)).toEqual([...numbers.slice(10).map((n) => data(1, n)), stopped(1)]);
  });

  it('null and undefined are items too', async () => {
    const { client } = await subscribeTo(handler, async function* () {
      yield null;
      yield undefined;
      yield 0;
    });
    expect(await client.take(5)).toStrictEqual([
      started(1),
      data(1, null),
      { id: 1, result: { type: 'data' } },
      data(1, 0),
      stopped(1),
    ]);
  });

  it('a tracked item carries its event id, inside of its data too', async () => {
    const { client } = await subscribeTo(handler, async function* () {
      yield tracked('event-1', { n: 1 });
      yield tracked('2', null);
      yield ['event-1', { n: 1 }];
    });
    expect(await client.take(5)).toEqual([
      started(1),
      trackedData(1, 'event-1', { n: 1 }),
      trackedData(1, '2', null),
      data(1, ['event-1', { n: 1 }]),
      stopped(1),
    ]);
  });

  it('two subscriptions run side by side, each under its id', async () => {
    const feeds = { a: new Feed<string>(), b: new Feed<string>() };
    const router = t.router({
      a: t.procedure.subscription(({ signal }) => feeds.a.read(signal)),
      b: t.procedure.subscription(({ signal }) => feeds.b.read(signal)),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send([subscription('a', 'a'), subscription('b', 'b')]);
    await client.take(2);
    feeds.b.push('1');
    expect(await client.next()).toEqual(data('b', '1'));
    feeds.a.push('2');
    expect(await client.next()).toEqual(data('a', '2'));
    feeds.b.end();
    expect(await client.next()).toEqual(stopped('b'));
    feeds.a.push('3');
    expect(await client.next()).toEqual(data('a', '3'));
  });

  it.each([
    ['an Error', new Error('no more'), 'INTERNAL_SERVER_ERROR', 'no more'],
    ['a TRPCError', new TRPCError({ code: 'CONFLICT', message: 'two of it' }), 'CONFLICT', 'two of it'],
  ] as const)('%s that it throws midway is the end, after its clean-up', async (_, thrown, code, message) => {
    const cleaned = new Gate();
    const { client, reported } = await subscribeTo(handler, async function* () {
      try {
        yield 'a';
        throw thrown;
      } finally {
        await cleaned.opened;
      }
    });
    expect(await client.take(2)).toEqual([started(1), data(1, 'a')]);
    expect(await client.settled()).toEqual([]);
    cleaned.open();
    const end = failure(handler, refused(1, code, message, 'items'));
    expect(await client.take(end.length)).toEqual(end);
    expect(await client.settled()).toEqual([]);
    expect(reported()).toEqual([['subscription', 'items', code, message]]);
    client.send(subscription(1, 'one'));
    expect(await client.next()).toMatchObject({ id: 1, error: { data: { code: 'NOT_FOUND' } } });
  });

  it('≠ an error is the last message of a subscription; stock says stopped after it', async () => {
    const { client } = await subscribeTo(handler, async function* () {
      yield 'a';
      throw new Error('no more');
    });
    const error = refused(1, 'INTERNAL_SERVER_ERROR', 'no more', 'items');
    const answers = [started(1), data(1, 'a'), error, ...(handler.name === 'stock' ? [stopped(1)] : [])];
    expect(await client.take(answers.length)).toEqual(answers);
    expect(await client.settled()).toEqual([]);
  });

  it('an error before the first item comes after started', async () => {
    const { client } = await subscribeTo(handler, async function* () {
      if (Date.now() > 0) throw new Error('at once');
      yield 1;
    });
    const end = failure(handler, refused(1, 'INTERNAL_SERVER_ERROR', 'at once', 'items'));
    expect(await client.take(1 + end.length)).toEqual([started(1), ...end]);
  });

  it('its signal aborts when it is stopped or fails, and not when it ends by itself', async () => {
    const signals = new Map<unknown, AbortSignal | undefined>();
    const feed = new Feed<string>();
    const router = t.router({
      ends: t.procedure.subscription(async function* ({ signal, path }) {
        signals.set(path, signal);
        yield 1;
      }),
      fails: t.procedure.subscription(async function* ({ signal, path }) {
        signals.set(path, signal);
        yield 1;
        throw new Error('no more');
      }),
      goesOn: t.procedure.subscription(({ signal, path }) => {
        signals.set(path, signal);
        return feed.read(signal);
      }),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'ends'));
    expect(await client.take(3)).toEqual([started(1), data(1, 1), stopped(1)]);
    client.send(subscription(2, 'fails'));
    await client.take(3);
    await client.settled();
    client.send(subscription(3, 'goesOn'));
    expect(await client.next()).toEqual(started(3));
    expect(signals.get('goesOn')?.aborted).toBe(false);
    client.send(stop(3));
    expect(await client.next()).toEqual(stopped(3));
    expect([...signals].map(([path, signal]) => [path, signal?.aborted])).toEqual([
      ['ends', false],
      ['fails', true],
      ['goesOn', true],
    ]);
  });

  it('events.on with the signal, as tRPC’s documentation has it, ends at a stop without an error', async () => {
    const emitter = new EventEmitter();
    const { client, reported } = await subscribeTo(handler, async function* (signal) {
      for await (const [n] of on(emitter, 'number', { signal })) yield tracked(`${n}`, n);
    });
    expect(await client.next()).toEqual(started(1));
    await eventually(() => emitter.listenerCount('number') === 1);
    emitter.emit('number', 1);
    emitter.emit('number', 2);
    expect(await client.take(2)).toEqual([trackedData(1, '1', 1), trackedData(1, '2', 2)]);
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    expect(await client.settled()).toEqual([]);
    expect(reported()).toEqual([]);
    expect(emitter.listenerCount('number')).toBe(0);
  });

  it('what the application itself sends on the socket keeps its place between the items', async () => {
    const c = initTRPC.context<{ readonly socket: WebSocket }>().create({ isDev: false });
    const router = c.router({
      items: c.procedure.subscription(async function* ({ ctx }) {
        for (let n = 0; n < 3; n += 1) {
          yield n;
          ctx.socket.send(`"own ${n}"`);
        }
      }),
    });
    const { connect } = await serve(handler, { router, createContext: ({ res }) => ({ socket: res }) });
    const client = await connect();
    client.send(subscription(1, 'items'));
    expect(await client.take(8)).toEqual([
      started(1),
      ...[0, 1, 2].flatMap((n) => [data(1, n), `own ${n}`]),
      stopped(1),
    ]);
  });

  it('clean-up that waits for the signal is not waited for in vain when the generator fails', async () => {
    const { client } = await subscribeTo(handler, (signal) => ({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error('no more')),
        return: () =>
          new Promise((resolve) => {
            const done = (): void => resolve({ done: true, value: undefined });
            if (signal?.aborted) done();
            else signal?.addEventListener('abort', done);
          }),
      }),
    }));
    const end = failure(handler, refused(1, 'INTERNAL_SERVER_ERROR', 'no more', 'items'));
    expect(await client.take(1 + end.length)).toEqual([started(1), ...end]);
  });

  it('a procedure that throws or rejects is not started', async () => {
    const router = t.router({
      items: t.procedure.subscription(async (): Promise<AsyncIterable<number>> => {
        throw new TRPCError({ code: 'FORBIDDEN', message: 'not you' });
      }),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'items'));
    expect(await client.next()).toEqual(refused(1, 'FORBIDDEN', 'not you', 'items'));
    expect(await client.settled()).toEqual([]);
    client.send(subscription(1, 'items'));
    expect(await client.next()).toEqual(refused(1, 'FORBIDDEN', 'not you', 'items'));
  });

  it('a slow item does not hold up the calls beside it', async () => {
    const { client } = await subscribeTo(handler, async function* () {
      await new Promise(() => undefined);
      yield 1;
    });
    expect(await client.next()).toEqual(started(1));
    client.send(query(2, 'one'));
    expect(await client.next()).toEqual(data(2, 1));
  });
});
