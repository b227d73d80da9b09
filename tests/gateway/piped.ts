import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { createGateway, type GatewayOptions } from '../../server/gateway/index.ts';
import type { Identity } from '../../server/identity/identity.ts';
import { ControlledSocket } from '../support/controlled-socket.ts';
import { nextTurn } from '../support/gate.ts';
import { encodeFrame, FrameParser, OPCODE, type Received } from '../support/raw-ws-frames.ts';
import { handshake } from '../support/wire-answers.ts';
import { type Message, messageIn } from './json-client.ts';

const HEAD_END = '\r\n\r\n';
/** Turns of the event loop that something may take from one visible step to the next. */
const QUIET_TURNS = 3;

/** A client whose network is the test: what it sends is there at once, and what it gets waits as long as it likes. */
export class PipedClient {
  readonly socket = new ControlledSocket((bytes) => this.#read(bytes));
  readonly messages: Message[] = [];
  /** Frames that are no messages. */
  readonly others: Received[] = [];
  #head: Buffer | undefined = Buffer.alloc(0);
  readonly #parser = new FrameParser(false, (received) => {
    if (received.kind === 'text') this.messages.push(messageIn(Buffer.from(received.text), false));
    else this.others.push(received);
  });

  /** @param server its other end */
  constructor(readonly server: () => WebSocket) {}

  /** Messages of their own, which arrive in one piece. */
  send(...messages: readonly object[]): void {
    this.socket.arrive(
      Buffer.concat(
        messages.map((message) => encodeFrame({ opcode: OPCODE.text, payload: JSON.stringify(message) })),
      ),
    );
  }

  pong(): void {
    this.socket.arrive(encodeFrame({ opcode: OPCODE.pong }));
  }

  ping(): void {
    this.socket.arrive(encodeFrame({ opcode: OPCODE.ping }));
  }

  /** Waits until the server has done all that it can do by itself. */
  async quiet(): Promise<void> {
    const { socket, messages } = this;
    const look = (): number[] => [
      messages.length,
      socket.writes.length,
      socket.writableLength,
      socket.readableLength,
    ];
    for (let still = 0; still < QUIET_TURNS; ) {
      const before = look();
      await nextTurn();
      const after = look();
      still = before.every((value, index) => value === after[index]) ? still + 1 : 0;
    }
  }

  #read(bytes: Buffer): void {
    if (this.#head === undefined) {
      this.#parser.push(bytes);
      return;
    }
    const head = Buffer.concat([this.#head, bytes]);
    const end = head.indexOf(HEAD_END);
    this.#head = end < 0 ? head : undefined;
    const rest = end < 0 ? Buffer.alloc(0) : head.subarray(end + HEAD_END.length);
    if (rest.length > 0) this.#parser.push(rest);
  }
}

type Options = Omit<GatewayOptions, 'wss' | 'onFault' | 'visitorOf'> & {
  readonly services: { readonly identity: Pick<Identity, 'stranger'> };
};

const CLIENT = { address: 'test', origin: undefined, device: 'test', id: 'test' };

/** A gateway whose connections the test controls; nothing listens on a port. */
export function pipedGateway(options: Options) {
  const { identity } = options.services;
  const http = createServer();
  const wss = new WebSocketServer({ server: http });
  const faults: unknown[] = [];
  const gateway = createGateway({
    ...options,
    wss,
    visitorOf: () => identity.stranger(CLIENT),
    onFault: (cause) => faults.push(cause),
  });
  return {
    gateway,
    faults,
    /** @returns a client that has got `connected` and the answers to these messages */
    async connect(...messages: readonly object[]): Promise<PipedClient> {
      let server: WebSocket | undefined;
      const client = new PipedClient(() => {
        if (server === undefined) throw new Error('it is not connected');
        return server;
      });
      const connected = new Promise<WebSocket>((resolve) => wss.once('connection', resolve));
      http.emit('connection', client.socket);
      client.socket.arrive(handshake());
      server = await connected;
      client.send(...messages);
      await client.quiet();
      return client;
    },
  };
}
