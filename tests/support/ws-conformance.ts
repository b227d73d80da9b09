import { type AnyRouter, initTRPC } from '@trpc/server';
import * as stock from '@trpc/server/adapters/ws';
import superjson from 'superjson';
import { expect, onTestFinished } from 'vitest';
import { type ClientOptions, type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import * as ours from '../../server/realtime/ws/index.ts';
import { FrameClient } from './frame-client.ts';
import { nextTurn } from './gate.ts';
import { Inbox } from './streams.ts';
import { type RequestId, stopped } from './ws-messages.ts';

export interface Handler {
  readonly name: 'stock' | 'ours';
  readonly applyWSSHandler: typeof stock.applyWSSHandler;
  readonly getWSConnectionHandler: typeof stock.getWSConnectionHandler;
  readonly jsonEncoder: ours.Encoder;
}

/** The handlers that every case of the conformance suite runs on. */
export const handlers: readonly Handler[] = [
  {
    name: 'stock',
    applyWSSHandler: stock.applyWSSHandler,
    getWSConnectionHandler: stock.getWSConnectionHandler,
    jsonEncoder: stock.jsonEncoder,
  },
  {
    name: 'ours',
    applyWSSHandler: ours.applyWSSHandler,
    getWSConnectionHandler: ours.getWSConnectionHandler,
    jsonEncoder: ours.jsonEncoder,
  },
];

/** What a case expects of each handler where they differ on purpose. */
export type PerHandler<T> = { readonly [K in Handler['name']]: T };

type Options = stock.WSSHandlerOptions<AnyRouter>;
export type ReportedError = Parameters<NonNullable<Options['onError']>>[0];

export interface ServeOptions extends Omit<Options, 'wss' | 'onError'> {
  /** Called after the error was taken down. `null`: the handler gets no `onError` at all. */
  readonly onError?: ((info: ReportedError) => unknown) | null;
  /** Options that only ours has. */
  readonly limits?: Partial<ours.Limits>;
  /** Of the `ws` server. */
  readonly server?: ServerOptions;
}

/** A router served on a port of its own until the test ends, which fails if a promise was left rejected. */
export interface Served {
  readonly url: string;
  readonly port: number;
  readonly wss: WebSocketServer;
  /** What `onError` was called with. */
  readonly errors: Inbox<ReportedError>;
  /** Server sides of the connections, in the order in which they came. */
  readonly sockets: Inbox<WebSocket>;
  /** Text of the messages that came in, whatever the connection; `null` for a binary one. */
  readonly received: Inbox<string | null>;
  broadcastReconnectNotification(): void;
  connect(path?: string, options?: ClientOptions): Promise<FrameClient>;
  /** Cuts every connection and stops listening, before the test is over. */
  close(): Promise<void>;
  /** `[type, path, code, message]` of every reported error. */
  reported(): unknown[];
}

/** Serves with `handler` until the test is over. */
export async function serve(handler: Handler, options: ServeOptions): Promise<Served> {
  const { onError, server, ...rest } = options;
  const errors = new Inbox<ReportedError>();
  const report = (info: ReportedError) => {
    errors.push(info);
    return onError?.(info);
  };
  const wss = new WebSocketServer({ host: '127.0.0.1', port: 0, ...server });
  const sockets = new Inbox<WebSocket>();
  const received = new Inbox<string | null>();
  wss.on('connection', (socket) => {
    socket.on('message', (message, binary) => received.push(binary ? null : message.toString()));
    sockets.push(socket);
  });
  const { broadcastReconnectNotification } = handler.applyWSSHandler({
    ...rest,
    wss,
    ...(onError === null ? {} : { onError: report }),
  });
  await new Promise((resolve) => wss.once('listening', resolve));
  const address = wss.address();
  if (typeof address === 'string' || address === null) throw new Error('the server has no port');
  const url = `ws://127.0.0.1:${address.port}`;
  const clients: FrameClient[] = [];
  const rejections = watchRejections();

  const end = async (): Promise<void> => {
    await Promise.all(clients.map((client) => client.cut()));
    for (const socket of wss.clients) socket.terminate();
    await new Promise((resolve) => wss.close(resolve));
    expect(await rejections()).toEqual([]);
  };
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => {
    ended ??= end();
    return ended;
  };
  onTestFinished(close);
  return {
    url,
    port: address.port,
    wss,
    errors,
    sockets,
    received,
    broadcastReconnectNotification,
    close,
    connect: async (path = '/', clientOptions = {}) => {
      const client = await FrameClient.open(`${url}${path}`, clientOptions);
      clients.push(client);
      return client;
    },
    reported: () => errors.items.map(({ type, path, error }) => [type, path, error.code, error.message]),
  };
}

/** Takes down unhandled rejections. @returns what ends the watch and tells them */
function watchRejections(): () => Promise<readonly unknown[]> {
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => {
    rejections.push(reason);
  };
  process.on('unhandledRejection', note);
  return async () => {
    // They are told after the turn in which they happened.
    await nextTurn();
    await nextTurn();
    process.off('unhandledRejection', note);
    return rejections;
  };
}

/** tRPC without a transformer, and with one; errors carry no stack, so that answers can be compared whole. */
export const t = initTRPC.create({ isDev: false });
export const rich = initTRPC.create({ isDev: false, transformer: superjson });

/** Parsers of inputs, where it is not the parser that matters: zod takes longer to load than a file to run. */
export const anything = (input: unknown): unknown => input;
export function text(input: unknown): string {
  if (typeof input !== 'string') throw new TypeError('text is due');
  return input;
}

/** `actual` holds just these messages: those of different calls have no order between them. */
export function expectInAnyOrder(actual: readonly unknown[], expected: readonly unknown[]): void {
  expect(actual).toEqual(expect.arrayContaining([...expected]));
  expect(actual).toHaveLength(expected.length);
}

/**
 * How a subscription ends that fails after it has started. ≠ The stock handler goes on to say `stopped`; with ours an
 * error is the last message, as it is with both when it comes before `started`.
 */
export const failure = (handler: Handler, error: { readonly id: RequestId }): unknown[] =>
  handler.name === 'stock' ? [error, stopped(error.id)] : [error];
