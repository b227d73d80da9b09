import { TRPCError } from '@trpc/server';
import { errorDetails, RejectedError } from '../../server/api/errors.ts';
import type { Rejection } from '../../shared/rejections.ts';

/** What a direct call fails with. @throws when it is answered, or fails with anything but a tRPC error */
export async function errorOf(call: Promise<unknown>): Promise<TRPCError> {
  const error: unknown = await call.then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCError)) throw error;
  return error;
}

/** The market's refusal of a direct call, as `data.rejection` carries it, and the code it has. */
export async function rejectionOf(call: Promise<unknown>): Promise<Rejection & { readonly code: string }> {
  const error = await errorOf(call);
  const { rejection } = errorDetails(error);
  if (!(error.cause instanceof RejectedError) || rejection === undefined) throw error;
  return { ...rejection, code: error.code };
}

/** The fields that a direct call's input is refused for, each once. @throws when it is refused for anything else */
export async function issuesOf(call: Promise<unknown>): Promise<readonly string[]> {
  const error = await errorOf(call);
  if (error.code !== 'BAD_REQUEST') throw error;
  return [...new Set(errorDetails(error).issues?.map(({ path }) => path.join('.')))];
}
