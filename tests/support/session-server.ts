import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import superjson from 'superjson';
import { WebSocket, WebSocketServer } from 'ws';
import { type AppRouter, appRouter } from '../../server/api/router.ts';
import type { Session } from '../../server/identity/session.ts';
import { applyWSSHandler } from '../../server/realtime/ws/index.ts';
import { openMarket, type TestMarket } from './test-app.ts';

/** A market behind a WebSocket server that takes every connection for the session it is told to. */
export class SessionServer implements AsyncDisposable {
  readonly #sessions = new Map<string, Session | null>();
  readonly #sockets: ReturnType<typeof createWSClient>[] = [];

  private constructor(
    readonly market: TestMarket,
    private readonly wss: WebSocketServer,
  ) {
    applyWSSHandler({
      wss,
      router: appRouter,
      createContext: ({ req }) => market.app.contextOf(this.#sessions.get(req.url ?? '') ?? null),
    });
  }

  static async open(): Promise<SessionServer> {
    const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    const server = new SessionServer(await openMarket(), wss);
    await new Promise((resolve) => wss.once('listening', resolve));
    return server;
  }

  /** A stock client with a session of its own, or with none. */
  connect(session: Session | null): TRPCClient<AppRouter> {
    // It takes the platform's WebSocket, and Node 20 has none.
    Object.assign(globalThis, { WebSocket });
    const address = this.wss.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
    const path = `/${this.#sessions.size}`;
    this.#sessions.set(path, session);
    const socket = createWSClient({
      url: `ws://127.0.0.1:${address.port}${path}`,
      retryDelayMs: () => 1,
    });
    this.#sockets.push(socket);
    return createTRPCClient({ links: [wsLink({ client: socket, transformer: superjson })] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => socket.close()));
    for (const client of this.wss.clients) client.terminate();
    await new Promise<void>((resolve) => this.wss.close(() => resolve()));
    await this.market.app.close();
  }
}
