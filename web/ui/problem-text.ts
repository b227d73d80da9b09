import { ConnectionEndedError, causeOf, OUTDATED } from '../../shared/client/index.ts';
import { isApiError } from '../api.ts';

/** Why something cannot be shown, in words for whoever wanted to see it; what was refused is in the server's own. */
export function problemText(error: unknown): string {
  const ended = causeOf(error, ConnectionEndedError);
  if (ended?.code === OUTDATED) return 'Agent.fun was updated. Reload to go on.';
  if (ended !== undefined) return 'The server has ended the connection. Reload to try again.';
  if (!isApiError(error)) return 'Something went wrong on this page.';
  const { data, message } = error;
  // No server has answered.
  if (data === undefined || data === null) return 'The server could not be reached.';
  if (data.session === 'none') return 'Sign in to see it.';
  if (data.session !== undefined) return 'The session is over. Sign in again to see it.';
  if (data.retryAfter !== undefined) {
    return `That was asked too often. Try again in ${Math.ceil(data.retryAfter)} s.`;
  }
  if (data.httpStatus >= 500) return 'The server had a problem.';
  return data.issues?.[0]?.message ?? message;
}
