import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import sirv from 'sirv';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Session } from './api/context.ts';
import { appRouter } from './api/router.ts';
import type { App, Logger } from './app.ts';
import { Docs } from './docs/index.ts';
import { asyncApiDocument } from './gateway/asyncapi.ts';
import { type Authenticate, createGateway, type Gateway, MAX_FRAME_BYTES } from './gateway/index.ts';
import { applyWSSHandler, type Drained, type DrainOptions } from './realtime/ws/index.ts';

export interface ServerOptions {
  readonly app: App;
  readonly logger: Logger;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The built web app; nothing is served at / when it is not there. */
  readonly webDir: string;
  /** Checks the `auth` messages of the gateway. Without one nobody can sign in there. */
  readonly authenticate?: Authenticate;
  /** Who makes a request to the API, or opens a WebSocket to it; nobody unless told. */
  readonly sessionOf?: (req: IncomingMessage) => Session | null;
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

/** Messages and bodies above these are refused before they are parsed. */
const MAX_MESSAGE_BYTES = 16 * 1024;
/**
 * Connections that may wait to be accepted: after a failure thousands come back within a second, and for one that finds
 * no room the system tries again only after 1, 3 or 7 s. Linux takes no more than `net.core.somaxconn`.
 */
const BACKLOG = 4_096;
/** How long a client may take to answer the close before its connection is cut. */
const CLOSE_GRACE_MS = 1_000;
const API_PATH = '/trpc';
const GATEWAY_PATH = '/ws';
const DOCUMENT_PATH = '/docs/asyncapi.json';

/**
 * Serves the API at /trpc (HTTP, and WebSocket for subscriptions), the same channels as plain JSON at /ws and their
 * description at /docs/asyncapi.json, the web app at /, /health and /ready.
 * @throws when the address cannot be listened on
 */
export async function startServer({
  app,
  logger,
  host,
  port,
  webDir,
  authenticate,
  sessionOf = () => null,
}: ServerOptions): Promise<RunningServer> {
  const onError = ({ error, path }: { error: { code: string }; path?: string | undefined }): void => {
    // A client's mistake is not the server's error.
    if (error.code === 'INTERNAL_SERVER_ERROR') logger.error({ err: error, path }, 'a procedure failed');
  };
  const createContext = ({ req }: { req: IncomingMessage }) => app.context(sessionOf(req));
  const api = createHTTPHandler({
    router: appRouter,
    createContext,
    onError,
    basePath: `${API_PATH}/`,
    maxBodySize: MAX_MESSAGE_BYTES,
  });
  const pages = existsSync(webDir)
    ? sirv(webDir, { single: true, etag: true, setHeaders: cacheAssets })
    : undefined;
  const wss = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const trpc = applyWSSHandler({
    wss,
    router: appRouter,
    createContext,
    onError,
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
  });
  const gatewayWss = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const gateway = createGateway({
    wss: gatewayWss,
    services: app.services,
    authenticate,
    onFault: (err, where) => logger.error({ err, where }, 'the gateway failed'),
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

  let draining = false;
  let document: string | undefined;
  const docs = new Docs();
  const route: RequestListener = (req, res) => {
    const url = parseUrl(req);
    res.setHeader('x-content-type-options', 'nosniff');
    res.setHeader('referrer-policy', 'no-referrer');
    if (url === undefined) refuse(res, 400, 'bad request target or host');
    else if (url.pathname === '/health') sendHealth(app, res);
    else if (url.pathname === '/ready') sendReadiness(!draining, res);
    else if (url.pathname === API_PATH || url.pathname.startsWith(`${API_PATH}/`)) api(req, res);
    else if (url.pathname === GATEWAY_PATH) refuseWithoutUpgrade(res);
    else if (docs.has(url.pathname)) docs.answer(url.pathname, req, res);
    else if (url.pathname === DOCUMENT_PATH) {
      document ??= JSON.stringify(asyncApiDocument());
      res.writeHead(200, { 'content-type': 'application/json' }).end(document);
    } else if (pages === undefined) refuse(res, 404, 'the web app is not built; run "npm run build"');
    else pages(req, res, () => refuse(res, 404, 'not found'));
  };
  const server = createServer(route);
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => logger.info({ err: error }, 'a connection failed during the upgrade'));
    const url = parseUrl(req);
    const sockets = socketServers.get(url?.pathname ?? '');
    if (url === undefined) refuseUpgrade(socket, '400 Bad Request');
    else if (sockets === undefined) refuseUpgrade(socket, '404 Not Found');
    else if (draining) refuseUpgrade(socket, '503 Service Unavailable', 'Retry-After: 1\r\n');
    else {
      sockets.handleUpgrade(req, socket, head, (client) => {
        client.on('error', (error) => logger.info({ err: error }, 'a WebSocket connection failed'));
        sockets.emit('connection', client, req);
      });
    }
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const bound = isAddressInfo(address) ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    gateway,
    drain: async (options) => {
      draining = true;
      const drained = await Promise.all([trpc.drain(options), gateway.drain(options)]);
      return {
        left: drained.reduce((sum, { left }) => sum + left, 0),
        closed: drained.reduce((sum, { closed }) => sum + closed, 0),
      };
    },
    close: async () => {
      draining = true;
      for (const leave of doors) leave();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      trpc.broadcastReconnectNotification();
      gateway.broadcastReconnectNotification();
      const left = everyClient().map((client) => new Promise((resolve) => client.once('close', resolve)));
      for (const client of everyClient()) client.close(1012, 'restarting');
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

/** The build names its assets by their content, so a name never means anything else. */
function cacheAssets(res: ServerResponse, pathname: string): void {
  if (pathname.startsWith('/assets/')) res.setHeader('cache-control', 'public, max-age=31536000, immutable');
}

const isAddressInfo = (address: unknown): address is AddressInfo =>
  typeof address === 'object' && address !== null;

/** The handlers behind this one build a URL from the request line and the Host header, and throw where that fails. */
function parseUrl({ url = '', headers }: IncomingMessage): URL | undefined {
  if (!url.startsWith('/') || url.startsWith('//')) return undefined;
  try {
    return new URL(url, `http://${headers.host ?? 'localhost'}`);
  } catch {
    // Not a URL: the caller answers 400.
    return undefined;
  }
}

function refuse(res: ServerResponse, status: number, message: string): void {
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}

/** What is there is spoken over WebSocket only (RFC 9110, section 15.5.22). */
function refuseWithoutUpgrade(res: ServerResponse): void {
  res.setHeader('upgrade', 'websocket');
  refuse(res, 426, 'this is a WebSocket endpoint');
}

/** `headers`: whole lines, each with its end. */
function refuseUpgrade(socket: Duplex, status: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** The process works. */
function sendHealth({ services, views }: App, res: ServerResponse): void {
  sendJson(res, 200, { status: 'ok', epoch: services.log.epoch, head: views.seq });
}

/** It wants new connections. */
function sendReadiness(ready: boolean, res: ServerResponse): void {
  sendJson(res, ready ? 200 : 503, { status: ready ? 'ready' : 'draining' });
}

function sendJson(res: ServerResponse, status: number, body: object): void {
  res
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
