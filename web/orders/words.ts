import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../../server/api/router.ts';
import { causeOf, UnansweredError } from '../../shared/client/index.ts';
import type { Rejection } from '../../shared/rejections.ts';

/** Why an order was not carried out, or that nobody knows whether it was. */
export interface Failure {
  /** `unknown`: there was no answer; it may have been carried out. */
  readonly kind: 'refused' | 'failed' | 'unknown';
  /** Of the market, when it has refused. */
  readonly rejection: Rejection | null;
  readonly words: { readonly title: string; readonly detail: string };
}

export function failureOf(error: unknown): Failure {
  const unanswered = causeOf(error, UnansweredError);
  if (unanswered?.outcome === 'unknown') {
    return {
      kind: 'unknown',
      rejection: null,
      words: {
        title: 'No answer',
        detail: 'It may have been carried out. Your portfolio shows it as soon as the connection is back.',
      },
    };
  }
  if (unanswered !== undefined) {
    return {
      kind: 'failed',
      rejection: null,
      words: { title: 'Not sent', detail: 'The server could not be reached. Nothing was done.' },
    };
  }
  if (isApiError(error)) {
    const rejection = error.data?.rejection ?? null;
    const issue = error.data?.issues?.[0]?.message;
    return {
      kind: 'refused',
      rejection,
      words: { title: 'Refused', detail: issue ?? error.message },
    };
  }
  const detail = error instanceof Error && error.message !== '' ? error.message : 'Something went wrong.';
  return { kind: 'failed', rejection: null, words: { title: 'Not done', detail } };
}

const isApiError = (error: unknown): error is TRPCClientError<AppRouter> => error instanceof TRPCClientError;
