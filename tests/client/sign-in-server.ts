import { WebSocket } from 'ws';
import type { AppOptions } from '../../server/app.ts';
import { type RunningServer, startServer } from '../../server/http.ts';
import { Identity } from '../../server/identity/identity.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import { type ClientOptions, type ConnectedClient, createClient } from '../../shared/client/index.ts';
import { KeypairWallet } from '../../shared/wallet/keypair.ts';
import { TcpProxy } from '../support/proxy.ts';
import { ManualClock, openMarket, type TestMarket } from '../support/test-app.ts';
import { ManualTimers } from './manual-timers.ts';

const HOST = '127.0.0.1';
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A request to the API over HTTP, as it was sent. */
export interface HttpCall {
  readonly url: string;
  readonly body: string;
}

/** A client of a {@link SignInServer}, with what it has sent over HTTP. */
export interface SignedClient extends ConnectedClient {
  readonly calls: HttpCall[];
}

/** The whole server, on a clock that a test moves, behind a proxy that it can cut. */
export class SignInServer implements AsyncDisposable {
  readonly ann = KeypairWallet.fromSeed(new Uint8Array(32).fill(1));
  readonly bob = KeypairWallet.fromSeed(new Uint8Array(32).fill(2));
  /** Names of the HTTP calls of which the answer is lost on its way. */
  readonly losing = new Set<string>();
  readonly #clients: ConnectedClient[] = [];

  private constructor(
    readonly market: TestMarket,
    readonly clock: ManualClock,
    private readonly server: RunningServer,
    private readonly proxy: TcpProxy,
    private readonly url: string,
  ) {}

  static async open(options: Partial<AppOptions> = {}): Promise<SignInServer> {
    const clock = new ManualClock();
    const identity = Identity.inMemory({ clock: clock.now });
    const market = await openMarket({ clock: clock.now, identity, ...options });
    const server = await startServer({
      app: market.app,
      logger: quiet,
      host: HOST,
      port: 0,
      webDir: '/nowhere',
      limits: NO_SERVER_LIMITS,
    });
    const proxy = new TcpProxy();
    const url = `ws://${HOST}:${await proxy.listen(server.port)}/trpc`;
    return new SignInServer(market, clock, server, proxy, url);
  }

  /** A client whose timers stand still unless the test moves them, with a clock that is far from the server's. */
  connect(options: Partial<ClientOptions> = {}): SignedClient {
    const calls: HttpCall[] = [];
    const client = createClient({
      url: this.url,
      WebSocket,
      clock: new ManualTimers(),
      random: () => 0,
      ...options,
      session: {
        fetch: async (input, init) => {
          const url = String(input);
          calls.push({ url, body: String(init?.body ?? '') });
          const response = await fetch(url, { ...init, signal: init?.signal ?? null });
          for (const name of this.losing) {
            if (url.endsWith(name)) throw new TypeError('the network was lost');
          }
          return response;
        },
        ...options.session,
      },
    });
    this.#clients.push(client);
    return Object.assign(client, { calls });
  }

  /** No connection gets through, and those there are lost. */
  disconnect(): void {
    this.proxy.pointTo(undefined);
    this.proxy.cut();
  }

  reconnect(): void {
    this.proxy.pointTo(this.server.port);
  }

  /** Cuts the connections; new ones get through. */
  cut(): void {
    this.proxy.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map(({ close }) => close()));
    await this.proxy.close();
    await this.server.close();
    await this.market.app.close();
  }
}
