import { initTRPC } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import type { WebSocket, WebSocketServer } from 'ws';
import { NumberLog } from '../../../support/number-log.ts';
import { type Handler, handlers, serve, t, text } from '../../../support/ws-conformance.ts';
import {
  data,
  query,
  RECONNECT,
  started,
  stop,
  stopped,
  subscription,
  trackedData,
} from '../../../support/ws-messages.ts';

const words = (input: unknown): string[] => (Array.isArray(input) ? input.map(String) : []);

/** Served and connected with permessage-deflate; messages of at least `threshold` bytes are compressed. */
async function connected(handler: Handler, threshold: number) {
  const log = new NumberLog({ ringCapacity: 64 });
  const router = t.router({
    echo: t.procedure.input(text).query(({ input }) => input),
    words: t.procedure.input(words).subscription(async function* ({ input }) {
      yield* input;
    }),
    numbers: t.procedure.subscription(({ signal }) => log.hub.stream(log.channel, { signal })),
  });
  const server: WebSocketServer['options'] = { perMessageDeflate: { threshold } };
  const served = await serve(handler, { router, server });
  const client = await served.connect('/', { perMessageDeflate: { threshold } });
  expect(client.extensions).toContain('permessage-deflate');
  return { ...served, client, log };
}

/** Long ones take their time to be compressed; short ones must not overtake them. */
const WORDS = Array.from({ length: 40 }, (_, index) =>
  index % 3 === 0 ? `${index} `.repeat(5_000) : `${index}`,
);

describe.each(handlers)('$name: with permessage-deflate', (handler) => {
  it.each([
    ['of every message', 0],
    ['of long messages', 1024],
  ])('%s: they come in order', async (_, threshold) => {
    const { client } = await connected(handler, threshold);
    client.send(subscription(1, 'words', WORDS));
    const expected = [started(1), ...WORDS.map((word) => data(1, word)), stopped(1)];
    expect(await client.take(expected.length)).toEqual(expected);
  });

  it.each([
    ['of every message', 0],
    ['of long messages', 1024],
  ])('%s: PONG comes after what was sent before it', async (_, threshold) => {
    const { client, log, broadcastReconnectNotification } = await connected(handler, threshold);
    client.send(subscription(1, 'numbers'));
    expect(await client.take(2)).toHaveLength(2);
    const long = 'x'.repeat(50_000);
    client.send(query(2, 'echo', long));
    expect(await client.next()).toEqual(data(2, long));
    for (let round = 0; round < 3; round += 1) {
      const head = log.hub.head;
      log.commit(20);
      broadcastReconnectNotification();
      const items = Array.from({ length: 20 }, (_, index) => head + 1 + index);
      const got = await client.untilPong();
      expect(got.filter((message) => JSON.stringify(message) !== JSON.stringify(RECONNECT))).toEqual(
        items.map((n) => trackedData(1, `test-${n}`, { type: 'number', n })),
      );
      expect(got).toHaveLength(21);
    }
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
  });

  it('what the application itself sends on the socket keeps its place between the items', async () => {
    const c = initTRPC.context<{ readonly socket: WebSocket }>().create({ isDev: false });
    const router = c.router({
      words: c.procedure.subscription(async function* ({ ctx }) {
        for (const word of WORDS) {
          ctx.socket.send(JSON.stringify(`own ${word}`));
          yield word;
        }
      }),
    });
    const { connect } = await serve(handler, {
      router,
      createContext: ({ res }) => ({ socket: res }),
      server: { perMessageDeflate: { threshold: 0 } },
    });
    const client = await connect('/', { perMessageDeflate: true });
    client.send(subscription(1, 'words'));
    const expected = [started(1), ...WORDS.flatMap((word) => [`own ${word}`, data(1, word)]), stopped(1)];
    expect(await client.take(expected.length)).toEqual(expected);
  });

  it('what was sent before the server closed arrives', async () => {
    const { client, sockets, broadcastReconnectNotification } = await connected(handler, 0);
    await sockets.until((items) => items.length === 1);
    for (let count = 0; count < 50; count += 1) broadcastReconnectNotification();
    sockets.items[0]?.close(4400);
    expect(await client.closed).toMatchObject({ code: 4400 });
    expect(await client.rest()).toEqual(Array.from({ length: 50 }, () => RECONNECT));
  });
});
