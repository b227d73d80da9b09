import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { WebSocketServer } from 'ws';
import {
  applyWSSHandler,
  getWSConnectionHandler,
  type WSSHandlerOptions,
} from '../../../server/realtime/ws/index.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../server/realtime/ws/options.ts';
import { type PipedClient, PipedServer } from '../../support/piped-server.ts';
import { QuoteLog, type QuoteLogOptions } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';

/** Ways by which a handler's messages reach the socket. */
export const PATHS = ['straight to the socket', 'through ws'] as const;

interface Options extends QuoteLogOptions {
  readonly limits?: Partial<Limits>;
  readonly path?: (typeof PATHS)[number];
  readonly keepAlive?: { readonly enabled: true; readonly pingMs: number; readonly pongWaitMs: number };
}

export const BUDGET = DEFAULT_LIMITS.sendBudgetBytes;
/** Items that are sent at a time. */
export const BATCH = 128;

export interface Setting {
  readonly log: QuoteLog;
  readonly service: QuoteService;
  readonly server: PipedServer;
  /** Connects and sends, and waits until nothing more happens. */
  connect(...messages: readonly object[]): Promise<PipedClient>;
}

export function serve({ limits, path, keepAlive, ...options }: Options): Setting {
  const log = new QuoteLog(options);
  const service = new QuoteService(log);
  const server = new PipedServer((wss: WebSocketServer) => {
    const handler: WSSHandlerOptions<typeof service.router> = {
      wss,
      router: service.router,
      limits,
      ...(keepAlive === undefined ? {} : { keepAlive }),
    };
    if (path === 'through ws') {
      // The socket of another request is none that may be written to.
      const connect = getWSConnectionHandler(handler);
      wss.on('connection', (socket) => connect(socket, new IncomingMessage(new Socket())));
    } else {
      applyWSSHandler(handler);
    }
  });
  return {
    log,
    service,
    server,
    connect: async (...messages) => {
      const client = await server.connect();
      client.send(...messages);
      await client.quiet();
      return client;
    },
  };
}

/** Bytes that the next item takes on the wire, seen by a client that subscribes to every item. */
export async function itemBytes({ log }: Setting, client: PipedClient): Promise<number> {
  const before = client.socket.writes.length;
  log.commit();
  await client.quiet();
  return client.socket.writes
    .slice(before)
    .flat()
    .reduce((sum, { length }) => sum + length, 0);
}
