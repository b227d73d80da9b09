import { TRPCClientError } from '@trpc/client';
import type { ErrorDetails } from '../../server/api/errors.ts';
import type { CallError } from '../../shared/client/failure.ts';

type Data = NonNullable<CallError['data']>;

/** An error as the server answers with it. */
export const answer = (code: Data['code'], httpStatus: number, details: ErrorDetails = {}): CallError =>
  new TRPCClientError(`${code} it is`, {
    result: {
      error: { code: -32603, message: `${code} it is`, data: { code, httpStatus, path: 'buy', ...details } },
    },
  });
