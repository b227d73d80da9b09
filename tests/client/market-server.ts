import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { appRouter } from '../../server/api/router.ts';
import { applyWSSHandler } from '../../server/realtime/ws/index.ts';
import type { WalletAddress } from '../../shared/ids.ts';
import { TcpProxy } from '../support/proxy.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

/** A market whose WebSocket connections are all of one wallet, behind a proxy that a test can cut. */
export class MarketServer implements AsyncDisposable {
  private constructor(
    readonly market: TestMarket,
    readonly proxy: TcpProxy,
    readonly trader: WalletAddress,
    readonly url: string,
    private readonly wss: WebSocketServer,
    /** Where the server itself listens. */
    readonly port: number,
  ) {}

  static async open(): Promise<MarketServer> {
    const market = await openMarket();
    const trader = await market.fund('ann');
    const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    applyWSSHandler({
      wss,
      router: appRouter,
      createContext: () => market.app.contextOf({ wallet: trader, operator: true }),
    });
    await new Promise<void>((resolve) => wss.once('listening', () => resolve()));
    const address = wss.address();
    if (!isAddressInfo(address)) throw new Error('the server has no port');
    const proxy = new TcpProxy();
    const url = `ws://127.0.0.1:${await proxy.listen(address.port)}`;
    return new MarketServer(market, proxy, trader, url, wss, address.port);
  }

  /** No connection gets through, and those there are lost. */
  disconnect(): void {
    this.proxy.pointTo(undefined);
    this.proxy.cut();
  }

  reconnect(): void {
    this.proxy.pointTo(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy.close();
    for (const client of this.wss.clients) client.terminate();
    await new Promise<void>((resolve) => this.wss.close(() => resolve()));
    await this.market.app.close();
  }
}

const isAddressInfo = (address: unknown): address is AddressInfo =>
  typeof address === 'object' && address !== null;
