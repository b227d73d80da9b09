import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { Inbox } from '../support/streams.ts';

const callSchema = z.object({
  id: z.number(),
  method: z.string(),
  params: z.object({ path: z.string(), lastEventId: z.string().optional() }).optional(),
});
type Call = z.infer<typeof callSchema>;
const frameSchema = z.union([callSchema.transform((call) => [call]), z.array(callSchema)]);

/** One connection to a {@link HostileServer}: what came, and whatever the test wants to say. */
export class HostileConnection {
  readonly calls = new Inbox<Call>();
  /** PING and PONG. */
  readonly signals = new Inbox<string>();
  readonly closed: Promise<void>;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const text = String(data);
      if (text === 'PING' || text === 'PONG') this.signals.push(text);
      else for (const call of frameSchema.parse(JSON.parse(text))) this.calls.push(call);
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** The call at that place, once it has come. */
  async call(index: number): Promise<Call> {
    await this.calls.until((calls) => calls.length > index);
    const call = this.calls.items[index];
    if (call === undefined) throw new Error('a call has gone');
    return call;
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  answer(id: number, data: unknown): void {
    this.send({ id, result: { type: 'data', data: { json: data } } });
  }

  /** Starts a subscription and gives it items. */
  stream(id: number, ...eventIds: readonly string[]): void {
    this.send({ id, result: { type: 'started' } });
    for (const eventId of eventIds) {
      this.send({ id, result: { type: 'data', id: eventId, data: { json: { id: eventId, data: {} } } } });
    }
  }
}

/** A WebSocket server that does nothing by itself: the test plays it. */
export class HostileServer implements AsyncDisposable {
  readonly connections = new Inbox<HostileConnection>();
  readonly #server = new WebSocketServer({ host: '127.0.0.1', port: 0 });

  private constructor() {
    this.#server.on('connection', (socket) => this.connections.push(new HostileConnection(socket)));
  }

  static async open(): Promise<HostileServer> {
    const server = new HostileServer();
    await new Promise<void>((resolve) => server.#server.once('listening', () => resolve()));
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    if (!isAddressInfo(address)) throw new Error('the server has no port');
    return `ws://127.0.0.1:${address.port}`;
  }

  /** The connection at that place, once it has come. */
  async connection(index: number): Promise<HostileConnection> {
    await this.connections.until((connections) => connections.length > index);
    const connection = this.connections.items[index];
    if (connection === undefined) throw new Error('a connection has gone');
    return connection;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

const isAddressInfo = (address: unknown): address is AddressInfo =>
  typeof address === 'object' && address !== null;
