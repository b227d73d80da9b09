import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { type WebSocket, WebSocketServer } from 'ws';
import { appRouter } from './api/router.ts';
import type { App, Logger } from './app.ts';
import { Clients } from './clients.ts';
import { Door } from './door.ts';
import { createGateway, type Gateway, MAX_FRAME_BYTES } from './gateway/index.ts';
import { addressKey } from './guards/client-address.ts';
import { OpenConnections } from './guards/open-connections.ts';
import { Origins } from './guards/origins.ts';
import type { Overload } from './guards/overload.ts';
import { refuseUpgrade } from './http-answers.ts';
import {
  applyWSSHandler,
  CLOSE,
  type Drained,
  type DrainOptions,
  type WSSHandler,
} from './realtime/ws/index.ts';
import { API_PATH, GATEWAY_PATH, MAX_MESSAGE_BYTES, parseUrl, Routes } from './routes.ts';
import { DEFAULT_SERVER_LIMITS, type ServerLimits } from './server-limits.ts';

export interface ServerOptions {
  readonly app: App;
  readonly logger: Logger;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The built web app; nothing is served at / when it is not there. */
  readonly webDir: string;
  /** What one client may take; the usual unless told. */
  readonly limits?: ServerLimits;
  /** The origin that people open the site at; unless told, the port on this machine, by any of its local names. */
  readonly publicUrl?: string | undefined;
  /** Further origins whose pages may come. */
  readonly origins?: readonly string[];
  /** Proxies of our own between here and the clients. */
  readonly proxyHops?: number;
  /** Tells when nothing new should be taken on; never unless told. */
  readonly overload?: Pick<Overload, 'reason'> | undefined;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** The plain JSON protocol. */
  readonly gateway: Pick<Gateway, 'stats'>;
  /**
   * Takes no new WebSocket connection any more (503), says so at /ready, and asks the clients in waves to connect
   * elsewhere; each is served until it leaves. HTTP requests are answered until {@link close}.
   */
  drain(options?: DrainOptions): Promise<Drained>;
  /** Tells WebSocket clients to come back, closes every connection and stops listening. */
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 8 * 1024;
const MAX_HEADERS = 100;
/** How long the headers of a request may take, from the moment the connection is there, and the whole of it. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 10_000;
/** How often those are looked at. */
const TIMEOUTS_CHECK_MS = 1_000;
/** TCP connections of one address for each WebSocket that it may have: browsers open some to load a page. */
const SOCKETS_PER_CONNECTION = 10;
/**
 * Connections that may wait to be accepted: after a failure thousands come back within a second, and for one that finds
 * no room the system tries again only after 1, 3 or 7 s. Linux takes no more than `net.core.somaxconn`.
 */
const BACKLOG = 4_096;
/** How long a client may take to answer the close before its connection is cut. */
const CLOSE_GRACE_MS = 1_000;
const DRAIN_RETRY = 1;

/**
 * Serves the API at /trpc (HTTP, and WebSocket for subscriptions), the same channels as plain JSON at /ws and their
 * description at /docs/asyncapi.json, the web app at /, /health and /ready.
 * @throws when the address cannot be listened on, or an origin is none
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { app, logger, host, limits = DEFAULT_SERVER_LIMITS, proxyHops = 0, overload } = options;
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: TIMEOUTS_CHECK_MS,
  });
  server.maxHeadersCount = MAX_HEADERS;
  const port = await listen(server, host, options.port);
  // From here on nothing is waited for until every listener is in its place.
  const publicUrl = options.publicUrl ?? `http://localhost:${port}`;
  const here = options.publicUrl === undefined ? [`http://127.0.0.1:${port}`, `http://[::1]:${port}`] : [];
  const { messages, subscribes, refusals, connectionsPerAddress } = limits;
  const door = new Door({
    origins: new Origins([publicUrl, ...here, ...(options.origins ?? [])]),
    proxyHops,
    connectionsPerAddress,
    limits: app.services.limits,
    overload: () => overload?.reason ?? null,
    onUnknownProxy: () =>
      logger.warn(
        {},
        'a request has X-Forwarded-For: if a proxy of yours wrote it, set TRUSTED_PROXY_HOPS, or all clients share one address and its limits',
      ),
  });
  const wss = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const clients = new Clients(app);
  const routes = new Routes({ app, logger, door, clients, publicUrl, webDir: options.webDir });
  const trpc: WSSHandler = applyWSSHandler({
    wss,
    router: appRouter,
    createContext: ({ req, res: socket, info }) =>
      clients.ofSocket({
        req,
        socket,
        params: info.connectionParams,
        refuse: (refusal) => trpc.refuse(socket, refusal),
      }),
    onError: routes.onError,
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
    limits: { messages, subscribes, refusals },
  });
  const gatewayWss = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const gateway = createGateway({
    wss: gatewayWss,
    services: app.services,
    visitorOf: (req) => clients.stranger(req),
    onFault: (err, where) => logger.error({ err, where }, 'the gateway failed'),
    limits: { messages, subscribes, refusals },
  });
  const socketServers = new Map([
    [API_PATH, wss],
    [GATEWAY_PATH, gatewayWss],
  ]);
  const doors = [
    app.stats.addDoor('trpc', () => trpc.stats()),
    app.stats.addDoor('gateway', () => gateway.stats()),
  ];
  const everyClient = (): WebSocket[] => [...socketServers.values()].flatMap(({ clients }) => [...clients]);

  /** Who does not say what it was built for is taken to know. */
  function isOutdated({ searchParams }: URL): boolean {
    const builtFor = searchParams.get('contract');
    return builtFor !== null && builtFor !== app.services.contract();
  }

  function upgradeFailed(error: Error): void {
    logger.info({ err: error }, 'a connection failed during the upgrade');
  }

  async function upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = parseUrl(req);
    const sockets = socketServers.get(url?.pathname ?? '');
    if (url === undefined) return refuseUpgrade(socket, 400);
    if (sockets === undefined) return refuseUpgrade(socket, 404);
    if (routes.draining) return refuseUpgrade(socket, 503, DRAIN_RETRY);
    const admission = await door.admit(req, 'connects');
    if (admission.kind === 'refused') {
      const { error, retryAfter } = admission.refusal;
      return refuseUpgrade(socket, getHTTPStatusCodeFromError(error), retryAfter);
    }
    // It may have gone meanwhile, and the handshake may fail: whatever happens, it leaves with its socket.
    if (socket.destroyed) return admission.leave();
    socket.once('close', admission.leave);
    clients.admitted(req, admission.client);
    sockets.handleUpgrade(req, socket, head, (client) => {
      // From here on `ws` hears of its errors.
      socket.off('error', upgradeFailed);
      client.on('error', (error) => logger.info({ err: error }, 'a WebSocket connection failed'));
      // A refused upgrade would not tell a page why.
      if (sockets === wss && isOutdated(url)) client.close(CLOSE.outdated, 'built for another contract');
      else sockets.emit('connection', client, req);
    });
  }

  server.on('request', routes.answer);
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', upgradeFailed);
    upgrade(req, socket, head).catch((error: unknown) => {
      logger.error({ err: error }, 'an upgrade failed');
      socket.destroy();
    });
  });
  // Behind a proxy all of them are the proxy's.
  if (proxyHops === 0 && connectionsPerAddress !== null) {
    boundSockets(server, connectionsPerAddress * SOCKETS_PER_CONNECTION);
  }

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    gateway,
    drain: async (drainOptions) => {
      routes.draining = true;
      const drained = await Promise.all([trpc.drain(drainOptions), gateway.drain(drainOptions)]);
      return {
        left: drained.reduce((sum, { left }) => sum + left, 0),
        closed: drained.reduce((sum, { closed }) => sum + closed, 0),
      };
    },
    close: async () => {
      routes.draining = true;
      for (const leave of doors) leave();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      trpc.broadcastReconnectNotification();
      gateway.broadcastReconnectNotification();
      const left = everyClient().map((client) => new Promise((resolve) => client.once('close', resolve)));
      for (const client of everyClient()) client.close(CLOSE.restart, 'restarting');
      const impatient = setTimeout(() => {
        for (const client of everyClient()) client.terminate();
      }, CLOSE_GRACE_MS);
      await Promise.all(left);
      clearTimeout(impatient);
      for (const sockets of socketServers.values()) sockets.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** @returns the port */
async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return isAddressInfo(address) ? address.port : port;
}

/** Who connects and says nothing is not asked anything before the headers are due; so there cannot be many of those. */
function boundSockets(server: Server, perAddress: number): void {
  const open = new OpenConnections(perAddress);
  server.on('connection', (socket) => {
    const address = addressKey(socket.remoteAddress ?? 'unknown');
    if (!open.enter(address)) socket.destroy();
    else socket.once('close', () => open.leave(address));
  });
}

const isAddressInfo = (address: unknown): address is AddressInfo =>
  typeof address === 'object' && address !== null;
