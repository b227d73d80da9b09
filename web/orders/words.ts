import type { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../../server/api/router.ts';
import type { SessionProblem } from '../../shared/auth.ts';
import { causeOf, UnansweredError } from '../../shared/client/index.ts';
import type { Rejection } from '../../shared/rejections.ts';
import { isApiError } from '../api.ts';
import { rejectionWords } from './rejection-words.ts';

/** Why an order was not carried out, or that nobody knows whether it was. */
export interface Failure {
  /**
   * `refused`: by the server, nothing was done. `failed`: it did not get that far. `unknown`: there was no answer, or none
   * that tells; it may have been carried out.
   */
  readonly kind: 'refused' | 'failed' | 'unknown';
  /** Of the market, when it has refused. */
  readonly rejection: Rejection | null;
  readonly words: { readonly title: string; readonly detail: string };
}

/** What an order's error means, in words. */
export function failureOf(error: unknown): Failure {
  const unanswered = causeOf(error, UnansweredError);
  if (unanswered?.outcome === 'unknown') return unknown('No answer');
  if (unanswered !== undefined) {
    return failed('Not sent', 'The server could not be reached. Nothing was done.');
  }
  if (isApiError(error)) return answered(error);
  const detail = error instanceof Error && error.message !== '' ? error.message : 'Something went wrong.';
  return failed('Not done', detail);
}

function answered({ data, message }: TRPCClientError<AppRouter>): Failure {
  const refused = (detail: string, title = 'Refused'): Failure => ({
    kind: 'refused',
    rejection: data?.rejection ?? null,
    words: { title, detail },
  });
  // The call has failed on its way, so no server has answered it.
  if (data === undefined || data === null) return failed('Not done', message);
  if (data.rejection !== undefined) return refused(rejectionWords(data.rejection));
  if (data.session !== undefined) return refused(SESSION[data.session], 'Signed out');
  if (data.retryAfter !== undefined) {
    return refused(`Try again in ${Math.ceil(data.retryAfter)} s. Nothing was done.`, 'Too many orders');
  }
  if (data.httpStatus >= 500) return unknown('The server had a problem');
  return refused(data.issues?.[0]?.message ?? message);
}

const SESSION: Readonly<Record<SessionProblem, string>> = {
  none: 'Sign in first. Nothing was done.',
  invalid: 'The server does not know this session. Sign in again; nothing was done.',
  expired: 'The session has come to its end. Sign in again; nothing was done.',
  revoked: 'The session was ended elsewhere. Sign in again; nothing was done.',
  replaced: 'Another wallet has signed in on this page. Nothing was done.',
};

const unknown = (title: string): Failure => ({
  kind: 'unknown',
  rejection: null,
  words: {
    title,
    detail: 'It may have been carried out. Look at your portfolio before you try again.',
  },
});

const failed = (title: string, detail: string): Failure => ({
  kind: 'failed',
  rejection: null,
  words: { title, detail },
});
