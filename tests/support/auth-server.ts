import { createSignInMessageText } from '@solana/wallet-standard-util';
import {
  createTRPCClient,
  createWSClient,
  httpLink,
  type TRPCClient,
  TRPCClientError,
  wsLink,
} from '@trpc/client';
import superjson from 'superjson';
import { WebSocket } from 'ws';
import type { AppRouter } from '../../server/api/router.ts';
import type { AppOptions } from '../../server/app.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../server/http.ts';
import { Identity, type IdentityOptions } from '../../server/identity/identity.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import type { Tokens } from '../../shared/auth.ts';
import { FrameClient } from './frame-client.ts';
import { type Signer, wireProof } from './signer.ts';
import { openMarket, type TestMarket } from './test-app.ts';
import { connectionParams } from './ws-messages.ts';

const HOST = '127.0.0.1';
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface AuthServerOptions {
  readonly server?: Partial<ServerOptions>;
  readonly app?: Partial<AppOptions>;
  readonly identity?: Partial<IdentityOptions>;
}

/** A stock client, with what is below it. */
export interface Connected {
  readonly client: TRPCClient<AppRouter>;
  readonly socket: ReturnType<typeof createWSClient>;
}

/** A plain HTTP answer. */
export interface Posted {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** The whole server with a market in memory, without limits unless told, and clients of it. */
export class AuthServer implements AsyncDisposable {
  readonly #sockets: ReturnType<typeof createWSClient>[] = [];
  readonly #frames: FrameClient[] = [];

  private constructor(
    readonly market: TestMarket,
    readonly identity: Identity,
    readonly server: RunningServer,
  ) {}

  static async open(options: AuthServerOptions = {}): Promise<AuthServer> {
    const identity = Identity.inMemory(options.identity);
    const market = await openMarket({ identity, ...options.app });
    const server = await startServer({
      app: market.app,
      logger: quiet,
      host: HOST,
      port: 0,
      webDir: '/nonexistent',
      limits: NO_SERVER_LIMITS,
      ...options.server,
    });
    return new AuthServer(market, identity, server);
  }

  get url(): string {
    return this.server.url;
  }

  get socketUrl(): string {
    return `ws://${HOST}:${this.server.port}/trpc`;
  }

  /** Tokens of a wallet, without a signature. */
  tokens({ address }: Pick<Signer, 'address'>): Promise<Tokens> {
    return this.identity.vouch(address, 'a test');
  }

  /** A stock client on a WebSocket of its own, which signs in each time it connects. */
  connect(token?: string): Connected {
    // It takes the platform's WebSocket, and Node 20 has none.
    Object.assign(globalThis, { WebSocket });
    const socket = createWSClient({
      url: this.socketUrl,
      retryDelayMs: () => 1,
      ...(token === undefined ? {} : { connectionParams: { token } }),
    });
    this.#sockets.push(socket);
    return {
      socket,
      client: createTRPCClient({ links: [wsLink({ client: socket, transformer: superjson })] }),
    };
  }

  /** A stock client over HTTP. */
  http(token?: string): TRPCClient<AppRouter> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return createTRPCClient({
      links: [httpLink({ url: `${this.url}/trpc`, transformer: superjson, headers })],
    });
  }

  /** A client that sees every message as it came. */
  async frames(token?: string, headers: Record<string, string> = {}): Promise<FrameClient> {
    const asks = token === undefined ? '' : '?connectionParams=1';
    const client = await FrameClient.open(`${this.socketUrl}${asks}`, { headers });
    this.#frames.push(client);
    if (token !== undefined) client.send(connectionParams({ token }));
    return client;
  }

  /** Calls a mutation as plain HTTP. */
  async post(path: string, input: unknown, headers: Record<string, string> = {}): Promise<Posted> {
    const response = await fetch(`${this.url}/trpc/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(superjson.serialize(input)),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  /** Signs in as a wallet does. */
  async signIn(client: TRPCClient<AppRouter>, signer: Signer): Promise<Tokens> {
    const challenge = await client.auth.challenge.mutate({ address: signer.address });
    return client.auth.signIn.mutate(wireProof(signer.prove(createSignInMessageText({ ...challenge }))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => socket.close()));
    await Promise.all(this.#frames.map((client) => client.cut()));
    await this.server.close();
    await this.market.app.close();
  }
}

/** @throws what is no error of the client's, or that there was none */
export async function errorOf(call: Promise<unknown>): Promise<TRPCClientError<AppRouter>> {
  const error: unknown = await call.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError)) throw error;
  return error;
}
