import {
  createTRPCClient,
  createWSClient,
  TRPCClientError,
  type WebSocketClientOptions,
  wsLink,
} from '@trpc/client';
import { TRPCError, tracked } from '@trpc/server';
import superjson from 'superjson';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { Feed } from './feed.ts';
import { eventually, Gate } from './gate.ts';
import { Inbox } from './streams.ts';
import { type Handler, rich, type Served, type ServeOptions, serve } from './ws-conformance.ts';

/** A router for the stock client, and what a test does to its procedures. */
export class NumbersApi {
  readonly feed = new Feed<number>();
  /** Opens when `write` has been called, which then waits for {@link released}. */
  readonly entered = new Gate();
  readonly released = new Gate();
  /** Last event ids that the subscriptions were asked to go on from. */
  readonly resumedFrom: (string | undefined)[] = [];

  readonly router = rich.router({
    double: rich.procedure.input(z.bigint()).query(({ input }) => input * 2n),
    fail: rich.procedure.query(() => {
      throw new TRPCError({ code: 'CONFLICT', message: 'two of it' });
    }),
    write: rich.procedure.input(z.date()).mutation(async ({ input }) => {
      this.entered.open();
      await this.released.opened;
      return { at: input, amount: 7n };
    }),
    /** The feed's numbers from the one behind `lastEventId`. */
    numbers: rich.procedure
      .input(z.object({ lastEventId: z.string().optional(), only: z.number().optional() }).optional())
      .subscription(({ input, signal }) => this.#numbers(input?.lastEventId, signal)),
    few: rich.procedure.subscription(async function* () {
      yield 1n;
      yield 2n;
    }),
    broken: rich.procedure.subscription(async function* () {
      yield 1n;
      throw new TRPCError({ code: 'FORBIDDEN', message: 'not you' });
    }),
    refused: rich.procedure.subscription(async (): Promise<AsyncIterable<number>> => {
      throw new TRPCError({ code: 'FORBIDDEN', message: 'not you' });
    }),
  });

  async *#numbers(lastEventId: string | undefined, signal: AbortSignal | undefined) {
    this.resumedFrom.push(lastEventId);
    const after = Number(lastEventId ?? 0);
    for await (const n of this.feed.read(signal)) {
      if (n > after) yield tracked(`${n}`, { n: BigInt(n) });
    }
  }
}

/** The stock client, which comes back at once. */
export function connectStock(url: string, options: Omit<WebSocketClientOptions, 'url'> = {}) {
  // It takes the platform's WebSocket, and Node 20 has none.
  Object.assign(globalThis, { WebSocket });
  const socket = createWSClient({ url, retryDelayMs: () => 1, ...options });
  onTestFinished(() => socket.close());
  const links = [wsLink<NumbersApi['router']>({ client: socket, transformer: superjson })];
  return { client: createTRPCClient<NumbersApi['router']>({ links }) };
}

/** Serves a router of its own, until the test is over. */
export async function serveApi(handler: Handler, options: Omit<ServeOptions, 'router'> = {}) {
  const api = new NumbersApi();
  const served = await serve(handler, { router: api.router, ...options });
  return { ...served, api };
}

/** Subscribes to the numbers; `ids` are those of the items in the order in which they came. */
export function subscribeToNumbers({ client }: ReturnType<typeof connectStock>, only?: number) {
  const ids = new Inbox<string>();
  const events: string[] = [];
  const subscription = client.numbers.subscribe(only === undefined ? undefined : { only }, {
    onStarted: () => events.push('started'),
    onData: ({ id }) => ids.push(id),
    onComplete: () => events.push('complete'),
    onStopped: () => events.push('stopped'),
    onError: (error) => events.push(error.message),
  });
  return { ...subscription, ids, events, until: (n: number) => ids.until((items) => items.includes(`${n}`)) };
}

/** @throws what is no error of the client's, or that there was none */
export async function errorOf(call: Promise<unknown>): Promise<TRPCClientError<NumbersApi['router']>> {
  const error: unknown = await call.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError)) throw error;
  return error;
}

/** Resolves when the connection that came as the `nth` is closed. */
export async function closing({ sockets }: Served, nth: number): Promise<void> {
  await sockets.until((items) => items.length > nth);
  const socket = sockets.items[nth];
  await eventually(() => socket?.readyState === WebSocket.CLOSED);
}
