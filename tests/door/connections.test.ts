import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { DEFAULT_SERVER_LIMITS } from '../../server/server-limits.ts';
import { AuthServer } from '../support/auth-server.ts';
import { Inbox } from '../support/streams.ts';
import { query, stop, subscription } from '../support/ws-messages.ts';

const NO_INPUT = { json: {} };
/** The error under an id, or under none. */
const errorSchema = z.object({
  id: z.number().nullable(),
  error: z.object({
    json: z.object({ data: z.object({ code: z.string(), retryAfter: z.number().optional() }) }),
  }),
});
const errorsOf = (answers: readonly unknown[]) =>
  answers.flatMap((answer) => {
    const { data } = errorSchema.safeParse(answer);
    return data === undefined ? [] : [{ id: data.id, ...data.error.json.data }];
  });

let server: AuthServer;
beforeEach(async () => {
  // No time passes but what is told, by the clock of the limits of connections.
  vi.useFakeTimers({ toFake: ['performance'] });
  server = await AuthServer.open({ server: { limits: DEFAULT_SERVER_LIMITS } });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  vi.useRealTimers();
});

it('a connection can send sixty messages at once, and twenty a second', async () => {
  const client = await server.frames();
  const send = (count: number): void => {
    for (let id = 1; id <= count; id += 1) client.send(query(id, 'agents', NO_INPUT));
  };
  send(61);
  expect(errorsOf(await client.take(61))).toEqual([{ id: 61, code: 'TOO_MANY_REQUESTS', retryAfter: 0.05 }]);
  vi.advanceTimersByTime(50);
  send(2);
  expect(errorsOf(await client.take(2))).toEqual([{ id: 2, code: 'TOO_MANY_REQUESTS', retryAfter: 0.05 }]);
  vi.advanceTimersByTime(1_000);
  send(21);
  expect(errorsOf(await client.take(21))).toHaveLength(1);
});

it('a connection that floods is told so under each id, and then closed', async () => {
  const client = await server.frames();
  for (let id = 1; id <= 2_000; id += 1) client.send(query(id, 'agents', NO_INPUT));
  expect(await client.closed).toEqual({ code: 4429, reason: 'too many refusals' });
  const errors = errorsOf(await client.rest());
  const { count } = DEFAULT_SERVER_LIMITS.refusals;
  expect(errors).toHaveLength(count + 1);
  expect(errors.slice(0, -1).map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, n) => 61 + n));
  expect(errors.at(-1)).toMatchObject({ id: null, code: 'TOO_MANY_REQUESTS' });
});

it('a client with 64 subscriptions comes back with all of them, again and again', async () => {
  for (let times = 0; times < 3; times += 1) {
    const client = await server.frames();
    const ids = Array.from({ length: 64 }, (_, id) => id);
    client.send(ids.map((id) => subscription(id, 'onTrade', NO_INPUT)));
    // Each starts, and gives a snapshot.
    expect(errorsOf(await client.take(128))).toEqual([]);
    client.send(ids.map(stop));
    expect(errorsOf(await client.take(64))).toEqual([]);
    await client.close();
  }
});

it('so does the stock client, without an error of any', async () => {
  const { client, socket } = server.connect();
  const seen = new Inbox<string>();
  const errors: unknown[] = [];
  for (let id = 0; id < 64; id += 1) {
    client.onTrade.subscribe(undefined, {
      onData: (item) => seen.push(item.id),
      onError: (e) => errors.push(e),
    });
  }
  await seen.until(({ length }) => length === 64);
  const agentId = await server.market.createAgent('ONE');
  const ann = await server.market.fund('ann');
  for (let times = 0; times < 3; times += 1) {
    const before = seen.items.length;
    socket.connection?.ws.close();
    const { receipt } = await server.market.buy(ann, agentId);
    // All that they had missed, and nothing else.
    await seen.until(({ length }) => length === before + 64);
    expect(new Set(seen.items.slice(before))).toEqual(new Set([receipt.position]));
  }
  expect(errors).toEqual([]);
});
