import { type RawData, WebSocket } from 'ws';

/** A client that knows nothing but the message format: a WebSocket and JSON. */
export interface Message {
  readonly type: string;
  readonly channel?: unknown;
  readonly id?: unknown;
  readonly requestId?: unknown;
  readonly data?: unknown;
  readonly timestamp?: unknown;
  readonly [field: string]: unknown;
}

export interface Closed {
  /** 1006: it was cut. */
  readonly code: number;
  readonly reason: string;
}

interface Waiting {
  take(message: Message): void;
  fail(error: Error): void;
}

/** How long a test waits for a message before it is told what there was instead. */
const PATIENCE_MS = 5_000;

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** What comes is queued, so that nothing is missed. */
export class JsonClient {
  readonly #socket: WebSocket;
  readonly #queue: Message[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #seen: string[] = [];
  #barriers = 0;
  /** Never rejects. */
  readonly closed: Promise<Closed>;
  /** Pings of the WebSocket protocol that came. */
  pings = 0;

  private constructor(url: string, onMessage: (message: Message) => void, autoPong: boolean) {
    this.#socket = new WebSocket(url, { perMessageDeflate: false, autoPong });
    this.#socket.on('message', (data, binary) => {
      const message = messageIn(data, binary);
      this.#seen.push(JSON.stringify(message).slice(0, 300));
      onMessage(message);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#queue.push(message);
      else waiting.take(message);
    });
    this.#socket.on('ping', () => {
      this.pings += 1;
    });
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code, reason) => {
        for (const waiting of this.#waiting.splice(0)) waiting.fail(this.#nothing(`closed with ${code}`));
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** @returns a client that is connected, with `connected` still to be read */
  static async open(
    url: string,
    onMessage: (message: Message) => void = () => undefined,
    { autoPong = true } = {},
  ): Promise<JsonClient> {
    const client = new JsonClient(url, onMessage, autoPong);
    await new Promise<void>((resolve, reject) => {
      client.#socket.once('open', resolve);
      client.#socket.once('error', reject);
    });
    // A connection that breaks ends in `close`, which tells.
    client.#socket.on('error', () => undefined);
    return client;
  }

  /** A string and bytes go as they are, anything else as JSON. */
  send(...messages: readonly (object | string | Uint8Array)[]): void {
    for (const message of messages) {
      const asItIs = typeof message === 'string' || message instanceof Uint8Array;
      this.#socket.send(asItIs ? message : JSON.stringify(message));
    }
  }

  /** Sends one text message in several frames. */
  sendFragments(parts: readonly string[]): void {
    for (const [index, part] of parts.entries()) {
      this.#socket.send(part, { fin: index === parts.length - 1 });
    }
  }

  /** Sends a pong that nobody asked for. */
  pong(): void {
    this.#socket.pong();
  }

  next(): Promise<Message> {
    const message = this.#queue.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.#socket.readyState === WebSocket.CLOSED) return Promise.reject(this.#nothing('it is closed'));
    return new Promise((resolve, reject) => {
      const impatient = setTimeout(() => reject(this.#nothing('gave up waiting')), PATIENCE_MS);
      this.#waiting.push({
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

  async take(count: number): Promise<Message[]> {
    const taken: Message[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  /** Everything up to the first message that `last` holds for. */
  async until(last: (message: Message) => boolean): Promise<Message[]> {
    const taken: Message[] = [];
    for (;;) {
      const message = await this.next();
      taken.push(message);
      if (last(message)) return taken;
    }
  }

  /** Everything that the server had to say before it read what is sent now. */
  async settled(): Promise<Message[]> {
    this.#barriers += 1;
    const id = `barrier ${this.#barriers}`;
    this.send({ type: 'ping', id });
    return (await this.until(({ requestId }) => requestId === id)).slice(0, -1);
  }

  /** Subscribes and waits for the first item. @returns `subscribed` and that item */
  async subscribe(channel: string, since?: string): Promise<[Message, Message]> {
    this.send({ type: 'subscribe', channel, ...(since === undefined ? {} : { since }) });
    const subscribed = await this.next();
    const first = await this.next();
    return [subscribed, first];
  }

  /** What has come and was not asked for yet, once the connection is closed. */
  async rest(): Promise<Message[]> {
    await this.closed;
    return this.#queue.splice(0);
  }

  /** Stops reading, so that the server cannot get rid of what it sends. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
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
    return new Error(`${why}; there had been ${this.#seen.slice(-10).join('\n')}`);
  }
}

export function messageIn(data: RawData, binary: boolean): Message {
  if (binary || !Buffer.isBuffer(data)) throw new TypeError('the server sends text');
  const message: unknown = JSON.parse(data.toString());
  if (!isMessage(message)) throw new TypeError(`no message: ${data}`);
  return message;
}
