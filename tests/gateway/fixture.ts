import { expect, onTestFinished } from 'vitest';
import type { AppOptions } from '../../server/app.ts';
import { NO_RATES, type RateSettings } from '../../server/guards/rate-limits.ts';
import { type RunningServer, startServer } from '../../server/http.ts';
import { NO_SERVER_LIMITS, type ServerLimits } from '../../server/server-limits.ts';
import type { WalletAddress } from '../../shared/ids.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { DocumentChecker } from './document.ts';
import { JsonClient, type Message } from './json-client.ts';

interface Options {
  readonly market?: Partial<AppOptions>;
  /** There are none of either unless told. */
  readonly rates?: Partial<RateSettings>;
  readonly limits?: Partial<ServerLimits>;
}

const marketOptions = ({ market, rates }: Options): Partial<AppOptions> => ({
  rates: { ...NO_RATES, ...rates },
  ...market,
});

/** A market behind a server of its own until the test is over. Every message of it is held against its document. */
export class GatewayWorld {
  readonly market: TestMarket;
  readonly #options: Options;
  readonly #clients: JsonClient[] = [];
  readonly #faults: string[] = [];
  readonly logged: unknown[] = [];
  #server: RunningServer | undefined;
  #checker: DocumentChecker | undefined;

  private constructor(market: TestMarket, options: Options) {
    this.market = market;
    this.#options = options;
  }

  static async open(options: Options = {}): Promise<GatewayWorld> {
    const world = new GatewayWorld(await openMarket(marketOptions(options)), options);
    await world.#start();
    onTestFinished(async () => {
      await Promise.all(world.#clients.map((client) => client.cut()));
      await world.server.close();
      await world.market.app.close();
      expect(world.#faults).toEqual([]);
    });
    return world;
  }

  get server(): RunningServer {
    if (this.#server === undefined) throw new Error('it is not open');
    return this.#server;
  }

  get checker(): DocumentChecker {
    if (this.#checker === undefined) throw new Error('it is not open');
    return this.#checker;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.server.port}/ws`;
  }

  async #start(): Promise<void> {
    this.#server = await startServer({
      app: this.market.app,
      logger: {
        info: () => undefined,
        warn: () => undefined,
        error: (details) => this.logged.push(details),
      },
      host: '127.0.0.1',
      port: 0,
      webDir: '/nonexistent',
      limits: { ...NO_SERVER_LIMITS, ...this.#options.limits },
    });
    const document: unknown = await (await fetch(`${this.server.url}/docs/asyncapi.json`)).json();
    this.#checker = new DocumentChecker(document);
  }

  /** As a new process on the same log would be. */
  async restart(): Promise<void> {
    await this.server.close();
    await this.market.restart(marketOptions(this.#options));
    await this.#start();
  }

  /** A client that has read `connected`. */
  async connect(): Promise<JsonClient> {
    const client = await JsonClient.open(this.url, (message) => this.#check(message));
    this.#clients.push(client);
    const connected = await client.next();
    expect(connected.type).toBe('connected');
    return client;
  }

  /** An access token of that wallet. */
  async tokenOf(who: WalletAddress): Promise<string> {
    return (await this.market.app.services.identity.vouch(who, 'test')).accessToken;
  }

  /** Has a client speak for that wallet. @returns the answer */
  async signIn(client: JsonClient, who: WalletAddress): Promise<Message> {
    client.send({ type: 'auth', token: await this.tokenOf(who) });
    return client.next();
  }

  #check(message: Message): void {
    const fault = this.checker.faultOf(message);
    if (fault !== undefined) this.#faults.push(fault);
  }
}
