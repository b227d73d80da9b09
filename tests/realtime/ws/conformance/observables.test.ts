import { TRPCError, tracked } from '@trpc/server';
import { type Observer, observable } from '@trpc/server/observable';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../../support/gate.ts';
import { failure, type Handler, handlers, serve, t } from '../../../support/ws-conformance.ts';
import {
  data,
  mutation,
  query,
  refused,
  started,
  stop,
  stopped,
  subscription,
  trackedData,
} from '../../../support/ws-messages.ts';

type Emit = Observer<unknown, unknown>;

/** Serves an observable and subscribes to it under id 1; the test emits. */
async function subscribed(handler: Handler, tearDown: () => void = () => undefined) {
  const observer = new Gate<Emit>();
  const calls: string[] = [];
  const router = t.router({
    items: t.procedure.subscription(() =>
      observable<unknown>((emit) => {
        calls.push('subscribed');
        observer.open(emit);
        return () => {
          calls.push('torn down');
          tearDown();
        };
      }),
    ),
  });
  const served = await serve(handler, { router });
  const client = await served.connect();
  client.send(subscription(1, 'items'));
  expect(await client.next()).toEqual(started(1));
  return { ...served, client, emit: await observer.opened, calls };
}

describe.each(handlers)('$name: observables', (handler) => {
  it('what it emits at once comes in order, and its completion ends the subscription', async () => {
    const { client, emit, calls } = await subscribed(handler);
    for (const value of ['a', null, tracked('e-1', 'b')]) emit.next(value);
    emit.complete();
    emit.next('too late');
    expect(await client.take(4)).toEqual([
      data(1, 'a'),
      data(1, null),
      trackedData(1, 'e-1', 'b'),
      stopped(1),
    ]);
    expect(await client.settled()).toEqual([]);
    expect(calls).toEqual(['subscribed', 'torn down']);
  });

  it('what it emits while it is subscribed to comes after started', async () => {
    const router = t.router({
      items: t.procedure.subscription(() =>
        observable<number>((emit) => {
          emit.next(1);
          emit.next(2);
          emit.complete();
        }),
      ),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'items'));
    expect(await client.take(4)).toEqual([started(1), data(1, 1), data(1, 2), stopped(1)]);
  });

  it.each([
    ['an Error', new Error('broken'), 'INTERNAL_SERVER_ERROR'],
    ['a TRPCError', new TRPCError({ code: 'CONFLICT', message: 'broken' }), 'CONFLICT'],
    ['a string', 'broken', 'INTERNAL_SERVER_ERROR'],
  ] as const)('%s is the end, after what was emitted before it', async (_, error, code) => {
    const { client, emit, calls, reported } = await subscribed(handler);
    emit.next('a');
    emit.error(error);
    emit.next('too late');
    const end = failure(handler, refused(1, code, 'broken', 'items'));
    expect(await client.take(1 + end.length)).toEqual([data(1, 'a'), ...end]);
    expect(await client.settled()).toEqual([]);
    expect(calls).toEqual(['subscribed', 'torn down']);
    expect(reported()).toEqual([['subscription', 'items', code, 'broken']]);
  });

  it('a stop tears it down; what it emits after that goes nowhere', async () => {
    const { client, emit, calls } = await subscribed(handler);
    emit.next('a');
    expect(await client.next()).toEqual(data(1, 'a'));
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    expect(calls).toEqual(['subscribed', 'torn down']);
    emit.next('too late');
    emit.error(new Error('too late'));
    emit.complete();
    expect(await client.settled()).toEqual([]);
  });

  it('a teardown that throws at a stop is reported, and the client gets stopped', async () => {
    const { client, reported } = await subscribed(handler, () => {
      throw new Error('in teardown');
    });
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    expect(await client.settled()).toEqual([]);
    expect(reported()).toEqual([['subscription', 'items', 'INTERNAL_SERVER_ERROR', 'in teardown']]);
    client.send(subscription(1, 'items'));
    expect(await client.next()).toEqual(started(1));
  });

  it('the closing of the socket tears it down', async () => {
    const tornDown = new Gate();
    const { client, emit } = await subscribed(handler, tornDown.open);
    await client.close();
    await tornDown.opened;
    emit.next('too late');
    emit.complete();
  });

  it('one that throws while it is subscribed to is an error without started', async () => {
    const router = t.router({
      items: t.procedure.subscription(() =>
        observable<number>(() => {
          throw new Error('cannot subscribe');
        }),
      ),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'items'));
    expect(await client.next()).toEqual(refused(1, 'INTERNAL_SERVER_ERROR', 'cannot subscribe', 'items'));
    expect(await client.settled()).toEqual([]);
  });

  it('one that came too late for its subscription is not started', async () => {
    const entered = new Gate();
    const setUp = new Gate();
    const calls: string[] = [];
    const router = t.router({
      slow: t.procedure.subscription(async () => {
        entered.open();
        await setUp.opened;
        return observable<number>((emit) => {
          calls.push('subscribed');
          emit.next(1);
          return () => calls.push('torn down');
        });
      }),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'slow'));
    await entered.opened;
    client.send(stop(1));
    await client.settled();
    setUp.open();
    expect(await client.next()).toEqual(stopped(1));
    expect(await client.settled()).toEqual([]);
    // Whether it is subscribed to for a moment is left open; it must not stay so.
    expect(calls.filter((call) => call === 'subscribed')).toHaveLength(
      calls.filter((call) => call === 'torn down').length,
    );
  });
});

describe.each(handlers)('$name: results that do not fit', (handler) => {
  /** What the types do not let a subscription return. */
  const misfit = (json: string): AsyncIterable<unknown> => JSON.parse(json);
  const router = t.router({
    null: t.procedure.subscription(() => misfit('null')),
    text: t.procedure.subscription(() => misfit('"text"')),
    list: t.procedure.subscription(() => misfit('[1, 2, 3]')),
    object: t.procedure.subscription(() => misfit('{ "next": null }')),
    generator: t.procedure.query(async function* () {
      yield 1;
    }),
    change: t.procedure.mutation(() => observable<number>((emit) => emit.next(1))),
  });

  it.each(['null', 'text', 'list', 'object'])(
    'a subscription that returns no iterable, but a %s',
    async (path) => {
      const { connect, reported } = await serve(handler, { router });
      const client = await connect();
      client.send(subscription(1, path));
      const message = `Subscription ${path} did not return an observable or a AsyncGenerator`;
      expect(await client.next()).toEqual(refused(1, 'INTERNAL_SERVER_ERROR', message, path));
      expect(await client.settled()).toEqual([]);
      expect(reported()).toEqual([['subscription', path, 'INTERNAL_SERVER_ERROR', message]]);
      client.send(subscription(1, path));
      expect(await client.next()).toMatchObject({ error: { message } });
    },
  );

  it('a query and a mutation that return one', async () => {
    const { connect, reported } = await serve(handler, { router });
    const client = await connect();
    const message = (type: string) =>
      `Cannot return an async iterable or observable from a ${type} procedure with WebSockets`;
    client.send(query(1, 'generator'));
    expect(await client.next()).toEqual(refused(1, 'UNSUPPORTED_MEDIA_TYPE', message('query'), 'generator'));
    client.send(mutation(2, 'change'));
    expect(await client.next()).toEqual(refused(2, 'UNSUPPORTED_MEDIA_TYPE', message('mutation'), 'change'));
    expect(reported()).toHaveLength(2);
  });
});
