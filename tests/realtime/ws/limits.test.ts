import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Limits } from '../../../server/realtime/ws/index.ts';
import { DEFAULT_SERVER_LIMITS } from '../../../server/server-limits.ts';
import type { FrameClient } from '../../support/frame-client.ts';
import { eventually } from '../../support/gate.ts';
import { handlers, serve, t } from '../../support/ws-conformance.ts';
import { data, query, refused, started, stop, stopped, subscription } from '../../support/ws-messages.ts';

const [, ours] = handlers;

beforeEach(() => {
  // No time passes but what is told.
  vi.useFakeTimers({ toFake: ['performance'] });
  return () => vi.useRealTimers();
});

/** A server that counts what it does, with these limits for each connection. */
async function open(limits: Partial<Limits>) {
  if (ours === undefined) throw new Error('there is no handler');
  const did: string[] = [];
  let streams = 0;
  const router = t.router({
    did: t.procedure.query(() => {
      did.push('query');
      return 'yes';
    }),
    waits: t.procedure.subscription(async function* ({ signal }) {
      streams += 1;
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      streams -= 1;
      yield 1;
    }),
  });
  const served = await serve(ours, { router, limits });
  return { served, did, streams: () => streams, client: await served.connect() };
}

const tooOften = (id: number | string | null, seconds: string) =>
  refused(id, 'TOO_MANY_REQUESTS', `That was too often; try again in ${seconds} s.`);
const ABUSE = refused(null, 'TOO_MANY_REQUESTS', 'Too much of what was sent has been refused');
const queries = (client: FrameClient, from: number, to: number): void => {
  for (let id = from; id <= to; id += 1) client.send(query(id, 'did'));
};

describe('the messages of a connection', () => {
  const messages = { perSecond: 2, burst: 3 };

  it('that are too many are answered under their ids, and not run', async () => {
    const { client, did } = await open({ messages });
    queries(client, 1, 5);
    const answers = await client.take(5);
    expect(answers).toHaveLength(5);
    expect(answers).toEqual(
      expect.arrayContaining([
        data(1, 'yes'),
        data(2, 'yes'),
        data(3, 'yes'),
        tooOften(4, '0.5'),
        tooOften(5, '0.5'),
      ]),
    );
    expect(did).toHaveLength(3);
  });

  it('can go on at their rate when that was said to be', async () => {
    const { client, did } = await open({ messages });
    queries(client, 1, 4);
    await client.take(4);
    vi.advanceTimersByTime(499);
    client.send(query(5, 'did'));
    expect(await client.next()).toEqual(tooOften(5, '0.1'));
    vi.advanceTimersByTime(1);
    client.send(query(6, 'did'));
    expect(await client.next()).toEqual(data(6, 'yes'));
    // After a rest there is the burst again, and no more than that.
    vi.advanceTimersByTime(60_000);
    queries(client, 7, 10);
    expect(await client.take(4)).toContainEqual(tooOften(10, '0.5'));
    expect(did).toHaveLength(7);
  });

  it('of one are not those of another', async () => {
    const { client, served } = await open({ messages });
    const other = await served.connect();
    queries(client, 1, 4);
    await client.take(4);
    other.send(query(1, 'did'));
    expect(await other.next()).toEqual(data(1, 'yes'));
  });

  it('are the PINGs too, which have no id', async () => {
    const { client } = await open({ messages });
    for (let times = 0; times < 4; times += 1) client.send('PING');
    expect(await client.take(4)).toEqual(['PONG', 'PONG', 'PONG', tooOften(null, '0.5')]);
  });

  it('are counted one by one in a batch', async () => {
    const { client, did } = await open({ messages });
    client.send(Array.from({ length: 10 }, (_, id) => query(id, 'did')));
    await client.take(10);
    expect(did).toHaveLength(3);
  });

  it('are not the answers to the server’s PINGs', async () => {
    const { client } = await open({ messages });
    for (let times = 0; times < 50; times += 1) client.send('PONG');
    client.send(query(1, 'did'));
    expect(await client.next()).toEqual(data(1, 'yes'));
  });
});

describe('the subscriptions that a connection starts', () => {
  const subscribes = { perSecond: 1, burst: 3 };

  it('that are too many are refused, whatever other messages there are', async () => {
    const { client, streams } = await open({ subscribes, messages: { perSecond: 1, burst: 1 } });
    client.send(query(9, 'did'));
    client.send([1, 2, 3, 4].map((id) => subscription(id, 'waits')));
    expect(await client.take(5)).toEqual(
      expect.arrayContaining([data(9, 'yes'), started(1), started(2), started(3), tooOften(4, '1')]),
    );
    expect(streams()).toBe(3);
  });

  it('are counted though they have been stopped: it is the start that costs', async () => {
    const { client } = await open({ subscribes });
    for (const id of [1, 2, 3]) {
      client.send([subscription(id, 'waits'), stop(id)]);
      await client.take(1);
    }
    client.send(subscription(4, 'waits'));
    expect(await client.settled()).toContainEqual(tooOften(4, '1'));
  });

  it('are all that a client had, in one batch, when it comes back', async () => {
    const { served } = await open({ ...DEFAULT_SERVER_LIMITS });
    for (let times = 0; times < 3; times += 1) {
      const client = await served.connect();
      client.send(Array.from({ length: 64 }, (_, id) => subscription(id, 'waits')));
      const answers = await client.take(64);
      expect(answers).toEqual(expect.arrayContaining(Array.from({ length: 64 }, (_, id) => started(id))));
      client.send(subscription(64, 'waits'));
      expect(await client.next()).toEqual(tooOften(64, '0.2'));
      await client.cut();
    }
  });
});

describe('a connection that goes on sending what is refused', () => {
  const five = { count: 5, windowMs: 10_000 };

  it('is told, and closed with 4429; its streams are ended', async () => {
    const { client, streams } = await open({ messages: { perSecond: 1, burst: 1 }, refusals: five });
    client.send(subscription(1, 'waits'));
    expect(await client.next()).toEqual(started(1));
    await eventually(() => streams() === 1);
    queries(client, 2, 30);
    expect(await client.closed).toEqual({ code: 4429, reason: 'too many refusals' });
    const answers = await client.rest();
    expect(answers.filter((answer) => JSON.stringify(answer).includes('"error"'))).toEqual([
      ...[3, 4, 5, 6, 7].map((id) => tooOften(id, '1')),
      ABUSE,
    ]);
    await eventually(() => streams() === 0);
  });

  it.each([
    ['what is no JSON', 'garbage'],
    ['what is no message', { hello: 'world' }],
    ['calls without an id', { id: null, method: 'query', params: { path: 'did' } }],
    ['calls of what is no method', { id: 1, method: 'subscribe', params: { path: 'did' } }],
  ])('is closed for %s as well', async (_, message) => {
    const { client } = await open({ errors: five });
    for (let times = 0; times < 5; times += 1) client.send(message);
    expect(await client.take(5)).not.toContainEqual(ABUSE);
    client.send(message);
    expect(await client.next()).toEqual(ABUSE);
    expect((await client.closed).code).toBe(4429);
  });

  it('is closed for one frame with too much of it, of which no more is run', async () => {
    const { client, did } = await open({ errors: five });
    client.send([...Array(6).fill({ id: 1 }), query(2, 'did')]);
    expect((await client.closed).code).toBe(4429);
    await setImmediate();
    expect(did).toEqual([]);
  });

  it('has as much of what is wrong as if nothing had come too often', async () => {
    const { client } = await open({ messages: { perSecond: 1, burst: 1 }, refusals: five, errors: five });
    queries(client, 1, 6);
    await client.take(6);
    for (let times = 0; times < 5; times += 1) client.send('garbage');
    expect(await client.take(5)).not.toContainEqual(ABUSE);
    client.send('garbage');
    expect(await client.next()).toEqual(ABUSE);
  });

  it('is forgiven what is long ago', async () => {
    const { client } = await open({ errors: five });
    for (let times = 0; times < 20; times += 1) {
      client.send('garbage');
      expect(await client.next()).toMatchObject({ error: { data: { code: 'PARSE_ERROR' } } });
      vi.advanceTimersByTime(2_000);
    }
    client.send(query(1, 'did'));
    expect(await client.next()).toEqual(data(1, 'yes'));
  });

  it('is not closed for what the procedures refuse', async () => {
    const { client } = await open({ refusals: five, errors: five });
    for (let id = 1; id <= 20; id += 1) client.send(query(id, 'nothing'));
    expect(await client.take(20)).toHaveLength(20);
    client.send(query(21, 'did'));
    expect(await client.next()).toEqual(data(21, 'yes'));
  });
});

describe('a stop', () => {
  it('of what runs is always taken: it ends work', async () => {
    const { client, streams } = await open({ messages: { perSecond: 1, burst: 1 } });
    const ids = Array.from({ length: 20 }, (_, id) => id);
    client.send(ids.map((id) => subscription(id, 'waits')));
    expect(await client.take(20)).toEqual(ids.map(started));
    client.send(ids.map(stop));
    expect(await client.take(20)).toEqual(expect.arrayContaining(ids.map(stopped)));
    expect(streams()).toBe(0);
    client.send(query(20, 'did'));
    expect(await client.next()).toEqual(data(20, 'yes'));
  });

  it('of nothing is one more message', async () => {
    const { client } = await open({ messages: { perSecond: 1, burst: 1 } });
    client.send(stop(1));
    client.send(query(2, 'did'));
    expect(await client.next()).toEqual(tooOften(2, '1'));
    client.send(stop(1));
    // Whoever had that id may have another by now.
    expect(await client.next()).toEqual(tooOften(null, '1'));
  });
});
