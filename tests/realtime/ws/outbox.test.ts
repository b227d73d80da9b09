import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { type Encoder, jsonEncoder } from '@trpc/server/adapters/ws';
import { describe, expect, it } from 'vitest';
import { applyWSSHandler, getWSConnectionHandler } from '../../../server/realtime/ws/index.ts';
import { type PipedClient, PipedServer } from '../../support/piped-server.ts';
import { QuoteLog } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';
import { viewOf } from '../../support/quote-view.ts';
import { stillClock } from '../../support/still-clock.ts';
import { query, resumed, stop, subscription } from '../../support/ws-messages.ts';

stillClock();

interface Setting {
  readonly log: QuoteLog;
  /** Connects and sends, and waits until nothing more happens. */
  connect(...messages: readonly (object | string)[]): Promise<PipedClient>;
}

function serve(encoder: Encoder = jsonEncoder, onEncoded = (): void => undefined): Setting {
  const log = new QuoteLog({ ringCapacity: 256, keys: 100 });
  const { router } = new QuoteService(log, {
    serialize: (value) => {
      onEncoded();
      return value;
    },
    deserialize: (value) => value,
  });
  const server = new PipedServer((wss) => {
    applyWSSHandler({ wss, router, experimental_encoder: encoder });
  });
  return { log, connect: (...messages) => connectTo(server, messages) };
}

async function connectTo(server: PipedServer, messages: readonly (object | string)[]): Promise<PipedClient> {
  const client = await server.connect();
  client.send(...messages);
  await client.quiet();
  client.socket.writes.length = 0;
  client.inbox.items.length = 0;
  return client;
}

/** What has come, in short: the seq of an item, the kind of anything else. */
const kinds = ({ answers }: PipedClient): unknown[] =>
  answers.map((answer) => (answer.kind === 'item' ? answer.seq : answer.kind));

describe('what one tick brings', () => {
  it('leaves as one write per socket, whatever it was', async () => {
    const { log, connect } = serve();
    const subscriptions = ['every', 'latest', 'even'].map((path, index) => subscription(index + 1, path));
    const clients: PipedClient[] = [];
    for (let count = 0; count < 5; count += 1) clients.push(await connect(subscriptions));
    log.commit(2);
    for (const client of clients) client.send('PING', 'no JSON');
    log.commit(3);
    for (const client of clients) await client.quiet();
    for (const { socket, answers } of clients) {
      expect(socket.writes).toHaveLength(1);
      // 5, 5 and 2 items, the PONG, the error.
      expect(answers).toHaveLength(14);
    }
  });

  it('is nothing for those whom it does not concern', async () => {
    const { log, connect } = serve();
    const client = await connect(subscription(1, 'every'), subscription(2, 'even'), stop(1));
    log.commit(1);
    await client.quiet();
    expect(client.socket.writes).toEqual([]);
  });

  it('leaves as one write when it is the answers to a batch', async () => {
    const { connect } = serve();
    const client = await connect();
    client.send(Array.from({ length: 10 }, (_, id) => query(id, 'sized', { n: id, size: 10 })));
    await client.quiet();
    expect(client.socket.writes).toHaveLength(1);
    expect(client.answers).toHaveLength(10);
  });

  it('takes one write more for each tick', async () => {
    const { log, connect } = serve();
    const client = await connect(subscription(1, 'every'), subscription(2, 'every'));
    for (let tick = 0; tick < 20; tick += 1) {
      log.commit(3);
      await client.quiet();
    }
    expect(client.socket.writes).toHaveLength(20);
    expect(viewOf(client.answers, 2, log, { channel: 'every', after: 0 }).through).toBe(60);
  });

  it('leaves as one write, also when it is more than a reader takes at a time', async () => {
    const { log, connect } = serve();
    const client = await connect(subscription(1, 'every'));
    log.commit(200);
    await client.quiet();
    expect(kinds(client)).toEqual(log.numbers(0, 200));
    expect(client.socket.writes).toHaveLength(1);
  });

  it('keeps its order with the frames of ws', async () => {
    const { log, connect } = serve();
    const client = await connect(subscription(1, 'every'));
    client.send('PING');
    client.ping();
    client.send('PING');
    log.commit(2);
    client.send('PING');
    client.ping();
    log.commit(1);
    await client.quiet();
    expect(kinds(client)).toEqual(['PONG', 'pong', 'PONG', 1, 2, 'PONG', 'pong', 3]);
    expect(client.socket.writes).toHaveLength(1);
  });

  it('leaves before a close, and nothing after it', async () => {
    const { log, connect } = serve();
    const client = await connect(subscription(1, 'every'));
    log.commit(1);
    client.send('PING');
    log.commit(1);
    client.server.close(1001);
    log.commit(1);
    client.send('PING');
    await client.quiet();
    expect(kinds(client)).toEqual([1, 'PONG', 'close']);
  });

  it('stands a socket that is destroyed in it', async () => {
    const { log, connect } = serve();
    const [gone, stays] = [await connect(subscription(1, 'every')), await connect(subscription(1, 'every'))];
    log.commit(1);
    gone.send('PING');
    gone.socket.destroy();
    log.commit(1);
    await stays.quiet();
    expect(kinds(gone)).toEqual([]);
    expect(kinds(stays)).toEqual([1, 2]);
    expect(log.every.subscribers).toBe(1);
  });

  it('goes through ws where the socket is not the one of the request', async () => {
    const log = new QuoteLog({ ringCapacity: 8 });
    const { router } = new QuoteService(log);
    const server = new PipedServer((wss) => {
      const connect = getWSConnectionHandler({ wss, router });
      wss.on('connection', (socket) => connect(socket, new IncomingMessage(new Socket())));
    });
    const client = await connectTo(server, [subscription(1, 'every')]);
    log.commit(2);
    client.send('PING');
    client.ping();
    await client.quiet();
    expect(kinds(client)).toEqual([1, 2, 'PONG', 'pong']);
  });
});

describe('an item for many', () => {
  it('is the very same bytes for all 500 who subscribed under one id', async () => {
    const { log, connect } = serve();
    const clients: PipedClient[] = [];
    const others: PipedClient[] = [];
    for (let count = 0; count < 500; count += 1) {
      clients.push(await connect(subscription(7, 'every')));
      // Readers of a part come in between.
      if (count % 50 === 0) others.push(await connect(subscription(7, 'even')));
    }
    log.commit(1);
    log.commit(4);
    for (const client of [...clients, ...others]) await client.quiet();
    const pieces = clients.map(({ socket }) => socket.writes.flat());
    expect(new Set(pieces.map(({ length }) => length))).toEqual(new Set([1]));
    expect(new Set(pieces.flat()).size).toBe(1);
    const [client] = clients;
    expect(client?.answers).toHaveLength(5);
    for (const other of others) expect(kinds(other)).toEqual([2, 4]);
  });

  it('is encoded once, whatever their ids, filters and channels, and whether they speak of jsonrpc', async () => {
    let encoded = 0;
    const { log, connect } = serve(jsonEncoder, () => {
      encoded += 1;
    });
    const clients: PipedClient[] = [];
    for (let id = 0; id < 100; id += 1) {
      const paths = ['every', 'latest', 'even'].map((path, index) => subscription(id * 3 + index, path));
      clients.push(await connect(...paths, { ...subscription(1_000 + id, 'every'), jsonrpc: '2.0' }));
    }
    encoded = 0;
    log.commit(6);
    log.commit(4);
    for (const client of clients) await client.quiet();
    expect(encoded).toBe(10);
    for (const { answers } of clients) expect(answers).toHaveLength(35);
  });

  it('is encoded once for those who come back for it too', async () => {
    let encoded = 0;
    const { log, connect } = serve(jsonEncoder, () => {
      encoded += 1;
    });
    log.commit(100);
    for (let count = 0; count < 20; count += 1) await connect(resumed(count, 'every', 'test-60'));
    // `started` has no data.
    expect(encoded).toBe(40);
  });

  it('is encoded for each by a custom encoder, which leaves what others have encoded alone', async () => {
    let custom = 0;
    let encoded = 0;
    const log = new QuoteLog({ ringCapacity: 256 });
    const encode: Encoder['encode'] = (message) => {
      custom += 1;
      return jsonEncoder.encode(message);
    };
    const transformer = {
      serialize: (value: unknown) => {
        encoded += 1;
        return value;
      },
      deserialize: (value: unknown) => value,
    };
    const ours = new PipedServer((wss) => {
      applyWSSHandler({ wss, router: new QuoteService(log, transformer).router });
    });
    const theirs = new PipedServer((wss) => {
      const { router } = new QuoteService(log);
      applyWSSHandler({ wss, router, experimental_encoder: { ...jsonEncoder, encode } });
    });
    const clients: PipedClient[] = [];
    for (let count = 0; count < 10; count += 1) {
      for (const server of [theirs, ours, theirs]) {
        clients.push(await connectTo(server, [subscription(count, 'every')]));
      }
    }
    custom = 0;
    encoded = 0;
    log.commit(5);
    for (const client of clients) await client.quiet();
    expect(encoded).toBe(5);
    // Those under one id share even here.
    expect(custom).toBe(50);
    for (const client of clients) expect(kinds(client)).toEqual([1, 2, 3, 4, 5]);
  });
});
