import type { IncomingMessage } from 'node:http';
import {
  type AnyTRPCRouter,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  type inferRouterContext,
  type TRPCError,
  type TRPCErrorShape,
  type TRPCProcedureType,
} from '@trpc/server';
import { type CreateWSSContextFnOptions, jsonEncoder } from '@trpc/server/adapters/ws';
import { parseTRPCMessage, TRPC_ERROR_CODES_BY_KEY, type TRPCClientOutgoingMessage } from '@trpc/server/rpc';
import { CustomEncoding, type Encoding, JsonEncoding, SharedFrames } from './encoding.ts';
import { KeepAlive } from './keep-alive.ts';
import { DEFAULT_LIMITS, DEFAULT_MAX_BATCH, type Limits, type WSSHandlerOptions } from './options.ts';
import type { Sending } from './outbox.ts';
import { Tick } from './tick.ts';

/** What an error is about. */
export interface Concern {
  readonly type: TRPCProcedureType | 'unknown';
  readonly path: string | undefined;
  readonly input: unknown;
}

/** The connection itself, not one of its calls. */
export const THE_CONNECTION: Concern = { type: 'unknown', path: undefined, input: undefined };

/** Whose error it is. `ctx` is missing as long as it has not been made. */
export interface Origin<C> {
  readonly ctx: C | undefined;
  readonly req: IncomingMessage;
}

export interface ProcedureCall<C> {
  readonly ctx: C | undefined;
  readonly type: TRPCProcedureType;
  readonly path: string;
  readonly input: unknown;
  readonly signal: AbortSignal;
  readonly batchIndex: number;
}

/** What all connections of a handler share: the router, and the options as the connections need them. */
export interface Endpoint<C> extends Sending {
  readonly limits: Limits;
  readonly maxBatchSize: number;
  readonly answersPings: boolean;
  readonly encoding: Encoding;
  readonly keepAlive: KeepAlive | undefined;
  createContext(options: CreateWSSContextFnOptions): Promise<C | undefined>;
  /** @throws Error when it is no message, or its input cannot be deserialised */
  parse(message: unknown): TRPCClientOutgoingMessage;
  /** @throws what the procedure throws */
  call(call: ProcedureCall<C>): Promise<unknown>;
  /** Tells `onError`. One that fails is ignored: it must not end the process. */
  report(error: TRPCError, concern: Concern, origin: Origin<C>): void;
  /** As {@link report} for faults of the error handling itself: logged when `onError` is missing or fails. */
  reportFault(cause: unknown, concern: Concern, origin: Origin<C>): void;
  /** The error as the client gets it. When `errorFormatter` throws, a plain one. */
  errorShape(error: TRPCError, concern: Concern, origin: Origin<C>): TRPCErrorShape;
}

/** What a client gets for an error that cannot be rendered; it tells nothing of it. */
export const PLAIN_ERROR: TRPCErrorShape = {
  code: TRPC_ERROR_CODES_BY_KEY.INTERNAL_SERVER_ERROR,
  message: 'Internal server error',
  data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500 },
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const PING_MS = 30_000;
const PONG_WAIT_MS = 5_000;

export function createEndpoint<TRouter extends AnyTRPCRouter>(
  options: WSSHandlerOptions<TRouter>,
): Endpoint<inferRouterContext<TRouter>> {
  type C = inferRouterContext<TRouter>;
  const { router, createContext, onError, keepAlive, experimental_encoder: encoder = jsonEncoder } = options;
  const config = router._def._config;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const encoding =
    encoder === jsonEncoder ? new JsonEncoding(config, encoder) : new CustomEncoding(config, encoder);
  const sharedFrames = new SharedFrames(encoding);

  /** Calls `onError`; a throw or a rejection of it goes to `failed`. */
  function tell(
    error: TRPCError,
    concern: Concern,
    origin: Origin<C>,
    failed: (cause: unknown) => void,
  ): void {
    try {
      const { type, path, input } = concern;
      const { ctx, req } = origin;
      const told: unknown = onError?.({ error, type, path, input, ctx, req });
      // Whatever can be waited for, of whichever realm.
      if (isObject(told) && 'then' in told) Promise.resolve(told).catch(failed);
    } catch (cause) {
      failed(cause);
    }
  }

  const endpoint: Endpoint<C> = {
    limits,
    maxBatchSize: options.maxBatchSize ?? DEFAULT_MAX_BATCH,
    answersPings: options.dangerouslyDisablePong !== true,
    keepAlive:
      keepAlive?.enabled === true
        ? new KeepAlive(keepAlive.pingMs ?? PING_MS, keepAlive.pongWaitMs ?? PONG_WAIT_MS)
        : undefined,
    counters: { sent: 0, cut: 0 },
    encoding,
    sharedFrames,
    tick: new Tick(() => sharedFrames.clear()),
    sendBudgetBytes: limits.sendBudgetBytes,
    stuckMs: limits.stuckMs,

    async createContext(contextOptions) {
      return createContext?.(contextOptions);
    },
    parse: (message) => parseTRPCMessage(message, config.transformer),
    // Field by field: tRPC copies these options at every step of a procedure.
    call: ({ ctx, type, path, input, signal, batchIndex }) =>
      callTRPCProcedure({ router, ctx, type, path, signal, batchIndex, getRawInput: async () => input }),
    report: (error, concern, origin) => tell(error, concern, origin, () => undefined),
    reportFault(cause, concern, origin) {
      const error = getTRPCErrorFromUnknown(cause);
      const log = (): void => {
        // biome-ignore lint/suspicious/noConsole: nobody else is there to be told
        console.error('WebSocket handler:', error);
      };
      if (onError === undefined) log();
      else tell(error, concern, origin, log);
    },
    errorShape(error, concern, origin) {
      try {
        const { type, path, input } = concern;
        return getTRPCErrorShape({ config, error, type, path, input, ctx: origin.ctx });
      } catch (cause) {
        endpoint.reportFault(cause, concern, origin);
        return PLAIN_ERROR;
      }
    },
  };
  return endpoint;
}
