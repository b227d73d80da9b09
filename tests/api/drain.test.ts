import { createServer } from 'node:http';
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import superjson from 'superjson';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type AppRouter, appRouter } from '../../server/api/router.ts';
import { startServer } from '../../server/http.ts';
import { applyWSSHandler } from '../../server/realtime/ws/index.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import type { Item, MessageOf } from '../../shared/channels.ts';
import { type AgentId, clientOrderId, type WalletAddress } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { TcpProxy } from '../support/proxy.ts';
import { Inbox } from '../support/streams.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

const CLIENTS = 40;

let market: TestMarket;
let trader: WalletAddress;
let agent: AgentId;

beforeEach(async () => {
  market = await openMarket();
  trader = await market.fund('ann', '100000');
  agent = await market.createAgent('ONE');
});

afterEach(() => market.app.close());

/** One of the processes behind the same address: here they share the market. */
async function listen() {
  const http = createServer();
  const wss = new WebSocketServer({ server: http });
  const handler = applyWSSHandler({
    wss,
    router: appRouter,
    createContext: () => market.app.contextOf({ wallet: trader }),
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    wss,
    handler,
    close: async () => {
      for (const socket of wss.clients) socket.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** A stock client that follows the trades and buys, one order after the other, until it is told to stop. */
class Trader {
  readonly trades = new Inbox<Item<MessageOf<'trades'>>>();
  readonly failures: unknown[] = [];
  bought = 0;
  #buying: Promise<void> | undefined;
  #stopped = false;
  readonly #socket: ReturnType<typeof createWSClient>;
  readonly #client: TRPCClient<AppRouter>;

  constructor(
    url: string,
    readonly name: string,
  ) {
    this.#socket = createWSClient({ url, retryDelayMs: () => 1 });
    this.#client = createTRPCClient({ links: [wsLink({ client: this.#socket, transformer: superjson })] });
    this.#client.onTrade.subscribe(undefined, {
      onData: this.trades.push,
      onError: (error) => this.failures.push(error),
    });
  }

  start(): void {
    this.#buying = this.#buy();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#buying;
  }

  close(): Promise<void> {
    return this.#socket.close();
  }

  async #buy(): Promise<void> {
    while (!this.#stopped) {
      const id = clientOrderId(`${this.name}-${this.bought}`);
      try {
        await this.#client.buy.mutate({
          clientOrderId: id,
          agentId: agent,
          exact: 'sol',
          sol: sol('0.0001'),
        });
        this.bought += 1;
      } catch (error) {
        this.failures.push(error);
        return;
      }
    }
  }
}

describe('draining', () => {
  it('moves every client to another process without a gap, a duplicate or a failed order', async () => {
    // The stock client looks for the state names on the platform's class, and Node 20 has none.
    Object.assign(globalThis, { WebSocket });
    const [old, next] = await Promise.all([listen(), listen()]);
    const proxy = new TcpProxy();
    const port = await proxy.listen(old.port);
    const traders = Array.from(
      { length: CLIENTS },
      (_, index) => new Trader(`ws://127.0.0.1:${port}`, `trader-${index}`),
    );
    await Promise.all(traders.map(({ trades }) => trades.until((items) => items.length >= 1)));
    expect(old.wss.clients.size).toBe(CLIENTS);
    for (const each of traders) each.start();
    await Promise.all(traders.map(({ trades }) => trades.until((items) => items.length > 20)));

    proxy.pointTo(next.port);
    const drained = await old.handler.drain({ intervalMs: 10, graceMs: 20_000 });
    expect(drained).toEqual({ left: CLIENTS, closed: 0 });
    expect(old.wss.clients.size).toBe(0);
    expect(next.wss.clients.size).toBe(CLIENTS);

    const seen = traders.map(({ trades }) => trades.items.length);
    await Promise.all(
      traders.map(({ trades }, index) => trades.until((items) => items.length > (seen[index] ?? 0) + 20)),
    );
    await Promise.all(traders.map((each) => each.stop()));
    const head = market.app.views.seq;
    await Promise.all(
      traders.map(({ trades }) => trades.until((items) => items.at(-1)?.id.endsWith(`-${head}`) === true)),
    );
    const selector = { types: ['trade_executed' as const] };
    const { records } = await market.log.read({ after: 0, limit: market.log.head, selector });
    const executed = records.map(({ entry }) => `${market.log.epoch}-${entry.seq}`);
    for (const { trades, failures, bought } of traders) {
      expect(failures).toEqual([]);
      expect(bought).toBeGreaterThan(0);
      expect(trades.items.slice(1).map(({ id }) => id)).toEqual(executed);
      expect(trades.items.filter(({ data }) => data.type === 'snapshot')).toHaveLength(1);
    }
    await Promise.all(traders.map((each) => each.close()));
    await proxy.close();
    await Promise.all([old.close(), next.close()]);
  });

  it('refuses new connections with 503 and is not ready, while the others are served on', async () => {
    const server = await startServer({
      app: market.app,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      host: '127.0.0.1',
      port: 0,
      limits: NO_SERVER_LIMITS,
      webDir: '/nonexistent',
    });
    const ready = async (): Promise<number> => (await fetch(`${server.url}/ready`)).status;
    const socketUrl = `ws://127.0.0.1:${server.port}/trpc`;
    expect(await ready()).toBe(200);
    const stays = new WebSocket(socketUrl);
    const messages = new Inbox<string>();
    stays.on('message', (data) => messages.push(data.toString()));
    await new Promise((resolve) => stays.once('open', resolve));

    const drained = server.drain({ graceMs: 60_000 });
    await messages.until((items) => items.includes('{"id":null,"method":"reconnect"}'));
    expect(await ready()).toBe(503);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    const refused = new WebSocket(socketUrl);
    const status = await new Promise((resolve) =>
      refused.once('unexpected-response', (request, response) => {
        resolve(response.statusCode);
        request.destroy();
      }),
    );
    expect(status).toBe(503);
    stays.send('PING');
    await messages.until((items) => items.includes('PONG'));

    stays.close();
    expect(await drained).toEqual({ left: 1, closed: 0 });
    await server.close();
  });
});
