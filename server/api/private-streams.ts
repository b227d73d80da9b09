import type { Principal } from '../identity/principal.ts';
import { SessionError } from '../identity/session.ts';
import { unauthorized } from './errors.ts';

/**
 * A signal that aborts with `signal`, or when the session ends; then its reason is the error that the subscriber gets.
 * (`AbortSignal.any` would keep something on the session's signal for as long as the connection lives.)
 */
export function withSession(signal: AbortSignal | undefined, { ended }: Principal): AbortSignal | undefined {
  if (ended === undefined) return signal;
  const either = new AbortController();
  const sessionEnded = (): void => {
    const { reason }: { readonly reason: unknown } = ended;
    either.abort(unauthorized(reason instanceof SessionError ? reason.problem : 'expired'));
  };
  const left = (): void => {
    ended.removeEventListener('abort', sessionEnded);
    either.abort(signal?.reason);
  };
  if (signal?.aborted) left();
  else if (ended.aborted) sessionEnded();
  else {
    ended.addEventListener('abort', sessionEnded, { once: true });
    signal?.addEventListener('abort', left, { once: true });
  }
  return either.signal;
}
