import type { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../../server/api/router.ts';
import { ConnectionEndedError, causeOf, type Unanswered } from './errors.ts';

export type CallError = TRPCClientError<AppRouter>;

/**
 * Why an attempt at a mutation failed. `refused`: the server has answered, with an error. `unavailable`: it has answered
 * that it cannot say, and that the same order may be sent again. `ended`: the connection, for good. `lost`: there is no
 * answer, or none that can be read.
 */
export type Failure = 'refused' | 'unavailable' | 'ended' | 'lost';

export function failureOf(error: CallError): Failure {
  const { data } = error;
  if (data === undefined || data === null) {
    return causeOf(error, ConnectionEndedError) === undefined ? 'lost' : 'ended';
  }
  const mistaken = data.httpStatus >= 400 && data.httpStatus < 500;
  return data.retry === 'same_order' && !mistaken ? 'unavailable' : 'refused';
}

export interface MutationSoFar {
  /** It carries a clientOrderId, under which it is carried out at most once. */
  readonly repeatable: boolean;
  /** An attempt before this one may have been carried out. */
  readonly uncertain: boolean;
}

export type Step =
  /** The same input once more. */
  | { readonly kind: 'again' }
  /** The error is the answer. */
  | { readonly kind: 'fail' }
  | { readonly kind: 'unanswered'; readonly why: Unanswered };

/** What to do after an attempt has failed. */
export function stepAfter(error: CallError, { repeatable, uncertain }: MutationSoFar): Step {
  const failure = failureOf(error);
  switch (failure) {
    case 'lost':
      return repeatable ? { kind: 'again' } : { kind: 'unanswered', why: 'no_answer' };
    case 'unavailable':
      return repeatable ? { kind: 'again' } : { kind: 'fail' };
    case 'ended':
      return { kind: 'unanswered', why: 'connection_ended' };
    case 'refused':
      // The market knows its orders: a rejection by it speaks of the earlier attempts too. An expired session does not.
      return uncertain && error.data?.rejection === undefined
        ? { kind: 'unanswered', why: 'refused_later' }
        : { kind: 'fail' };
    default:
      return failure satisfies never;
  }
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
