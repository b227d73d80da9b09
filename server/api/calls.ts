import type { TRPCError } from '@trpc/server';
import type { WalletAddress } from '../../shared/ids.ts';
import type { ClientInfo, Principal } from '../identity/principal.ts';
import type { CallRecord } from './context.ts';

/** A call that is over, as the middleware sees it. */
interface Finished {
  readonly result: { readonly ok: true } | { readonly ok: false; readonly error: TRPCError };
  readonly path: string;
  readonly type: CallRecord['type'];
  readonly principal: Principal;
  /** Whose session it had when it came: it may have ended it. */
  readonly wallet: WalletAddress | undefined;
  readonly client: ClientInfo;
  /** By `performance.now()`. */
  readonly started: number;
}

let calls = 0;
/** So that the error which the client gets can name its call. */
const idsOfFailed = new WeakMap<TRPCError, string>();

export function recordCall({ result, path, type, principal, wallet, client, started }: Finished): CallRecord {
  calls += 1;
  const requestId = `${client.id}-${calls.toString(36)}`;
  if (!result.ok) idsOfFailed.set(result.error, requestId);
  return {
    requestId,
    procedure: path,
    type,
    wallet: wallet ?? principal.session?.wallet ?? null,
    code: result.ok ? 'OK' : result.error.code,
    duration: Math.round((performance.now() - started) * 1000) / 1000,
  };
}

/** The id under which a call that failed has been recorded. */
export const requestIdOf = (error: TRPCError): string | undefined => idsOfFailed.get(error);
