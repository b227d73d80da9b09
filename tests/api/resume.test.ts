import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newestTrades } from '../../server/feeds/views.ts';
import { type RunningServer, startServer } from '../../server/http.ts';
import { MemoryLog } from '../../server/journal/memory-log.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import type { Item, MessageOf } from '../../shared/channels.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { reduceTrades } from '../../shared/views/channel-views.ts';
import { TcpProxy } from '../support/proxy.ts';
import { Inbox } from '../support/streams.ts';
import { TestMarket } from '../support/test-app.ts';
import { connectClient } from '../support/ws-client.ts';

type TradeItem = Item<MessageOf<'trades'>>;

let market: TestMarket;
let server: RunningServer;
let proxy: TcpProxy;
let inbox: Inbox<TradeItem>;
let trader: WalletAddress;
let agent: AgentId;
let stop: () => Promise<void>;

const serve = (): Promise<RunningServer> =>
  startServer({
    app: market.app,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    host: '127.0.0.1',
    port: 0,
    limits: NO_SERVER_LIMITS,
    webDir: fileURLToPath(new URL('./no-such-folder', import.meta.url)),
  });

beforeEach(async () => {
  market = await new TestMarket().open({ ringCapacity: 8 });
  trader = await market.fund('ann', '1000');
  agent = await market.createAgent('ONE');
  server = await serve();
  proxy = new TcpProxy();
  const port = await proxy.listen(server.port);
  inbox = new Inbox();
  const { client, close } = connectClient(`ws://127.0.0.1:${port}/trpc`);
  const subscription = client.onTrade.subscribe(undefined, {
    onData: inbox.push,
    onError: (error) => {
      throw error;
    },
  });
  stop = async () => {
    subscription.unsubscribe();
    await close();
  };
  await inbox.until((items) => items.length === 1);
});

afterEach(async () => {
  await stop();
  await proxy.close();
  await server.close();
  await market.app.close();
});

const trade = async (count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) await market.buy(trader, agent, '0.01');
};
const lastSeq = (): number => market.app.views.seq;
const caughtUp = (): Promise<void> =>
  inbox.until((items) => items.at(-1)?.id === `${market.log.epoch}-${lastSeq()}`);

/** What came, against the log: every trade since the first snapshot once, in order. */
async function expectContiguous(): Promise<void> {
  const { records } = await market.log.read({
    after: 0,
    limit: 10_000,
    selector: { types: ['trade_executed'] },
  });
  const snapshots = inbox.items.filter(({ data }) => data.type === 'snapshot');
  expect(snapshots).toHaveLength(1);
  expect(inbox.items.slice(1).map(({ id }) => id)).toEqual(
    records.map(({ entry }) => `${market.log.epoch}-${entry.seq}`),
  );
}

describe('a subscription through the client', () => {
  it('goes on where it was after its socket was cut, again and again', async () => {
    await trade(3);
    await caughtUp();
    for (let round = 0; round < 3; round += 1) {
      proxy.cut();
      await trade(4);
      await caughtUp();
    }
    await expectContiguous();
    expect(proxy.connections).toBe(4);
  });

  it('is caught up from the log when more was missed than the ring keeps', async () => {
    await trade(2);
    await caughtUp();
    proxy.pointTo(undefined);
    proxy.cut();
    await trade(60);
    proxy.pointTo(server.port);
    await caughtUp();
    await expectContiguous();
  });

  it('survives a restart of the server, with trades while it was away', async () => {
    await trade(5);
    await caughtUp();
    proxy.pointTo(undefined);
    await server.close();
    await trade(5);
    await market.restart({ ringCapacity: 8 });
    server = await serve();
    await trade(1);
    proxy.pointTo(server.port);
    await caughtUp();
    await trade(2);
    await caughtUp();
    await expectContiguous();
  });

  it('gets a snapshot when the log is another one, and its view is that log’s', async () => {
    await trade(5);
    await caughtUp();
    proxy.pointTo(undefined);
    await server.close();
    await market.app.close();
    market = await new TestMarket(new MemoryLog('00000000000000bb')).open();
    trader = await market.fund('ann', '1000');
    agent = await market.createAgent('TWO');
    await trade(2);
    server = await serve();
    proxy.pointTo(server.port);
    await caughtUp();
    await trade(1);
    await caughtUp();
    const gap = inbox.items.at(-2);
    expect(gap?.data).toMatchObject({ type: 'snapshot', reason: 'gap' });
    const view = inbox.items.map(({ data }) => data).reduce(reduceTrades, []);
    expect(view).toEqual(newestTrades(market.app.views));
  });
});
