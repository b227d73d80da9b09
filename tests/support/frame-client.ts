import type { Socket } from 'node:net';
import { type ClientOptions, type RawData, WebSocket } from 'ws';

export interface Frame {
  readonly data: Buffer;
  readonly binary: boolean;
}

export interface Closed {
  /** 1005: the server gave no code; 1006: the connection was cut. */
  readonly code: number;
  readonly reason: string;
}

interface Reader {
  take(frame: Frame): void;
  fail(error: Error): void;
}

/** How long a test waits for a message before it is told what there was instead. */
const PATIENCE_MS = 4_000;

/** A WebSocket client that sees every message as it came, and queues what nobody has asked for yet. */
export class FrameClient {
  readonly #socket: WebSocket;
  /** What is below the WebSocket. */
  #stream: Socket | undefined;
  readonly #frames: Frame[] = [];
  readonly #readers: Reader[] = [];
  readonly #seen: string[] = [];
  /** Never rejects. */
  readonly closed: Promise<Closed>;

  private constructor(url: string, options: ClientOptions) {
    this.#socket = new WebSocket(url, options);
    this.#socket.on('upgrade', ({ socket }) => {
      this.#stream = socket;
    });
    this.#socket.on('message', (data, binary) => {
      if (!Buffer.isBuffer(data)) throw new TypeError('ws gives messages as one buffer');
      this.#seen.push(binary ? `${data.length} bytes` : data.toString());
      const reader = this.#readers.shift();
      if (reader === undefined) this.#frames.push({ data, binary });
      else reader.take({ data, binary });
    });
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code, reason) => {
        for (const reader of this.#readers.splice(0)) reader.fail(this.#nothing(`closed with ${code}`));
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** @returns a client whose connection is open; permessage-deflate is offered only if `options` ask for it */
  static async open(url: string, options: ClientOptions = {}): Promise<FrameClient> {
    const client = new FrameClient(url, { perMessageDeflate: false, ...options });
    await new Promise<void>((resolve, reject) => {
      client.#socket.once('open', resolve);
      client.#socket.once('error', reject);
    });
    // A connection that breaks ends in `close`, which tells.
    client.#socket.on('error', () => undefined);
    return client;
  }

  get extensions(): string {
    return this.#socket.extensions;
  }

  /** A string and bytes go as they are, anything else as JSON. */
  send(message: object | string | Uint8Array): void {
    const asItIs = typeof message === 'string' || message instanceof Uint8Array;
    this.#socket.send(asItIs ? message : JSON.stringify(message));
  }

  /** Sends one text message in several frames. */
  sendFragments(parts: readonly string[]): void {
    for (const [index, part] of parts.entries()) {
      this.#socket.send(part, { fin: index === parts.length - 1 });
    }
  }

  /** Sends a frame with reserved bits that nobody has agreed on. */
  sendBroken(): void {
    this.#stream?.write(Buffer.from([0xf1, 0x80, 0, 0, 0, 0]));
  }

  /** The next message as it came. @throws when none comes */
  nextFrame(): Promise<Frame> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#socket.readyState === WebSocket.CLOSED) return Promise.reject(this.#nothing('it is closed'));
    return new Promise((resolve, reject) => {
      const impatient = setTimeout(() => reject(this.#nothing('gave up waiting')), PATIENCE_MS);
      this.#readers.push({
        take: (taken) => {
          clearTimeout(impatient);
          resolve(taken);
        },
        fail: (error) => {
          clearTimeout(impatient);
          reject(error);
        },
      });
    });
  }

  /** The next message: `PING`, `PONG`, or what its JSON says. @throws when none comes */
  async next(): Promise<unknown> {
    const { data, binary } = await this.nextFrame();
    if (binary) throw new Error(`text was due: ${data.length} bytes`);
    const text = data.toString();
    return text === 'PING' || text === 'PONG' ? text : JSON.parse(text);
  }

  async take(count: number): Promise<unknown[]> {
    const taken: unknown[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  /** The next message that is not `other`. */
  async nextBeside(other?: string): Promise<unknown> {
    for (;;) {
      const next = await this.next();
      if (next !== other) return next;
    }
  }

  /** From now on every `PING` is answered, asked for or not, until the returned function is called. */
  answerPings(): () => void {
    const answer = (data: RawData, binary: boolean): void => {
      if (!binary && data.toString() === 'PING') this.#socket.send('PONG');
    };
    this.#socket.on('message', answer);
    return () => this.#socket.off('message', answer);
  }

  /** Everything that comes before the answer to a `PING`, which is read right behind what was sent before it. */
  async untilPong(): Promise<unknown[]> {
    this.send('PING');
    const taken: unknown[] = [];
    for (let next = await this.next(); next !== 'PONG'; next = await this.next()) taken.push(next);
    return taken;
  }

  /**
   * Everything that comes of what was sent before: two `PING`s go there and back, so that the server has had a turn of
   * its event loop to itself. What waits for something else has its time later.
   */
  async settled(): Promise<unknown[]> {
    const taken = await this.untilPong();
    return [...taken, ...(await this.untilPong())];
  }

  /** What has come and was not asked for yet, once the connection is closed. */
  async rest(): Promise<unknown[]> {
    await this.closed;
    return this.take(this.#frames.length);
  }

  /** Says goodbye. */
  close(): Promise<Closed> {
    this.#socket.close();
    return this.closed;
  }

  /** Cuts the connection. */
  cut(): Promise<Closed> {
    this.#socket.terminate();
    return this.closed;
  }

  #nothing(why: string): Error {
    return new Error(`${why}; there had been ${JSON.stringify(this.#seen.slice(-10))}`);
  }
}
