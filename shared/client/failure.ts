import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../../server/api/router.ts';
import type { SessionProblem } from '../auth.ts';
import { ConnectionEndedError, causeOf, type Unanswered } from './errors.ts';

export type CallError = TRPCClientError<AppRouter>;

/**
 * Why an attempt at a mutation failed. `refused`: the server has answered, with an error. `limited`: it was one too many,
 * nothing was done, and the server says when it may be sent again. `expired`: the connection speaks for nobody any more,
 * and nothing was done. `unavailable`: the server has answered that it cannot say, and that the same order may be sent
 * again. `ended`: the connection, for good. `lost`: there is no answer, or none that can be read.
 */
export type Failure = 'refused' | 'limited' | 'expired' | 'unavailable' | 'ended' | 'lost';

export function failureOf(error: CallError): Failure {
  const { data } = error;
  if (data === undefined || data === null) {
    return causeOf(error, ConnectionEndedError) === undefined ? 'lost' : 'ended';
  }
  if (limitOf(error) !== undefined) return 'limited';
  if (problemOf(error) === 'expired') return 'expired';
  const mistaken = data.httpStatus >= 400 && data.httpStatus < 500;
  return data.retry === 'same_order' && !mistaken ? 'unavailable' : 'refused';
}

/** Milliseconds after which the server lets the same call through; `undefined` when it does not say so. */
function limitOf({ data }: CallError): number | undefined {
  return data?.code === 'TOO_MANY_REQUESTS' && data.retryAfter !== undefined
    ? data.retryAfter * 1000
    : undefined;
}

const PROBLEMS: Readonly<Record<SessionProblem, true>> = {
  none: true,
  invalid: true,
  expired: true,
  revoked: true,
  replaced: true,
};
const isProblem = (value: unknown): value is SessionProblem =>
  typeof value === 'string' && Object.hasOwn(PROBLEMS, value);

/** Why there was no session for a call that needs one; `undefined` when that is not why it failed. */
export function problemOf(error: unknown): SessionProblem | undefined {
  const data: unknown = error instanceof TRPCClientError ? error.data : undefined;
  if (typeof data !== 'object' || data === null || !('session' in data)) return undefined;
  return isProblem(data.session) ? data.session : undefined;
}

/** Whether nothing was done by an attempt that failed so, even when it was sent. */
export function nothingDone(failure: Failure): boolean {
  return failure === 'refused' || failure === 'limited' || failure === 'expired';
}

export interface MutationSoFar {
  /** It carries a clientOrderId, under which it is carried out at most once. */
  readonly repeatable: boolean;
  /** An attempt before this one may have been carried out. */
  readonly uncertain: boolean;
  /** There is a session that can be renewed, and it was not for this mutation. */
  readonly renewable: boolean;
  /** Until its deadline, in milliseconds. */
  readonly leftMs: number;
}

export type Step =
  /** The same input once more, `afterMs` from now at the earliest. */
  | { readonly kind: 'again'; readonly afterMs: number }
  /** The same input once more when the connection speaks for the session again. */
  | { readonly kind: 'renew' }
  /** The error is the answer. */
  | { readonly kind: 'fail' }
  | { readonly kind: 'unanswered'; readonly why: Unanswered };

/** What to do after an attempt has failed. */
export function stepAfter(error: CallError, soFar: MutationSoFar): Step {
  const { repeatable, renewable, leftMs } = soFar;
  const failure = failureOf(error);
  switch (failure) {
    case 'lost':
      return repeatable ? { kind: 'again', afterMs: 0 } : { kind: 'unanswered', why: 'no_answer' };
    case 'unavailable':
      return repeatable ? { kind: 'again', afterMs: 0 } : { kind: 'fail' };
    case 'ended':
      return { kind: 'unanswered', why: 'connection_ended' };
    case 'limited': {
      const afterMs = limitOf(error) ?? 0;
      // Nobody is kept waiting for what cannot come in time.
      return afterMs < leftMs ? { kind: 'again', afterMs } : refusal(error, soFar);
    }
    case 'expired':
      return renewable ? { kind: 'renew' } : refusal(error, soFar);
    case 'refused':
      return refusal(error, soFar);
    default:
      return failure satisfies never;
  }
}

/** The market knows its orders: a rejection by it speaks of the earlier attempts too. An expired session does not. */
function refusal({ data }: CallError, { uncertain }: MutationSoFar): Step {
  return uncertain && data?.rejection === undefined
    ? { kind: 'unanswered', why: 'refused_later' }
    : { kind: 'fail' };
}

/** Whether an input may be sent again: it carries a clientOrderId. */
export function isRepeatable(input: unknown): boolean {
  return (
    typeof input === 'object' &&
    input !== null &&
    'clientOrderId' in input &&
    typeof input.clientOrderId === 'string'
  );
}

/**
 * How long a mutation may take, in milliseconds, as its context says.
 * @throws TypeError when that is no time
 */
export function deadlineOf(context: Readonly<Record<string, unknown>>, usual: number): number {
  const { deadlineMs = usual } = context;
  if (typeof deadlineMs === 'number' && deadlineMs >= 0) return deadlineMs;
  throw new TypeError(`context.deadlineMs must be a number of milliseconds, not ${String(deadlineMs)}`);
}
