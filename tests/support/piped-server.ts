import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { ControlledSocket } from './controlled-socket.ts';
import { nextTurn } from './gate.ts';
import { closePayload, encodeFrame, OPCODE } from './raw-ws-frames.ts';
import type { Inbox } from './streams.ts';
import { type Answer, handshake, WireReader } from './wire-answers.ts';

/** A client at the other end of a {@link ControlledSocket}: what it sends is there at once. */
export class PipedClient {
  readonly #reader = new WireReader();
  readonly socket = new ControlledSocket((bytes) => this.#reader.push(bytes));
  #server: WebSocket | undefined;

  /** What has come, in order. */
  get answers(): readonly Answer[] {
    return this.#reader.answers.items;
  }

  get inbox(): Inbox<Answer> {
    return this.#reader.answers;
  }

  /** The server's side of it. */
  get server(): WebSocket {
    if (this.#server === undefined) throw new Error('not connected');
    return this.#server;
  }

  connected(server: WebSocket): void {
    this.#server = server;
  }

  /** Messages of their own, which arrive in one piece. */
  send(...messages: readonly (object | string)[]): void {
    const texts = messages.map((message) =>
      typeof message === 'string' ? message : JSON.stringify(message),
    );
    this.socket.arrive(Buffer.concat(texts.map((payload) => encodeFrame({ opcode: OPCODE.text, payload }))));
  }

  /** A ping of the WebSocket protocol, which `ws` answers. */
  ping(): void {
    this.socket.arrive(encodeFrame({ opcode: OPCODE.ping }));
  }

  close(): void {
    this.socket.arrive(encodeFrame({ opcode: OPCODE.close, payload: closePayload(1000) }));
  }

  /** Waits until the server has done all that it can do by itself. */
  async quiet(): Promise<void> {
    const { socket } = this;
    for (let still = 0; still < QUIET_TURNS; ) {
      const before = [
        this.answers.length,
        socket.writes.length,
        socket.writableLength,
        socket.readableLength,
      ];
      await nextTurn();
      const after = [this.answers.length, socket.writes.length, socket.writableLength, socket.readableLength];
      still = before.every((value, index) => value === after[index]) ? still + 1 : 0;
    }
  }
}

/** Turns of the event loop that something may take from one visible step to the next. */
const QUIET_TURNS = 3;

/** A `ws` server whose connections the test controls; nothing listens on a port. */
export class PipedServer {
  readonly #wss: WebSocketServer;
  readonly #http = createServer();

  /** @param serve sets up what serves the connections */
  constructor(serve: (wss: WebSocketServer) => void) {
    this.#wss = new WebSocketServer({ server: this.#http });
    serve(this.#wss);
  }

  async connect(): Promise<PipedClient> {
    const client = new PipedClient();
    const connected = new Promise<WebSocket>((resolve) => this.#wss.once('connection', resolve));
    this.#http.emit('connection', client.socket);
    client.socket.arrive(handshake());
    client.connected(await connected);
    // The handshake is no write of the handler's.
    client.socket.writes.length = 0;
    return client;
  }
}
