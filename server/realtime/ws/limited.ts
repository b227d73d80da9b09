import { TRPCError } from '@trpc/server';

/** A limit has been reached; the same may be sent again after a while. Nothing of it was done. */
export class LimitedError extends Error {
  override readonly name = 'LimitedError';

  /** @param waitMs milliseconds until the limit lets it through */
  constructor(readonly waitMs: number) {
    super(`That was too often; try again in ${Math.ceil(waitMs / 100) / 10} s.`);
  }
}

export function tooMany(waitMs: number): TRPCError {
  const cause = new LimitedError(waitMs);
  return new TRPCError({ code: 'TOO_MANY_REQUESTS', message: cause.message, cause });
}
