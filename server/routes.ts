import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getTRPCErrorShape, type TRPCError } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { appRouter } from './api/router.ts';
import { transformer } from './api/transformer.ts';
import type { App, Logger } from './app.ts';
import type { Clients } from './clients.ts';
import { Docs } from './docs/index.ts';
import type { Door, Refusal } from './door.ts';
import { asyncApiDocument } from './gateway/asyncapi.ts';
import { pageHeaders } from './guards/security-headers.ts';
import { refuse, refuseWithoutUpgrade, sendJson } from './http-answers.ts';
import { type Pages, pagesOf } from './pages.ts';
import { LimitedError } from './realtime/ws/limited.ts';

export const API_PATH = '/trpc';
export const GATEWAY_PATH = '/ws';
const DOCUMENT_PATH = '/docs/asyncapi.json';
/** Messages and bodies above these are refused before they are parsed. */
export const MAX_MESSAGE_BYTES = 16 * 1024;
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST'];
/** Calls in one request: it counts once against the limit of requests. */
const MAX_BATCH = 10;

export interface RoutesOptions {
  readonly app: App;
  readonly logger: Logger;
  readonly door: Door;
  readonly clients: Clients;
  readonly publicUrl: string;
  /** The built web app; nothing is served at / when it is not there. */
  readonly webDir: string;
}

/** What is answered to HTTP requests. */
export class Routes {
  /** It wants no new connections. */
  draining = false;
  readonly #options: RoutesOptions;
  readonly #headers: ReadonlyMap<string, string>;
  readonly #api: RequestListener;
  readonly #pages: Pages | undefined;
  readonly #docs = new Docs();
  #document: string | undefined;

  constructor(options: RoutesOptions) {
    const { webDir, clients, publicUrl } = options;
    this.#options = options;
    this.#headers = pageHeaders(publicUrl);
    this.#api = createHTTPHandler({
      router: appRouter,
      createContext: ({ req, res }) => clients.ofRequest(req, res),
      onError: this.onError,
      basePath: `${API_PATH}/`,
      maxBodySize: MAX_MESSAGE_BYTES,
      maxBatchSize: MAX_BATCH,
      responseMeta: ({ errors }) => retryAfter(errors),
    });
    this.#pages = pagesOf(webDir);
  }

  /** A client's mistake is not the server's error. */
  readonly onError = ({ error, path }: { error: TRPCError; path?: string | undefined }): void => {
    if (error.code !== 'INTERNAL_SERVER_ERROR' || isBrokenFrame(error.cause)) return;
    this.#options.logger.error({ err: error, path }, 'a procedure failed');
  };

  readonly answer = (req: IncomingMessage, res: ServerResponse): void => {
    try {
      this.#route(req, res);
    } catch (error) {
      this.#failed(error, res);
    }
  };

  #route(req: IncomingMessage, res: ServerResponse): void {
    const { app } = this.#options;
    const url = parseUrl(req);
    for (const [name, value] of this.#headers) res.setHeader(name, value);
    if (url === undefined) refuse(res, 400, 'bad request target or host');
    else if (url.pathname === '/health') sendHealth(app, res);
    else if (url.pathname === '/ready') sendReadiness(!this.draining, res);
    else if (url.pathname === API_PATH || url.pathname.startsWith(`${API_PATH}/`)) this.#call(req, res);
    else if (url.pathname === GATEWAY_PATH) refuseWithoutUpgrade(res);
    else if (this.#docs.has(url.pathname)) this.#docs.answer(url.pathname, req, res);
    else if (url.pathname === DOCUMENT_PATH) this.#sendDocument(res);
    else if (this.#pages === undefined) refuse(res, 404, 'the web app is not built; run "npm run build"');
    else this.#pages(req, res, () => refuse(res, 404, 'not found'));
  }

  #call(req: IncomingMessage, res: ServerResponse): void {
    // The handler makes a request of it that others cannot be made of.
    if (!METHODS.includes(req.method ?? '')) {
      res.setHeader('allow', METHODS.join(', '));
      refuse(res, 405, 'method not allowed');
      return;
    }
    this.#admitAndCall(req, res).catch((error: unknown) => this.#failed(error, res));
  }

  #failed(error: unknown, res: ServerResponse): void {
    this.#options.logger.error({ err: error }, 'a request failed');
    if (res.headersSent) res.destroy();
    else refuse(res, 500, 'something went wrong in the server');
  }

  async #admitAndCall(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { door, clients } = this.#options;
    const admission = await door.admit(req, 'requests');
    if (admission.kind === 'refused') {
      refuseCall(res, admission.refusal);
      return;
    }
    if (res.closed) {
      admission.leave();
      return;
    }
    res.once('close', admission.leave);
    clients.admitted(req, admission.client);
    this.#api(req, res);
  }

  #sendDocument(res: ServerResponse): void {
    this.#document ??= JSON.stringify(asyncApiDocument());
    res.writeHead(200, { 'content-type': 'application/json' }).end(this.#document);
  }
}

/** What `ws` says of a peer that does not keep to the protocol. */
const isBrokenFrame = (cause: unknown): boolean =>
  cause instanceof Error &&
  'code' in cause &&
  typeof cause.code === 'string' &&
  cause.code.startsWith('WS_ERR_');

/** As the handler would: clients of the API find the error where they look for it. One stands for all of a batch. */
function refuseCall(res: ServerResponse, { error, retryAfter }: Refusal): void {
  const shape = getTRPCErrorShape({
    config: appRouter._def._config,
    error,
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  if (retryAfter !== undefined) res.setHeader('retry-after', `${retryAfter}`);
  sendJson(res, getHTTPStatusCodeFromError(error), { error: transformer.output.serialize(shape) });
}

/** The handlers behind this one build a URL from the request line and the Host header, and throw where that fails. */
export function parseUrl({ url = '', headers }: IncomingMessage): URL | undefined {
  if (!url.startsWith('/') || url.startsWith('//')) return undefined;
  try {
    return new URL(url, `http://${headers.host ?? 'localhost'}`);
  } catch {
    // Not a URL: the caller answers 400.
    return undefined;
  }
}

/** For HTTP clients that know the header and not our errors; of a batch the longest. */
function retryAfter(errors: readonly TRPCError[]): { headers?: Headers } {
  const waits = errors.flatMap(({ cause }) => (cause instanceof LimitedError ? [cause.waitMs] : []));
  if (waits.length === 0) return {};
  return { headers: new Headers({ 'retry-after': `${Math.ceil(Math.max(...waits) / 1000)}` }) };
}

/** The process works. */
function sendHealth({ services, views }: App, res: ServerResponse): void {
  sendJson(res, 200, { status: 'ok', epoch: services.log.epoch, head: views.seq });
}

/** It wants new connections. */
function sendReadiness(ready: boolean, res: ServerResponse): void {
  sendJson(res, ready ? 200 : 503, { status: ready ? 'ready' : 'draining' });
}
