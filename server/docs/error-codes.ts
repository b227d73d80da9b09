import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { type TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';

export interface ErrorCode {
  /** `error.data.code` */
  readonly code: string;
  /** `error.code` */
  readonly number: number;
  /** `error.data.httpStatus`, and the status of the answer over HTTP. */
  readonly httpStatus: number;
  readonly when: string;
}

/** What a caller may meet. Those of refusals are in `refusals.ts`, reason by reason. */
const WHEN: Partial<Record<TRPC_ERROR_CODE_KEY, string>> = {
  PARSE_ERROR: 'What was sent is no message of the protocol, or its input is not superjson.',
  BAD_REQUEST:
    'The input is not as its schema has it; `data.issues` says where and why. Or a batch is too large, or an id has a subscription already.',
  UNAUTHORIZED:
    'The procedure needs a session, or the session has ended; `data.session` says why. Or a sign-in that does not hold.',
  FORBIDDEN:
    'The procedure is for operators, or the page is of an origin that is not allowed, or this server gives no paper SOL; or a refusal.',
  NOT_FOUND: 'There is no such procedure, or the wallet has no such session; or a refusal.',
  METHOD_NOT_SUPPORTED: 'A query was sent as POST, or a mutation as GET.',
  TIMEOUT: 'Connection params did not come in time.',
  CONFLICT: 'A refusal: the symbol is taken, or the `clientOrderId` was used for something else.',
  PRECONDITION_FAILED: 'A refusal: the market is not, or no longer, as the call would need it.',
  PAYLOAD_TOO_LARGE: 'The body is too large.',
  UNSUPPORTED_MEDIA_TYPE: 'The body is not JSON.',
  UNPROCESSABLE_CONTENT: 'A refusal: the amount is too small.',
  TOO_MANY_REQUESTS:
    'That was too often: nothing was done, and after `data.retryAfter` seconds it may be sent again. Or the connection has as many subscriptions as it may have; or a refusal.',
  INTERNAL_SERVER_ERROR: 'A fault of the server. It tells nothing more.',
  SERVICE_UNAVAILABLE:
    'The market cannot answer for the order now. With `data.retry: "same_order"` send the same `clientOrderId` again: it cannot be carried out twice. Without it, over HTTP, the server has too much to do, and nothing was done: come again after `Retry-After`.',
};

const isCode = (code: string): code is TRPC_ERROR_CODE_KEY => Object.hasOwn(TRPC_ERROR_CODES_BY_KEY, code);

export const httpStatusOf = (code: TRPC_ERROR_CODE_KEY): number =>
  getHTTPStatusCodeFromError(new TRPCError({ code }));

export const errorCodes = (): readonly ErrorCode[] =>
  Object.entries(WHEN).flatMap(([code, when]) =>
    isCode(code)
      ? [{ code, number: TRPC_ERROR_CODES_BY_KEY[code], httpStatus: httpStatusOf(code), when }]
      : [],
  );
