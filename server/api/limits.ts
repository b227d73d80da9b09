import type { LimitedKind } from '../guards/rate-limits.ts';
import { tooMany } from '../realtime/ws/limited.ts';
import type { Context } from './context.ts';

/**
 * Counts one more of a kind, of a wallet and of the client's address.
 * @throws TRPCError TOO_MANY_REQUESTS, with `data.retryAfter`, when that is one too many
 */
export async function withinLimit(
  { services, principal }: Context,
  kind: LimitedKind,
  wallet?: string,
): Promise<void> {
  const { client } = principal;
  if (client === undefined) return;
  const { address } = client;
  const waitMs = await services.limits.check(kind, wallet === undefined ? { address } : { address, wallet });
  if (waitMs > 0) throw tooMany(waitMs);
}
