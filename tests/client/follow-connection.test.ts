import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { appRouter } from '../../server/api/router.ts';
import { applyWSSHandler } from '../../server/realtime/ws/index.ts';
import { Random } from '../../server/sim/random.ts';
import type { MessageOf } from '../../shared/channels.ts';
import {
  type ConnectedClient,
  ConnectionEndedError,
  causeOf,
  createClient,
  type FollowOptions,
  follow,
  UnseenError,
} from '../../shared/client/index.ts';
import { agentId } from '../../shared/ids.ts';
import { reducePrices, reduceTrades } from '../../shared/views/channel-views.ts';
import { TcpProxy } from '../support/proxy.ts';
import { Inbox } from '../support/streams.ts';
import { openMarket } from '../support/test-app.ts';
import { isOpen, statesOf } from './fixture.ts';
import { ONE, watchedChannels } from './followed-channels.ts';
import { type HostileConnection, HostileServer } from './hostile-server.ts';
import { ManualTimers } from './manual-timers.ts';
import { MarketServer } from './market-server.ts';

type Trades = MessageOf<'trades'>;

const clients: ConnectedClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map(({ close }) => close()));
});

function connectTo(url: string): ConnectedClient {
  const client = createClient({ url, WebSocket, backoff: { firstMs: 1, longestMs: 1 }, random: () => 0 });
  clients.push(client);
  return client;
}

/** Follows the trades, with the ids that the consumer is given. */
function followTrades({ client }: ConnectedClient, options: FollowOptions<Trades> = {}) {
  const given = new Inbox<string>();
  const trades = follow<Trades>(
    (handlers) => client.onTrade.subscribe({}, handlers),
    ({ id }) => given.push(id),
    options,
  );
  return { given, trades };
}

describe('on a server that a test plays', () => {
  let server: HostileServer;
  beforeEach(async () => {
    server = await HostileServer.open();
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
  });

  /** Gives items of a subscription; those whose number is in `snapshots` are snapshots. */
  const give = (connection: HostileConnection, id: number, items: readonly (readonly [string, string])[]) => {
    for (const [eventId, type] of items) {
      const data = { json: { id: eventId, data: { type } } };
      connection.send({ id, result: { type: 'data', id: eventId, data } });
    }
  };
  const started = (connection: HostileConnection, id: number) =>
    connection.send({ id, result: { type: 'started' } });

  it('gives events once that the old and the new socket both deliver, twice in a row', async () => {
    const { given, trades } = followTrades(connectTo(server.url));
    const first = await server.connection(0);
    const call = await first.call(0);
    started(first, call.id);
    give(first, call.id, [['aa-1', 'snapshot']]);
    await given.until(({ length }) => length === 1);

    first.send({ id: null, method: 'reconnect' });
    const second = await server.connection(1);
    const moved = await second.call(0);
    expect(moved.params?.lastEventId).toBe('aa-1');
    // Before the second has answered, it is asked to move on, and the first one goes on delivering.
    give(first, call.id, [
      ['aa-2', 'trade_executed'],
      ['aa-3', 'trade_executed'],
    ]);
    await given.until(({ length }) => length === 3);
    second.send({ id: null, method: 'reconnect' });
    const third = await server.connection(2);
    const again = await third.call(0);
    give(first, call.id, [['aa-4', 'trade_executed']]);
    await given.until(({ length }) => length === 4);
    started(third, again.id);
    // It was asked to go on after 3; 3 is what a server may give again that is not ours.
    give(third, again.id, [
      ['aa-3', 'trade_executed'],
      ['aa-4', 'trade_executed'],
      ['aa-5', 'trade_executed'],
    ]);
    await trades.until({ position: 'aa-5' });
    expect(given.items).toEqual(['aa-1', 'aa-2', 'aa-3', 'aa-4', 'aa-5']);
  });

  it('loses nothing when the new socket starts with a snapshot that the old one has overtaken', async () => {
    const { given, trades } = followTrades(connectTo(server.url));
    const first = await server.connection(0);
    const call = await first.call(0);
    first.send({ id: null, method: 'reconnect' });
    const second = await server.connection(1);
    const moved = await second.call(0);
    // Nothing had come yet, so it is asked for a snapshot again.
    expect(moved.params?.lastEventId).toBeUndefined();
    started(first, call.id);
    give(first, call.id, [
      ['aa-5', 'snapshot'],
      ['aa-7', 'trade_executed'],
    ]);
    await given.until(({ length }) => length === 2);
    // Taken at 6, when no trade had come since 5; the trade at 7 follows, which the stock link drops for its id.
    started(second, moved.id);
    give(second, moved.id, [
      ['aa-6', 'snapshot'],
      ['aa-7', 'trade_executed'],
      ['aa-8', 'trade_executed'],
    ]);
    await trades.until({ position: 'aa-8' });
    expect(given.items).toEqual(['aa-5', 'aa-7', 'aa-8']);
  });

  it('takes the snapshot of a log that was put back, when the connection was lost', async () => {
    const { given, trades } = followTrades(connectTo(server.url));
    const first = await server.connection(0);
    const call = await first.call(0);
    started(first, call.id);
    give(first, call.id, [['aa-50', 'snapshot']]);
    await given.until(({ length }) => length === 1);
    first.socket.terminate();
    const second = await server.connection(1);
    const resumed = await second.call(0);
    expect(resumed.params?.lastEventId).toBe('aa-50');
    started(second, resumed.id);
    give(second, resumed.id, [
      ['aa-30', 'snapshot'],
      ['aa-31', 'trade_executed'],
    ]);
    await given.until(({ length }) => length === 3);
    expect(given.items).toEqual(['aa-50', 'aa-30', 'aa-31']);
    expect(trades.repairs).toBe(0);
  });

  const ends: readonly {
    readonly how: string;
    readonly why: string;
    readonly end: (connection: HostileConnection, id: number, client: ConnectedClient) => unknown;
  }[] = [
    {
      how: 'when the server stops it',
      why: 'ended',
      end: (connection, id) => connection.send({ id, result: { type: 'stopped' } }),
    },
    {
      how: 'when the server refuses it',
      why: 'failed',
      end: (connection, id) =>
        connection.send({
          id,
          error: {
            json: {
              code: -32004,
              message: 'There is no agent 9.',
              data: { code: 'NOT_FOUND', httpStatus: 404 },
            },
          },
        }),
    },
    { how: 'when the client is closed', why: 'ended', end: (_connection, _id, { close }) => close() },
    {
      how: 'when the server ends the connection for good',
      why: 'failed',
      end: ({ socket }) => socket.close(4500, 'banned'),
    },
  ];

  it.each(ends)('rejects who waits $how', async ({ why, end }) => {
    const client = connectTo(server.url);
    const told = new Inbox<UnseenError>();
    const { given, trades } = followTrades(client, { onEnd: told.push });
    const connection = await server.connection(0);
    const { id } = await connection.call(0);
    started(connection, id);
    give(connection, id, [['aa-1', 'snapshot']]);
    await given.until(({ length }) => length === 1);
    const waiting = trades.until({ position: 'aa-2' }).catch((error: unknown) => error);
    end(connection, id, client);
    const error = await waiting;
    expect(error).toBeInstanceOf(UnseenError);
    expect(error).toMatchObject({ why });
    expect(told.items).toEqual([error]);
    const final = causeOf(error, ConnectionEndedError);
    expect(final?.code).toBe(told.items[0]?.message.includes('4500') ? 4500 : undefined);
  });

  it('keeps who waits while the connection is lost, for as long as it takes', async () => {
    const timers = new ManualTimers();
    const client = createClient({
      url: server.url,
      WebSocket,
      clock: timers,
      backoff: { firstMs: 0, longestMs: 0 },
    });
    clients.push(client);
    const { given, trades } = followTrades(client);
    const first = await server.connection(0);
    const call = await first.call(0);
    started(first, call.id);
    give(first, call.id, [['aa-1', 'snapshot']]);
    await given.until(({ length }) => length === 1);
    const seen = trades.until({ position: 'aa-2' });
    for (let lost = 0; lost < 3; lost += 1) (await server.connection(lost)).socket.terminate();
    const last = await server.connection(3);
    const resumed = await last.call(0);
    started(last, resumed.id);
    give(last, resumed.id, [['aa-2', 'trade_executed']]);
    await seen;
    expect(given.items).toEqual(['aa-1', 'aa-2']);
  });
});

describe('on a market', () => {
  let server: MarketServer;
  beforeEach(async () => {
    server = await MarketServer.open();
    await server.market.createAgent('ONE');
    await server.market.createAgent('TWO');
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
  });

  it('waits its turn on a channel that is paced, for the value that includes the event', async () => {
    const { market, trader } = server;
    await market.app.runSeasons(3_600_000);
    const { client } = connectTo(server.url);
    const { followed, given, view } = watchedChannels.olympics.watch(client);
    await given.until(({ length }) => length === 1);
    const first = await market.buy(trader, ONE);
    await followed.until(first.receipt);
    // The pace holds these back.
    const held = [await market.buy(trader, ONE), await market.buy(trader, ONE)];
    await Promise.all(held.map(({ receipt }) => followed.until(receipt)));
    const positions = [first, ...held].map(({ receipt }) => receipt.position);
    expect(positions).toEqual(expect.arrayContaining(given.items.slice(1)));
    expect(given.items.at(-1)).toBe(positions.at(-1));
    expect(view()).toEqual(await watchedChannels.olympics.fresh(market.app.services.feeds, trader));
    followed.unsubscribe();
  });

  it('waits for the agent’s own value, where another’s of the same moment comes before it', async () => {
    const { market, trader } = server;
    const two = agentId('2');
    await market.buy(trader, ONE);
    await market.buy(trader, two);
    const { client } = connectTo(server.url);
    let view = reducePrices(new Map(), { type: 'snapshot', reason: 'start', prices: [] });
    const given = new Inbox<string>();
    const atFirst: (number | undefined)[] = [];
    const prices = follow<MessageOf<'prices'>>(
      (handlers) => client.onPrice.subscribe({}, handlers),
      ({ id, data }) => {
        view = reducePrices(view, data);
        given.push(id);
        if (given.items.length === 2) atFirst.push(view.get(ONE)?.seq);
      },
    );
    await given.until(({ length }) => length === 1);
    // In one group: the first one's value is replaced by the third's.
    const [own] = await Promise.all([
      market.buy(trader, ONE),
      market.buy(trader, two),
      market.buy(trader, ONE),
    ]);
    await prices.until(own.receipt, { agentId: ONE });
    expect(view.get(ONE)?.seq).toBe(own.receipt.seq + 2);
    // Else it would have been taken for seen with the other's.
    expect(given.items[1]).toBe(`${market.app.services.log.epoch}-${own.receipt.seq + 1}`);
    expect(atFirst[0]).toBeLessThan(own.receipt.seq);
    prices.unsubscribe();
  });

  it('rejects who waits for a receipt of the log before', async () => {
    const { market, trader } = server;
    const client = connectTo(server.url);
    const { given, trades } = followTrades(client);
    const { receipt } = await market.buy(trader, ONE);
    await trades.until(receipt);
    const { position } = receipt;
    const other = `zz${position.slice(position.lastIndexOf('-'))}`;
    const stranger = trades.until({ position: other }).catch((error: unknown) => error);
    const next = await market.buy(trader, ONE);
    expect(await stranger).toMatchObject({ name: 'UnseenError', why: 'another_log' });
    await trades.until(next.receipt);
    expect(given.items.at(-1)).toBe(next.receipt.position);
  });
});

describe('a server that keeps asking its clients to move, and a network that keeps failing', () => {
  it('every trade is given once and in order, and every buy is seen', { timeout: 60_000 }, async () => {
    const random = new Random(20_260_103);
    const market = await openMarket();
    const trader = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    const handler = applyWSSHandler({
      wss,
      router: appRouter,
      createContext: () => market.app.contextOf({ wallet: trader }),
    });
    await new Promise<void>((resolve) => wss.once('listening', () => resolve()));
    const address = wss.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
    const proxy = new TcpProxy();
    const connected = connectTo(`ws://127.0.0.1:${await proxy.listen(address.port)}`);
    await statesOf(connected.state).until(isOpen);

    const given = new Inbox<string>();
    let view = reduceTrades([], { type: 'snapshot', reason: 'start', trades: [] });
    const trades = follow<Trades>(
      (handlers) => connected.client.onTrade.subscribe({}, handlers),
      ({ id, data }) => {
        view = reduceTrades(view, data);
        given.push(id);
      },
    );
    await given.until(({ length }) => length === 1);
    const seen: Promise<void>[] = [];
    const receipts: string[] = [];
    for (let round = 0; round < 300; round += 1) {
      const draw = random.next();
      if (draw < 0.15) handler.broadcastReconnectNotification();
      else if (draw < 0.2) proxy.cut();
      const { receipt } = await market.buy(trader, agent, '0.001');
      receipts.push(receipt.position);
      // Waiting for each would give every move its time to end.
      seen.push(trades.until(receipt));
      if (draw > 0.8) await seen.at(-1);
      else if (draw > 0.4) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(seen);
    expect(given.items.slice(1)).toEqual(receipts);
    const [newest] = view;
    expect(newest?.seq).toBe(Number(receipts.at(-1)?.split('-')[1]));
    expect(proxy.connections).toBeGreaterThan(10);
    trades.unsubscribe();
    await connected.close();
    await proxy.close();
    for (const socket of wss.clients) socket.terminate();
    await new Promise<void>((resolve) => wss.close(() => resolve()));
    await market.app.close();
  });
});
