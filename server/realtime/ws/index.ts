import type { IncomingMessage } from 'node:http';
import type { AnyTRPCRouter, inferRouterContext, TRPCError } from '@trpc/server';
import type { RawData, WebSocket } from 'ws';
import { Connection } from './connection.ts';
import { Connections, type Drained, type DrainOptions } from './drain.ts';
import { createEndpoint } from './endpoint.ts';
import type { WSSHandlerOptions } from './options.ts';
import { statsOf, type WSSStats } from './stats.ts';

export { type Encoder, jsonEncoder } from '@trpc/server/adapters/ws';
export { CLOSE } from './close-codes.ts';
export type { Drained, DrainOptions } from './drain.ts';
export type { Limits, WSSHandlerOptions } from './options.ts';
export type { WSSStats } from './stats.ts';

export interface WSSHandler {
  /** Asks every client to reconnect, all at once. */
  broadcastReconnectNotification(): void;
  /** Asks them in waves and serves each until it leaves; see PROTOCOL.md, "Draining". */
  drain(options?: DrainOptions): Promise<Drained>;
  /** Looks at every connection once. */
  stats(): WSSStats;
  /** Closes the connection of a socket with one of the codes of {@link CLOSE}; an error without an id tells why before. */
  refuse(client: WebSocket, refusal: Refusal): void;
}

export interface Refusal {
  readonly error: TRPCError;
  readonly code: number;
  readonly reason: string;
}

/**
 * Serves a router on a `ws` server: a drop-in for `applyWSSHandler` of `@trpc/server/adapters/ws` that serves live streams
 * from their cursors. PROTOCOL.md beside this file says what goes over the wire, and where the two differ.
 */
export function applyWSSHandler<TRouter extends AnyTRPCRouter>(
  options: WSSHandlerOptions<TRouter>,
): WSSHandler {
  const { connect, connections, counters, find } = listen(options);
  options.wss.on('connection', (client, req) => {
    if (options.prefix === undefined || req.url?.startsWith(options.prefix)) connect(client, req);
  });
  return {
    broadcastReconnectNotification: () => {
      for (const connection of connections) connection.notifyReconnect();
    },
    drain: (drainOptions) => connections.drain(drainOptions),
    stats: () => statsOf(connections, counters),
    refuse: (client, { error, code, reason }) => find(client)?.refuse(error, code, reason),
  };
}

/** A `connection` listener that serves a router, for a WebSocket server of one's own. */
export function getWSConnectionHandler<TRouter extends AnyTRPCRouter>(
  options: WSSHandlerOptions<TRouter>,
): (client: WebSocket, req: IncomingMessage) => void {
  return listen(options).connect;
}

function listen<TRouter extends AnyTRPCRouter>(options: WSSHandlerOptions<TRouter>) {
  type C = inferRouterContext<TRouter>;
  const endpoint = createEndpoint(options);
  const connections = new Connections<Connection<C>>();
  /** The listeners below are made once, not for each connection, and find it by its socket. */
  const bySocket = new WeakMap<WebSocket, Connection<C>>();

  function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
    bySocket.get(this)?.received(data, isBinary);
  }
  function onError(this: WebSocket, error: Error): void {
    bySocket.get(this)?.failed(error);
  }
  function onClose(this: WebSocket): void {
    const connection = bySocket.get(this);
    if (connection === undefined) return;
    connections.delete(connection);
    connection.closed();
  }

  return {
    connections,
    counters: endpoint.counters,
    find: (client: WebSocket) => bySocket.get(client),
    connect(client: WebSocket, req: IncomingMessage): void {
      // First of all: an error without a listener ends the process.
      client.on('error', onError);
      client.on('message', onMessage);
      client.once('close', onClose);
      const connection = new Connection(endpoint, client, req);
      bySocket.set(client, connection);
      connections.add(connection);
    },
  };
}
