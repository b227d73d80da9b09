import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { closePayload, encodeFrame, FrameParser, OPCODE, type Received } from './raw-ws-frames.ts';

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface OpenOptions {
  readonly port: number;
  readonly requestLine?: string;
  /** Added to those of a right handshake; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent in one piece with the request. */
  readonly early?: Buffer;
  /** Sends the request a byte at a time. */
  readonly slowly?: boolean;
}

/** The example of RFC 6455, section 1.3. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** Section 4.2.2: what proves that the server has read the key. */
export const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** How the server's side of the connection came to its end. */
export type Ending = 'ended' | 'reset';

type Phase =
  | { readonly kind: 'opening'; readonly bytes: Buffer }
  | { readonly kind: 'open'; readonly parser: FrameParser }
  | { readonly kind: 'refused' };

/**
 * A WebSocket client that sends whatever bytes it is given and suffers nothing wrong in what it gets: at the server's
 * first violation of the protocol all its promises reject with it. What comes is queued, so nothing is missed.
 */
export class RawClient {
  readonly #socket: Socket;
  #phase: Phase = { kind: 'opening', bytes: Buffer.alloc(0) };
  readonly #answer = new Deferred<Answer>();
  readonly #closed = new Deferred<Ending>();
  readonly #queue: Received[] = [];
  #waiting: Deferred<Received>[] = [];
  #ended = false;
  #over: Error | undefined;
  /** What the server has done wrong. */
  violation: Error | undefined;

  private constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk) => this.#guard(() => this.#read(chunk)));
    this.#socket.on('end', () => {
      this.#ended = true;
      this.#guard(() => this.#phase.kind === 'open' && this.#phase.parser.end());
    });
    // `close` follows.
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#finish());
  }

  /** Sends an opening handshake; whether it is accepted is for {@link answer} to tell. */
  static async open(options: OpenOptions): Promise<RawClient> {
    const client = new RawClient(options.port);
    const request = Buffer.concat([requestOf(options), options.early ?? Buffer.alloc(0)]);
    await (options.slowly === true ? client.sendSlowly(request) : client.send(request));
    return client;
  }

  /** @returns a client whose connection is open */
  static async connect(options: OpenOptions): Promise<RawClient> {
    const client = await RawClient.open(options);
    const { status, headers } = await client.answer;
    if (status !== 101) throw new Error(`the handshake was answered with ${status}`);
    const accept = acceptOf(options.headers?.['Sec-WebSocket-Key'] ?? KEY);
    if (headers.get('sec-websocket-accept') !== accept) throw new Error('the key was not accepted');
    return client;
  }

  get answer(): Promise<Answer> {
    return this.#answer.promise;
  }

  /** Resolves when the connection is no more; rejects when the server has broken the protocol before. */
  get closed(): Promise<Ending> {
    return this.#closed.promise;
  }

  /** Writes the bytes as one piece. Resolves when the system has taken them. */
  send(...bytes: readonly Buffer[]): Promise<void> {
    return new Promise((resolve) => {
      // A server that has cut the connection is no error: `closed` tells.
      this.#socket.write(Buffer.concat(bytes), () => resolve());
    });
  }

  /** Writes byte by byte, each in a turn of the event loop of its own. */
  async sendSlowly(bytes: Buffer): Promise<void> {
    for (const byte of bytes) {
      await this.send(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  text(text: string): Promise<void> {
    return this.send(encodeFrame({ opcode: OPCODE.text, payload: text }));
  }

  json(message: unknown): Promise<void> {
    return this.text(JSON.stringify(message));
  }

  ping(payload: Buffer | string = ''): Promise<void> {
    return this.send(encodeFrame({ opcode: OPCODE.ping, payload }));
  }

  close(code: number, reason = ''): Promise<void> {
    return this.send(encodeFrame({ opcode: OPCODE.close, payload: closePayload(code, reason) }));
  }

  /** The next thing the server has sent; rejects when nothing more can come. */
  next(): Promise<Received> {
    const received = this.#queue.shift();
    if (received !== undefined) return Promise.resolve(received);
    const waiting = new Deferred<Received>();
    if (this.#over !== undefined) waiting.reject(this.#over);
    else this.#waiting.push(waiting);
    return waiting.promise;
  }

  async nextText(): Promise<string> {
    const received = await this.next();
    if (received.kind !== 'text') throw new Error(`text was due: ${JSON.stringify(received)}`);
    return received.text;
  }

  async nextJson(): Promise<unknown> {
    return JSON.parse(await this.nextText());
  }

  /** Everything that comes until the connection is no more. */
  async rest(): Promise<readonly Received[]> {
    await this.closed;
    return this.#queue.splice(0);
  }

  /** Everything up to the server's close frame, which it answers in kind, and whatever should follow that. */
  async finish(): Promise<readonly Received[]> {
    const received: Received[] = [];
    for (;;) {
      const next = await this.next();
      received.push(next);
      if (next.kind !== 'close') continue;
      await this.close(next.code);
      return [...received, ...(await this.rest())];
    }
  }

  /** Stops reading, so that the server cannot get rid of what it sends. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Ends this side (FIN) without a close frame. */
  end(): void {
    this.#socket.end();
  }

  /** Cuts the connection with RST. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #read(chunk: Buffer): void {
    const phase = this.#phase;
    if (phase.kind === 'open') phase.parser.push(chunk);
    if (phase.kind !== 'opening') return;
    const bytes = Buffer.concat([phase.bytes, chunk]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) {
      this.#phase = { kind: 'opening', bytes };
      return;
    }
    const answer = parseAnswer(bytes.toString('latin1', 0, end));
    if (answer.status === 101) {
      const deflate = answer.headers.get('sec-websocket-extensions')?.includes('permessage-deflate') ?? false;
      const parser = new FrameParser(deflate, (received) => this.#take(received));
      this.#phase = { kind: 'open', parser };
      this.#answer.resolve(answer);
      parser.push(bytes.subarray(end + 4));
    } else {
      this.#phase = { kind: 'refused' };
      this.#answer.resolve(answer);
    }
  }

  #take(received: Received): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#queue.push(received);
    else waiting.resolve(received);
  }

  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.violation = error instanceof Error ? error : new Error(String(error));
      this.#socket.destroy();
    }
  }

  #finish(): void {
    const over = this.violation ?? new Error('the connection is closed');
    this.#over = over;
    this.#answer.reject(over);
    if (this.violation === undefined) this.#closed.resolve(this.#ended ? 'ended' : 'reset');
    else this.#closed.reject(this.violation);
    for (const waiting of this.#waiting) waiting.reject(over);
    this.#waiting = [];
  }
}

function requestOf({ requestLine = 'GET /trpc HTTP/1.1', headers = {} }: OpenOptions): Buffer {
  const all: Readonly<Record<string, string | undefined>> = {
    Host: 'localhost',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': KEY,
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return Buffer.from(`${[requestLine, ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
}

function parseAnswer(head: string): Answer {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(statusLine.split(' ')[1]), headers: new Map(headers) };
}

class Deferred<T> {
  readonly promise: Promise<T>;
  #settle: { readonly resolve: (value: T) => void; readonly reject: (reason: Error) => void } | undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever awaits it sees the rejection; that nobody does is no fault of its own.
    this.promise.catch(() => undefined);
  }

  resolve(value: T): void {
    this.#settle?.resolve(value);
  }

  reject(reason: Error): void {
    this.#settle?.reject(reason);
  }
}
