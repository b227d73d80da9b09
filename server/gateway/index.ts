import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket, WebSocketServer } from 'ws';
import { Connections, type Drained, type DrainOptions } from '../realtime/ws/drain.ts';
import { statsOf, type WSSStats } from '../realtime/ws/stats.ts';
import { Connection } from './connection.ts';
import { createEndpoint, type EndpointOptions } from './endpoint.ts';

export { MAX_FRAME_BYTES } from './limits.ts';

export interface GatewayOptions extends EndpointOptions {
  /** Its connections are the gateway's. Its `maxPayload` should be `MAX_FRAME_BYTES`. */
  readonly wss: WebSocketServer;
}

export interface Gateway {
  /** Asks every client to connect anew, all at once. */
  broadcastReconnectNotification(): void;
  /** Asks them in waves and serves each until it leaves; see PROTOCOL.md, "Closing". */
  drain(options?: DrainOptions): Promise<Drained>;
  /** Looks at every connection once. */
  stats(): WSSStats;
}

/** Serves the market's channels as plain JSON; PROTOCOL.md beside this file says what goes over the wire. */
export function createGateway({ wss, ...options }: GatewayOptions): Gateway {
  const endpoint = createEndpoint(options);
  const connections = new Connections<Connection>();
  /** The listeners below are made once, not for each connection, and find it by its socket. */
  const bySocket = new WeakMap<WebSocket, Connection>();

  function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
    bySocket.get(this)?.received(data, isBinary);
  }
  function onControlFrame(this: WebSocket): void {
    bySocket.get(this)?.heard();
  }
  function onClose(this: WebSocket): void {
    const connection = bySocket.get(this);
    if (connection === undefined) return;
    connections.delete(connection);
    connection.closed();
  }

  wss.on('connection', (client: WebSocket, req: IncomingMessage) => {
    // First of all: an error without a listener ends the process. `close` follows it.
    client.on('error', ignore);
    client.on('message', onMessage);
    client.on('ping', onControlFrame);
    client.on('pong', onControlFrame);
    client.once('close', onClose);
    const connection = new Connection(endpoint, client, req);
    bySocket.set(client, connection);
    connections.add(connection);
  });

  return {
    broadcastReconnectNotification: () => {
      for (const connection of connections) connection.notifyReconnect();
    },
    drain: (drainOptions) => connections.drain(drainOptions),
    stats: () => statsOf(connections, endpoint.counters),
  };
}

function ignore(): void {}
