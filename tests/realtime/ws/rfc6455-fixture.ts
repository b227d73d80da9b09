import { EventEmitter, on } from 'node:events';
import { createServer, type Server } from 'node:http';
import { initTRPC } from '@trpc/server';
import * as stock from '@trpc/server/adapters/ws';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Channel } from '../../../server/realtime/channel.ts';
import { Hub } from '../../../server/realtime/hub.ts';
import * as ours from '../../../server/realtime/ws/index.ts';
import { type OpenOptions, RawClient } from '../../support/raw-ws.ts';
import type { Received } from '../../support/raw-ws-frames.ts';

export const MAX_PAYLOAD = 16 * 1024;

/** Options that both handlers take. */
interface Served {
  readonly wss: WebSocketServer;
  readonly router: Router;
  readonly experimental_encoder: stock.Encoder;
}

/** Payload lengths around those where the length of a frame changes its form. */
export const BOUNDARIES = [124, 125, 126, 127, 128, 65_534, 65_535, 65_536, 65_537];

export interface Handler {
  readonly name: string;
  readonly serve: (options: Served) => void;
  /** It makes the promises of server/realtime/ws/PROTOCOL.md. */
  readonly own: boolean;
}

/** A client's mistakes are no concern of these tests. */
const onError = (): void => undefined;

/** What every case runs on. */
export const handlers: readonly Handler[] = [
  {
    name: 'the stock handler',
    serve: (options) => stock.applyWSSHandler({ ...options, onError }),
    own: false,
  },
  { name: 'our handler', serve: (options) => ours.applyWSSHandler({ ...options, onError }), own: true },
];

/** A channel of texts, lossless, whose whole history is kept. */
export class TextLog {
  readonly hub = new Hub({ epoch: 'test', head: 0, ringCapacity: 128 });
  readonly channel: Channel<string>;
  readonly #texts: string[] = [];

  constructor() {
    this.channel = this.hub.channel<string>({
      name: 'texts',
      delivery: 'every',
      snapshot: () => ({ seq: this.hub.head, data: 'snapshot' }),
      history: async (after, through, limit) => {
        const end = Math.min(through, after + limit);
        const messages = this.#texts
          .slice(after, end)
          .map((data, index) => ({ seq: after + 1 + index, data }));
        return { messages, through: end };
      },
    });
  }

  /** Position to subscribe from in order to get just what is published from now on. */
  get now(): string {
    return `test-${this.hub.head}`;
  }

  /** Publishes the texts as one batch. */
  publish(...texts: readonly string[]): void {
    const first = this.#texts.length + 1;
    this.#texts.push(...texts);
    for (const [index, text] of texts.entries()) {
      this.hub.append(this.channel, this.hub.item(first + index, text));
    }
    this.hub.commit(this.#texts.length);
  }
}

function makeRouter(log: TextLog, values: EventEmitter) {
  const t = initTRPC.create();
  return t.router({
    echo: t.procedure.input(z.string()).query(({ input }) => input),
    text: t.procedure.input(z.object({ bytes: z.number() })).query(({ input }) => textOf(input.bytes)),
    publish: t.procedure.input(z.string()).mutation(({ input }) => {
      log.publish(input);
      return log.now;
    }),
    /** Never answers before the connection closes. */
    wait: t.procedure.query(
      ({ signal }) =>
        new Promise<string>((resolve) => signal?.addEventListener('abort', () => resolve('aborted'))),
    ),
    values: t.procedure.subscription(async function* ({ signal }) {
      for await (const [value] of on(values, 'value', { ...(signal === undefined ? {} : { signal }) })) {
        yield z.string().parse(value);
      }
    }),
    live: t.procedure
      .input(z.object({ lastEventId: z.string().optional() }))
      .subscription(({ input, signal }) => log.hub.stream(log.channel, { ...input, signal })),
  });
}

type Router = ReturnType<typeof makeRouter>;

export interface HarnessOptions {
  readonly deflate?: ServerOptions['perMessageDeflate'];
  /** How long the server waits for the answer to its close frame. */
  readonly closeTimeout?: number;
  readonly encoder?: stock.Encoder;
}

/** A server with one handler, and the raw clients connected to it. */
export class Harness {
  readonly log = new TextLog();
  readonly values = new EventEmitter();
  readonly wss: WebSocketServer;
  readonly #server: Server;
  readonly #raw: RawClient[] = [];
  #port = 0;

  private constructor({ serve }: Handler, options: HarnessOptions) {
    const { deflate = false, closeTimeout = 30_000, encoder = stock.jsonEncoder } = options;
    // `closeTimeout` is missing from the types of ws.
    const timeouts = { closeTimeout };
    this.wss = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_PAYLOAD,
      perMessageDeflate: deflate,
      ...timeouts,
    });
    serve({ wss: this.wss, router: makeRouter(this.log, this.values), experimental_encoder: encoder });
    this.#server = createServer((_, res) => res.writeHead(426).end());
    this.#server.on('upgrade', (req, socket, head) => {
      this.wss.handleUpgrade(req, socket, head, (client) => this.wss.emit('connection', client, req));
    });
  }

  static async start(handler: Handler, options: HarnessOptions = {}): Promise<Harness> {
    const harness = new Harness(handler, options);
    await new Promise<void>((resolve) => harness.#server.listen(0, '127.0.0.1', resolve));
    const address = harness.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
    harness.#port = address.port;
    return harness;
  }

  async open(options: Omit<OpenOptions, 'port'> = {}): Promise<RawClient> {
    const client = await RawClient.open({ port: this.#port, ...options });
    this.#raw.push(client);
    return client;
  }

  async connect(options: Omit<OpenOptions, 'port'> = {}): Promise<RawClient> {
    const client = await RawClient.connect({ port: this.#port, ...options });
    this.#raw.push(client);
    return client;
  }

  /** The server's side of the only connection. */
  get client(): WebSocket {
    const [client, ...others] = this.wss.clients;
    if (client === undefined || others.length > 0) throw new Error('there is not exactly one connection');
    return client;
  }

  /** The connections are gone and so are their subscriptions. */
  async idle(): Promise<void> {
    await until(() => this.wss.clients.size === 0);
    await until(() => this.log.channel.subscribers === 0 && this.values.listenerCount('value') === 0);
  }

  /** Ends everything. @throws what the server has done wrong on any connection */
  async stop(): Promise<void> {
    for (const client of this.#raw) client.reset();
    for (const client of this.wss.clients) client.terminate();
    await this.idle();
    this.wss.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const { violation } of this.#raw) if (violation !== undefined) throw violation;
  }
}

/** Lets the event loop turn until `met`. */
export async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Publishes to a client that has stopped reading until the system takes no more and the server is left with some of it.
 * @returns what was published
 */
export async function fill({ log, client }: Harness): Promise<readonly string[]> {
  const texts: string[] = [];
  while (client.bufferedAmount === 0) {
    const some = Array.from({ length: 20 }, (_, index) => `${texts.length + index} ${textOf(40_000)}`);
    texts.push(...some);
    log.publish(...some);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return texts;
}

export async function take(client: RawClient, count: number): Promise<readonly Received[]> {
  const received: Received[] = [];
  while (received.length < count) received.push(await client.next());
  return received;
}

/** Starts a subscription and waits until it has started. */
export async function subscribe(client: RawClient, log: TextLog, id = 1): Promise<void> {
  await client.json(call(id, 'subscription', 'live', { lastEventId: log.now }));
  const answer = await client.nextText();
  if (answer !== started(id)) throw new Error(`not started: ${answer}`);
}

export const call = (
  id: number,
  method: 'query' | 'mutation' | 'subscription',
  path: string,
  input?: unknown,
) => ({
  id,
  method,
  params: { path, input },
});

export const echo = (text: string, id = 1): string => JSON.stringify(call(id, 'query', 'echo', text));

export const answer = (data: string, id = 1) => ({ id, result: { type: 'data', data } });

/** A close frame that a server has sent. */
export const closed = (code: number, reason = '') => ({ kind: 'close', code, reason });

/** ASCII that a server has sent. */
export const plain = (text: string) => ({ kind: 'text', text, bytes: text.length, compressed: false });

/** `t1`, `t2`, … */
export const numbered = (from: number, through: number): string[] =>
  Array.from({ length: through - from + 1 }, (_, index) => `t${from + index}`);

export const started = (id: number): string => JSON.stringify({ id, result: { type: 'started' } });

const item = z.object({
  id: z.number(),
  result: z.object({
    type: z.literal('data'),
    id: z.string(),
    data: z.object({ id: z.string(), data: z.string() }),
  }),
});

/** The text of a live stream's item; of anything else `undefined`. */
export function itemText(received: Received, subscription = 1): string | undefined {
  if (received.kind !== 'text' || !received.text.startsWith('{')) return undefined;
  const parsed = item.safeParse(JSON.parse(received.text));
  return parsed.success && parsed.data.id === subscription ? parsed.data.result.data.data : undefined;
}

/** Ten bytes of UTF-8 each, in 5 UTF-16 units, with characters of one to four bytes. */
const CELLS = ['xé€😀', '€é😀y', '😀zé€', 'é😀€w'];
const CELL_UNITS = 5;
const MAX_CELLS = 8_000;

/** Numbers in [0, 1), the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const next = random(6455);
const pool = Array.from({ length: MAX_CELLS }, () => CELLS[Math.floor(next() * CELLS.length)]).join('');

/** A text of exactly so many bytes of UTF-8, most of its characters longer than one; up to 80,000 bytes. */
export function textOf(bytes: number): string {
  const cells = Math.floor(bytes / 10);
  return 'x'.repeat(bytes % 10) + pool.slice(0, cells * CELL_UNITS);
}
