import { getTRPCErrorFromUnknown, type TRPCError } from '@trpc/server';
import type { CallRecord, Context } from './context.ts';

/** A call as the middleware that stands before all others sees it. */
interface Call {
  readonly ctx: Context;
  readonly path: string;
  readonly type: CallRecord['type'];
}

type Result = { readonly ok: true } | { readonly ok: false; readonly error: TRPCError };

let calls = 0;
/** So that the error which the client gets can name its call. */
const idsOfFailed = new WeakMap<TRPCError, string>();

/** Runs a call, and has it recorded when it comes from outside. */
export function recorded<R extends Result>(call: Call, run: () => Promise<R>): Promise<R> {
  const { services, principal } = call.ctx;
  const { onCall } = services;
  return onCall === undefined || principal.client === undefined
    ? run()
    : runRecorded({ call, connection: principal.client.id, onCall }, run);
}

interface Recording {
  readonly call: Call;
  /** Id of the connection or request. */
  readonly connection: string;
  readonly onCall: (record: CallRecord) => void;
}

async function runRecorded<R extends Result>(
  { call: { ctx, path: procedure, type }, connection, onCall }: Recording,
  run: () => Promise<R>,
): Promise<R> {
  const started = performance.now();
  const { principal } = ctx;
  // Before, as the call may end it, and else after, as it may begin it.
  const wallet = principal.session?.wallet;
  const record = (error: TRPCError | undefined): void => {
    calls += 1;
    const requestId = `${connection}-${calls.toString(36)}`;
    if (error !== undefined) idsOfFailed.set(error, requestId);
    onCall({
      requestId,
      procedure,
      type,
      wallet: wallet ?? principal.session?.wallet ?? null,
      code: error?.code ?? 'OK',
      duration: Math.round((performance.now() - started) * 1000) / 1000,
    });
  };
  try {
    const result = await run();
    record(result.ok ? undefined : result.error);
    return result;
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause);
    record(error);
    throw error;
  }
}

/** The id under which a call that failed has been recorded. */
export const requestIdOf = (error: TRPCError): string | undefined => idsOfFailed.get(error);
