import { describe, expect, it } from 'vitest';
import { Feed } from '../../../support/feed.ts';
import { Gate } from '../../../support/gate.ts';
import { failure, type Handler, handlers, serve, t } from '../../../support/ws-conformance.ts';
import { data, refused, started, stop, stopped, subscription } from '../../../support/ws-messages.ts';

const INTERNAL = 'INTERNAL_SERVER_ERROR';
const DONE = { done: true, value: undefined } as const;
const never = (): Promise<never> => new Promise(() => undefined);

async function subscribeTo(handler: Handler, items: (signal?: AbortSignal) => AsyncIterable<unknown>) {
  const router = t.router({ items: t.procedure.subscription(({ signal }) => items(signal)) });
  const served = await serve(handler, { router });
  const client = await served.connect();
  client.send(subscription(1, 'items'));
  expect(await client.next()).toEqual(started(1));
  return { ...served, client };
}

/** An iterable that is its own iterator. */
const iterable = (iterator: Partial<AsyncDisposable> & AsyncIterator<unknown>): AsyncIterable<unknown> => ({
  [Symbol.asyncIterator]: () => iterator,
});

describe.each(handlers)('$name: clean-up of a subscription', (handler) => {
  it('a generator that awaits its signal ends at the stop', async () => {
    const ends: string[] = [];
    const { client, reported } = await subscribeTo(handler, async function* (signal) {
      try {
        yield 1;
        await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        yield 'too late';
        ends.push('went on');
      } finally {
        ends.push('finally');
      }
    });
    expect(await client.next()).toEqual(data(1, 1));
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    expect(await client.settled()).toEqual([]);
    expect(ends).toEqual(['finally']);
    expect(reported()).toEqual([]);
  });

  it('a generator that ignores its signal is waited for: its next item is dropped, then it is stopped', async () => {
    const feed = new Feed<string>();
    const { client } = await subscribeTo(handler, () => feed.read());
    feed.push('a');
    expect(await client.next()).toEqual(data(1, 'a'));
    client.send(stop(1));
    expect(await client.settled()).toEqual([]);
    expect(feed.readers).toBe(1);
    feed.push('b');
    expect(await client.next()).toEqual(stopped(1));
    expect(feed.readers).toBe(0);
    expect(await client.settled()).toEqual([]);
  });

  it('a slow return: the id is taken until it has settled', async () => {
    const returned = new Gate();
    const iterators = { count: 0 };
    const { client } = await subscribeTo(handler, () => {
      iterators.count += 1;
      return iterable({
        next: never,
        return: async () => {
          await returned.opened;
          return DONE;
        },
      });
    });
    client.send(stop(1));
    client.send(subscription(1, 'items'));
    expect(await client.settled()).toEqual([refused(1, 'BAD_REQUEST', 'Duplicate id 1', 'items')]);
    client.send(stop(1));
    expect(await client.settled()).toEqual([]);
    returned.open();
    expect(await client.next()).toEqual(stopped(1));
    client.send(subscription(1, 'items'));
    expect(await client.next()).toEqual(started(1));
    expect(iterators.count).toBe(2);
  });

  it('a finally that throws at the stop is reported; the client gets stopped and may use the id again', async () => {
    const { client, reported } = await subscribeTo(handler, async function* (signal) {
      try {
        await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        yield 1;
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: it is what is tested
        throw new Error('in finally');
      }
    });
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    expect(reported()).toEqual([['subscription', 'items', INTERNAL, 'in finally']]);
    client.send(subscription(1, 'items'));
    expect(await client.next()).toEqual(started(1));
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('in return'))],
    [
      'throws',
      () => {
        throw new Error('in return');
      },
    ],
  ])(
    'a return that %s, after the end and at a stop, is reported, and the client gets stopped',
    async (_, ret) => {
      const ends = new Gate();
      const { client, reported } = await subscribeTo(handler, () =>
        iterable({
          next: async () => {
            await ends.opened;
            return DONE;
          },
          return: ret,
        }),
      );
      client.send(subscription(2, 'items'));
      expect(await client.next()).toEqual(started(2));
      client.send(stop(2));
      expect(await client.next()).toEqual(stopped(2));
      ends.open();
      expect(await client.next()).toEqual(stopped(1));
      expect(await client.settled()).toEqual([]);
      const report = ['subscription', 'items', INTERNAL, 'in return'];
      expect(reported()).toEqual([report, report]);
    },
  );

  it('an iteration and a return that both fail: the client gets the first error, the server both', async () => {
    const { client, reported } = await subscribeTo(handler, () =>
      iterable({
        next: () => Promise.reject(new Error('in next')),
        return: () => Promise.reject(new Error('in return')),
      }),
    );
    const end = failure(handler, refused(1, INTERNAL, 'in next', 'items'));
    expect(await client.take(end.length)).toEqual(end);
    expect(await client.settled()).toEqual([]);
    expect(reported()).toHaveLength(2);
    expect(reported()).toContainEqual(['subscription', 'items', INTERNAL, 'in next']);
    expect(reported()).toContainEqual(['subscription', 'items', INTERNAL, 'in return']);
  });

  it.each([
    ['an AbortError is no news', new DOMException('aborted', 'AbortError'), []],
    ['anything else is reported', new Error('too late'), [['subscription', 'items', INTERNAL, 'too late']]],
  ])('an item that fails after the stop: %s, and the client gets stopped', async (_, error, reports) => {
    const next = new Gate<IteratorResult<unknown>>();
    const { client, reported } = await subscribeTo(handler, () =>
      iterable({
        next: () => next.opened,
        return: async () => {
          next.fail(error);
          return DONE;
        },
      }),
    );
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    expect(await client.settled()).toEqual([]);
    expect(reported()).toEqual(reports);
  });

  it('a next that throws at once is an error as one that rejects', async () => {
    const { client } = await subscribeTo(handler, () =>
      iterable({
        next: () => {
          throw new Error('in next');
        },
      }),
    );
    const end = failure(handler, refused(1, INTERNAL, 'in next', 'items'));
    expect(await client.take(end.length)).toEqual(end);
  });

  it('an iterator without return is stopped without it', async () => {
    const { client } = await subscribeTo(handler, () => iterable({ next: never }));
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
  });

  it('an iterator with Symbol.asyncDispose is disposed of by that, once, at a stop and at its end', async () => {
    const calls: string[] = [];
    const disposed = new Gate();
    const items: unknown[] = ['a'];
    const { client } = await subscribeTo(handler, () =>
      iterable({
        next: async () => {
          if (items.length === 0) return never();
          return { done: false, value: items.shift() };
        },
        return: async () => {
          calls.push('return');
          return DONE;
        },
        [Symbol.asyncDispose]: async () => {
          calls.push('dispose');
          await disposed.opened;
        },
      }),
    );
    expect(await client.next()).toEqual(data(1, 'a'));
    client.send(stop(1));
    expect(await client.settled()).toEqual([]);
    disposed.open();
    expect(await client.next()).toEqual(stopped(1));
    expect(calls).toEqual(['dispose']);
    client.send(subscription(1, 'items'));
    expect(await client.next()).toEqual(started(1));
  });

  it('an iterable whose iterator cannot be made is an error after started, and its signal aborts', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const { client } = await subscribeTo(handler, (signal) => {
      signals.push(signal);
      return {
        [Symbol.asyncIterator]: () => {
          throw new Error('no iterator');
        },
      };
    });
    const end = failure(handler, refused(1, INTERNAL, 'no iterator', 'items'));
    expect(await client.take(end.length)).toEqual(end);
    expect(signals[0]?.aborted).toBe(true);
    client.send(subscription(1, 'items'));
    expect(await client.next()).toEqual(started(1));
  });

  it('an item that was asked for before the stop and comes after it is not sent', async () => {
    const next = new Gate<IteratorResult<unknown>>();
    const returned = new Gate();
    const { client } = await subscribeTo(handler, () =>
      iterable({
        next: () => next.opened,
        return: async () => {
          await returned.opened;
          return DONE;
        },
      }),
    );
    client.send(stop(1));
    expect(await client.settled()).toEqual([]);
    next.open({ done: false, value: 'too late' });
    expect(await client.settled()).toEqual([]);
    returned.open();
    expect(await client.next()).toEqual(stopped(1));
  });
});
