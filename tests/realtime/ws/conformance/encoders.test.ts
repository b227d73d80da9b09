import { deserialize, serialize } from 'node:v8';
import { initTRPC, tracked } from '@trpc/server';
import type { Encoder } from '@trpc/server/adapters/ws';
import { describe, expect, it } from 'vitest';
import { Feed } from '../../../support/feed.ts';
import type { FrameClient } from '../../../support/frame-client.ts';
import {
  anything,
  failure,
  type Handler,
  handlers,
  type ServeOptions,
  serve,
  t,
} from '../../../support/ws-conformance.ts';
import {
  connectionParams,
  data,
  query,
  RECONNECT,
  refused,
  started,
  stop,
  stopped,
  subscription,
  trackedData,
  unrendered,
} from '../../../support/ws-messages.ts';

/** Structured clones: bigints, dates and cycles pass. */
const v8: Encoder = {
  encode: (message) => new Uint8Array(serialize(message)),
  decode: (message) => {
    if (!(message instanceof Uint8Array)) throw new TypeError('bytes are due');
    return deserialize(message);
  },
};
/** JSON as bytes. */
const bytes: Encoder = {
  encode: (message) => new TextEncoder().encode(JSON.stringify(message)),
  decode: (message) => JSON.parse(typeof message === 'string' ? message : new TextDecoder().decode(message)),
};
/** JSON as text, backwards. */
const backwards: Encoder = {
  encode: (message) => [...JSON.stringify(message)].reverse().join(''),
  decode: (message) => JSON.parse([...`${message}`].reverse().join('')),
};
const encoders = { v8, bytes, backwards };

const feed = new Feed<unknown>();
const router = t.router({
  echo: t.procedure.input(anything).query(({ input }) => input),
  items: t.procedure.subscription(async function* () {
    yield { n: 1 };
    yield tracked('e-2', 'b');
    throw new Error('no more');
  }),
  feed: t.procedure.subscription(({ signal }) => feed.read(signal)),
});

/** The next message, which has to be a binary one just if the encoder gives bytes. */
async function nextOf(client: FrameClient, encoder: Encoder): Promise<unknown> {
  const frame = await client.nextFrame();
  expect(frame.binary).toBe(encoder !== backwards);
  return encoder.decode(frame.binary ? frame.data : frame.data.toString());
}

const connected = async (handler: Handler, encoder: Encoder, options: Omit<ServeOptions, 'router'> = {}) => {
  const served = await serve(handler, { router, ...options, experimental_encoder: encoder });
  const client = await served.connect();
  return {
    ...served,
    client,
    send: (message: unknown) => client.send(encoder.encode(message)),
    take: async (count: number) => {
      const taken: unknown[] = [];
      while (taken.length < count) taken.push(await nextOf(client, encoder));
      return taken;
    },
  };
};

describe.each(handlers)('$name: encoders', (handler) => {
  it.each(Object.entries(encoders))('%s: calls, subscriptions, errors and batches', async (_, encoder) => {
    const { send, take } = await connected(handler, encoder);
    send(query('é', 'echo', { a: ['ü'] }));
    expect(await take(1)).toEqual([data('é', { a: ['ü'] })]);
    send([query(1, 'echo', 'in'), query(2, 'none')]);
    expect(await take(2)).toEqual(
      expect.arrayContaining([
        data(1, 'in'),
        refused(2, 'NOT_FOUND', 'No "query"-procedure on path "none"', 'none'),
      ]),
    );
    send({ ...subscription(3, 'items'), jsonrpc: '2.0' });
    const end = failure(handler, refused(3, 'INTERNAL_SERVER_ERROR', 'no more', 'items'));
    const expected = [started(3), data(3, { n: 1 }), trackedData(3, 'e-2', 'b'), ...end];
    expect(await take(expected.length)).toEqual(
      expected.map((message) => expect.objectContaining({ ...Object(message), jsonrpc: '2.0' })),
    );
    send(subscription(4, 'feed'));
    expect(await take(1)).toEqual([started(4)]);
    send(stop(4));
    expect(await take(1)).toEqual([stopped(4)]);
  });

  it('what JSON cannot say passes, if the encoder can say it', async () => {
    const { send, take } = await connected(handler, v8);
    const value = { amount: 2n ** 70n, at: new Date(0), set: new Set(['a']) };
    send(query(1, 'echo', value));
    expect(await take(1)).toEqual([data(1, value)]);
  });

  it.each(Object.entries(encoders))('%s: the reconnect notice', async (_, encoder) => {
    const { take, broadcastReconnectNotification } = await connected(handler, encoder);
    broadcastReconnectNotification();
    expect(await take(1)).toEqual([RECONNECT]);
  });

  it.each(Object.entries(encoders))('%s: PING and PONG stay text', async (_, encoder) => {
    const { client } = await connected(handler, encoder, {
      keepAlive: { enabled: true, pingMs: 5, pongWaitMs: 60_000 },
    });
    expect(await client.next()).toBe('PING');
    client.send('PONG');
    client.send('PING');
    expect(await client.nextBeside('PING')).toBe('PONG');
  });

  it.each(Object.entries(encoders))('%s: connection params', async (_, encoder) => {
    const c = initTRPC.context<{ readonly params: unknown }>().create({ isDev: false });
    const { connect } = await serve(handler, {
      router: c.router({ params: c.procedure.query(({ ctx }) => ctx.params) }),
      createContext: ({ info }) => ({ params: info.connectionParams }),
      experimental_encoder: encoder,
    });
    const client = await connect('/?connectionParams=1');
    client.send(encoder.encode(connectionParams({ user: 'Zoë' })));
    client.send(encoder.encode(query(1, 'params')));
    expect(await nextOf(client, encoder)).toEqual(data(1, { user: 'Zoë' }));
  });

  it('a message that it cannot decode is PARSE_ERROR under null, in its own format', async () => {
    const { client, take, send, reported } = await connected(handler, v8);
    const error = refused(null, 'PARSE_ERROR', expect.any(String));
    client.send(new Uint8Array([1, 2, 3]));
    client.send(JSON.stringify(query(1, 'echo', 'in')));
    expect(await take(2)).toEqual([error, error]);
    send(query(1, 'echo', 'in'));
    expect(await take(1)).toEqual([data(1, 'in')]);
    expect(reported()).toEqual([]);
  });

  it('an answer that it cannot encode becomes an error', async () => {
    const functions = t.router({ f: t.procedure.query(() => () => 1) });
    const { connect, reported } = await serve(handler, { router: functions, experimental_encoder: v8 });
    const client = await connect();
    client.send(v8.encode(query(1, 'f')));
    const message = expect.stringContaining('could not be cloned');
    expect(await nextOf(client, v8)).toEqual(refused(1, 'INTERNAL_SERVER_ERROR', message, 'f'));
    expect(reported()).toEqual([['query', 'f', 'INTERNAL_SERVER_ERROR', message]]);
  });

  it('one that cannot encode errors: a plain one is tried; if that fails too, the connection goes on', async () => {
    const says = (message: unknown, word: string) => JSON.stringify(message).includes(word);
    const refusing = (words: readonly string[]): Encoder => ({
      encode: (message) => {
        if (words.some((word) => says(message, word))) throw new Error('cannot encode it');
        return JSON.stringify(message);
      },
      decode: (message) => JSON.parse(`${message}`),
    });
    const plain = await connected(handler, refusing(['NOT_FOUND']));
    plain.send(query(1, 'none'));
    expect(await plain.client.next()).toEqual(unrendered(1));
    expect(plain.reported()).toEqual([
      ['query', 'none', 'NOT_FOUND', expect.any(String)],
      ['query', 'none', 'INTERNAL_SERVER_ERROR', 'cannot encode it'],
    ]);
    const dumb = await connected(handler, refusing(['"error"']));
    dumb.client.send('{');
    dumb.send(query(1, 'none'));
    dumb.send(query(2, 'echo', 'in'));
    expect(await dumb.client.next()).toEqual(data(2, 'in'));
    expect(await dumb.client.settled()).toEqual([]);
  });

  it('jsonEncoder is JSON in text, and refuses bytes', () => {
    const { encode, decode } = handler.jsonEncoder;
    expect(encode({ a: [1, 'é'] })).toBe('{"a":[1,"é"]}');
    expect(decode('{"a":1}')).toEqual({ a: 1 });
    expect(() => decode('{')).toThrow();
    expect(() => decode(new Uint8Array([0x7b, 0x7d]))).toThrow('binary');
  });

  it('jsonEncoder as experimental_encoder changes nothing', async () => {
    const { client } = await connected(handler, handler.jsonEncoder);
    client.send(query(1, 'echo', 'in'));
    expect(await client.next()).toEqual(data(1, 'in'));
    client.send(Buffer.from(JSON.stringify(query(1, 'echo', 'in'))));
    expect(await client.next()).toEqual(refused(null, 'PARSE_ERROR', expect.any(String)));
  });
});
