import { describe, expect, it } from 'vitest';
import { Feed } from '../../../support/feed.ts';
import { Gate } from '../../../support/gate.ts';
import { expectInAnyOrder, type Handler, handlers, serve, t } from '../../../support/ws-conformance.ts';
import { data, query, refused, started, stop, stopped, subscription } from '../../../support/ws-messages.ts';

/** A subscription to a feed, and one whose procedure takes as long as the test wants. */
async function open(handler: Handler, createContext?: () => Promise<object>) {
  const feed = new Feed<string>();
  const entered = new Gate<AbortSignal | undefined>();
  const setUp = new Gate<AsyncIterable<string>>();
  const calls: string[] = [];
  const router = t.router({
    feed: t.procedure.subscription(({ signal }) => {
      calls.push('feed');
      return feed.read(signal);
    }),
    slow: t.procedure.subscription(({ signal }) => {
      entered.open(signal);
      return setUp.opened;
    }),
    slowQuery: t.procedure.query(() => setUp.opened.then(() => 'answer')),
  });
  const served = await serve(handler, { router, ...(createContext === undefined ? {} : { createContext }) });
  return { ...served, client: await served.connect(), feed, entered, setUp, calls };
}

describe.each(handlers)('$name: stop', (handler) => {
  it('is answered once, however often it is asked for', async () => {
    const { client, feed } = await open(handler);
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
    client.send([stop(1), stop(1)]);
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    client.send(stop(1));
    feed.push('too late');
    expect(await client.settled()).toEqual([]);
  });

  it('of what is no subscription is not answered', async () => {
    const { client, setUp, reported } = await open(handler);
    client.send(query(1, 'slowQuery'));
    client.send([stop(1), stop('1'), stop(99), { ...stop(-1), jsonrpc: '2.0' }]);
    expect(await client.settled()).toEqual([]);
    setUp.open(new Feed<string>().read());
    expect(await client.next()).toEqual(data(1, 'answer'));
    expect(reported()).toEqual([]);
  });

  it('of one leaves the others alone', async () => {
    const { client, feed } = await open(handler);
    client.send([subscription(1, 'feed'), subscription('1', 'feed'), subscription(2, 'feed')]);
    expectInAnyOrder(await client.take(3), [started(1), started('1'), started(2)]);
    client.send(stop('1'));
    expect(await client.next()).toEqual(stopped('1'));
    feed.push('a');
    expectInAnyOrder(await client.take(2), [data(1, 'a'), data(2, 'a')]);
  });

  it('frees the id once it is answered', async () => {
    const { client, feed, calls } = await open(handler);
    for (const round of ['a', 'b', 'c']) {
      client.send(subscription(1, 'feed'));
      expect(await client.next()).toEqual(started(1));
      feed.push(round);
      const count = calls.length;
      expect(await client.take(count)).toEqual(['a', 'b', 'c'].slice(0, count).map((item) => data(1, item)));
      client.send(stop(1));
      expect(await client.next()).toEqual(stopped(1));
    }
  });

  it('and a new subscription under the id, right behind it, is refused: the first is not over yet', async () => {
    const { client } = await open(handler);
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
    client.send([stop(1), subscription(1, 'feed')]);
    expect(await client.take(2)).toEqual([refused(1, 'BAD_REQUEST', 'Duplicate id 1', 'feed'), stopped(1)]);
  });

  it('of nothing is not kept for later', async () => {
    const { client } = await open(handler);
    client.send([stop(1), subscription(1, 'feed')]);
    expect(await client.next()).toEqual(started(1));
    expect(await client.settled()).toEqual([]);
  });
});

describe.each(handlers)('$name: stop before started', (handler) => {
  it('while the context is being made: the procedure is not called', async () => {
    const context = new Gate<object>();
    const { client, calls, reported } = await open(handler, () => context.opened);
    client.send(subscription(1, 'feed'));
    client.send(stop(1));
    expect(await client.settled()).toEqual([]);
    context.open({});
    expect(await client.next()).toEqual(stopped(1));
    expect(await client.settled()).toEqual([]);
    expect(calls).toEqual([]);
    expect(reported()).toEqual([]);
  });

  it('in the same batch', async () => {
    const { client } = await open(handler);
    client.send([subscription(1, 'feed'), stop(1), subscription(2, 'feed')]);
    expectInAnyOrder(await client.take(2), [stopped(1), started(2)]);
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
  });

  it('while the procedure runs: its signal aborts, and what it returns is cleaned up, unread', async () => {
    const { client, entered, setUp, reported } = await open(handler);
    const calls: string[] = [];
    client.send(subscription(1, 'slow'));
    const signal = await entered.opened;
    client.send(stop(1));
    client.send(subscription(1, 'slow'));
    expect(await client.settled()).toEqual([refused(1, 'BAD_REQUEST', 'Duplicate id 1', 'slow')]);
    expect(signal?.aborted).toBe(true);
    setUp.open({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          calls.push('next');
          return { done: true, value: undefined };
        },
        return: async () => {
          calls.push('return');
          return { done: true, value: undefined };
        },
      }),
    });
    expect(await client.next()).toEqual(stopped(1));
    expect(await client.settled()).toEqual([]);
    expect(calls).toEqual(['return']);
    expect(reported()).toHaveLength(1);
  });

  it('and clean-up that fails: it is reported, the client gets stopped', async () => {
    const { client, entered, setUp, reported } = await open(handler);
    client.send(subscription(1, 'slow'));
    await entered.opened;
    client.send(stop(1));
    await client.settled();
    setUp.open({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: true, value: undefined }),
        return: () => Promise.reject(new Error('in return')),
      }),
    });
    expect(await client.next()).toEqual(stopped(1));
    expect(reported()).toEqual([['subscription', 'slow', 'INTERNAL_SERVER_ERROR', 'in return']]);
  });

  it('and the procedure gives up with an AbortError: stopped, and nothing to report', async () => {
    const { client, entered, setUp, reported } = await open(handler);
    client.send(subscription(1, 'slow'));
    await entered.opened;
    client.send(stop(1));
    expect(await client.settled()).toEqual([]);
    setUp.fail(new DOMException('gave up', 'AbortError'));
    expect(await client.next()).toEqual(stopped(1));
    expect(await client.settled()).toEqual([]);
    expect(reported()).toEqual([]);
  });

  it('and the procedure fails otherwise: the error is the answer', async () => {
    const { client, entered, setUp, reported } = await open(handler);
    client.send(subscription(1, 'slow'));
    await entered.opened;
    client.send(stop(1));
    expect(await client.settled()).toEqual([]);
    setUp.fail(new Error('broken'));
    expect(await client.next()).toEqual(refused(1, 'INTERNAL_SERVER_ERROR', 'broken', 'slow'));
    expect(await client.settled()).toEqual([]);
    expect(reported()).toHaveLength(1);
  });

  it('and the procedure returns no iterable: the error is the answer', async () => {
    const entered = new Gate();
    const setUp = new Gate<AsyncIterable<string>>();
    const router = t.router({
      slow: t.procedure.subscription(() => {
        entered.open();
        return setUp.opened;
      }),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'slow'));
    await entered.opened;
    client.send(stop(1));
    await client.settled();
    setUp.open(JSON.parse('"no iterable"'));
    expect(await client.next()).toEqual(refused(1, 'INTERNAL_SERVER_ERROR', expect.any(String), 'slow'));
    expect(await client.settled()).toEqual([]);
  });

  it('an AbortError of a procedure that nobody stopped is an error', async () => {
    const { client, setUp } = await open(handler);
    client.send(subscription(1, 'slow'));
    setUp.fail(new DOMException('gave up', 'AbortError'));
    expect(await client.next()).toEqual(refused(1, 'INTERNAL_SERVER_ERROR', 'gave up', 'slow'));
  });
});

describe.each(handlers)('$name: a subscription under an id that one has', (handler) => {
  it('is refused, and the first one goes on', async () => {
    const { client, feed, calls } = await open(handler);
    client.send(subscription(1, 'feed'));
    expect(await client.next()).toEqual(started(1));
    client.send({ ...subscription(1, 'slow'), jsonrpc: '2.0' });
    expect(await client.next()).toEqual({
      ...refused(1, 'BAD_REQUEST', 'Duplicate id 1', 'slow'),
      jsonrpc: '2.0',
    });
    feed.push('a');
    expect(await client.next()).toEqual(data(1, 'a'));
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    expect(calls).toEqual(['feed']);
  });

  it('is refused within a batch, while the context is being made, and while the procedure runs', async () => {
    const context = new Gate<object>();
    const { client, entered, setUp } = await open(handler, () => context.opened);
    client.send([subscription(1, 'slow'), subscription(1, 'slow')]);
    const duplicate = refused(1, 'BAD_REQUEST', 'Duplicate id 1', 'slow');
    expect(await client.next()).toEqual(duplicate);
    client.send(subscription(1, 'slow'));
    expect(await client.next()).toEqual(duplicate);
    context.open({});
    await entered.opened;
    client.send(subscription(1, 'slow'));
    expect(await client.next()).toEqual(duplicate);
    setUp.open(new Feed<string>().read());
    expect(await client.next()).toEqual(started(1));
  });
});
