import { getTRPCErrorFromUnknown, TRPCError, type TRPCProcedureType } from '@trpc/server';
import { isObservable } from '@trpc/server/observable';
import type { TRPCResultMessage } from '@trpc/server/rpc';
import type { Address } from './encoding.ts';
import type { Concern, Endpoint } from './endpoint.ts';
import type { LiveConnection } from './traffic.ts';

/** A message that runs a procedure. */
export interface Call extends Address {
  readonly type: TRPCProcedureType;
  readonly path: string;
  readonly input: unknown;
  /** Its place in its batch. */
  readonly batchIndex: number;
}

/** A connection as its calls see it. */
export interface CallConnection<C> extends LiveConnection {
  readonly endpoint: Endpoint<C>;
  /** It can be sent to. */
  readonly open: boolean;
  /**
   * The context, at once when it has been made.
   * @throws TRPCError why there is none
   */
  context(): C | undefined | Promise<C | undefined>;
  /** Counts an unanswered query or mutation, whose signal aborts when the socket closes. */
  begin(): AbortController;
  end(running: AbortController): void;
  /** @throws when the result cannot be encoded */
  respond(address: Address, result: TRPCResultMessage<unknown>['result']): void;
  /** As {@link respond}, with an item of a subscription. @throws when it cannot be encoded */
  respondWithItem(address: Address, result: TRPCResultMessage<unknown>['result']): void;
  /** Reports the error and answers with it. */
  respondWithError(address: Address, cause: unknown, concern: Concern): void;
  /** Tells the server alone of an error. */
  report(cause: unknown, concern: Concern): void;
  /** Gives the id of a subscription back. */
  release(address: Address): void;
}

export const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

const isAbortError = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** Whether the procedure gave up because its call had been aborted: nobody waits for that. */
export function gaveUp(cause: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  const error = getTRPCErrorFromUnknown(cause);
  return error.code === 'INTERNAL_SERVER_ERROR' && isAbortError(error.cause);
}

/** Runs a query or a mutation and answers it. */
export async function answer<C>(connection: CallConnection<C>, call: Call): Promise<void> {
  const { endpoint } = connection;
  const { type, path, input, batchIndex } = call;
  const running = connection.begin();
  const { signal } = running;
  try {
    const ctx = await connection.context();
    // Nobody will hear of it, so it is not begun.
    if (signal.aborted || !connection.open) return;
    const result = await endpoint.call({ ctx, type, path, input, signal, batchIndex });
    if (isAsyncIterable(result) || isObservable(result)) {
      throw new TRPCError({
        code: 'UNSUPPORTED_MEDIA_TYPE',
        message: `Cannot return an async iterable or observable from a ${type} procedure with WebSockets`,
      });
    }
    connection.respond(call, { type: 'data', data: result });
  } catch (cause) {
    if (!gaveUp(cause, signal)) connection.respondWithError(call, cause, call);
  } finally {
    connection.end(running);
  }
}
