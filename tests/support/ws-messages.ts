import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';

/** The messages of tRPC's WebSocket protocol, as a client writes and reads them. */
export type RequestId = number | string;
export type ErrorCode = TRPCError['code'];

interface Call {
  readonly id: RequestId;
  readonly method: 'query' | 'mutation' | 'subscription';
  readonly params: { readonly path: string; readonly input?: unknown; readonly lastEventId?: string };
}

const call =
  (method: Call['method']) =>
  (id: RequestId, path: string, input?: unknown): Call => ({ id, method, params: { path, input } });

export const query = call('query');
export const mutation = call('mutation');
export const subscription = call('subscription');
export const resumed = (id: RequestId, path: string, lastEventId: string, input?: unknown): Call => ({
  id,
  method: 'subscription',
  params: { path, input, lastEventId },
});
export const stop = (id: RequestId) => ({ id, method: 'subscription.stop' });
export const connectionParams = (data: unknown) => ({ method: 'connectionParams', data });

export const data = (id: RequestId, value: unknown) => ({ id, result: { type: 'data', data: value } });
export const trackedData = (id: RequestId, eventId: string, value: unknown) => ({
  id,
  result: { type: 'data', id: eventId, data: { id: eventId, data: value } },
});
export const started = (id: RequestId) => ({ id, result: { type: 'started' } });
export const stopped = (id: RequestId) => ({ id, result: { type: 'stopped' } });
export const RECONNECT = { id: null, method: 'reconnect' };

/** An error in tRPC's default shape. */
export const refused = <Id extends RequestId | null>(
  id: Id,
  code: ErrorCode,
  message: unknown,
  path?: string,
) => ({
  id,
  error: {
    code: TRPC_ERROR_CODES_BY_KEY[code],
    message,
    data: {
      code,
      httpStatus: getHTTPStatusCodeFromError(new TRPCError({ code })),
      ...(path === undefined ? {} : { path }),
    },
  },
});

/** What a client gets in place of an error that cannot be rendered. */
export const unrendered = <Id extends RequestId | null>(id: Id) =>
  refused(id, 'INTERNAL_SERVER_ERROR', 'Internal server error');
