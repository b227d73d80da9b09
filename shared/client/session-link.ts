import type { TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { AppRouter } from '../../server/api/router.ts';
import { problemOf } from './failure.ts';

/** What calls need of the session. */
export interface SessionRepair {
  /** Whether there is a session, good or not. */
  signedIn(): boolean;
  /**
   * The server says that the connection has no session, or no more. @returns whether it is worth asking again: the
   * connection speaks for the session anew, or a new one will.
   */
  renewed(): Promise<boolean>;
  /** The server says that the session is not good, or that the connection does not speak for it. */
  doubted(): void;
}

/**
 * Asks again, once, for a query or a subscription that failed because the session of its connection had expired: after a
 * night asleep the server's timer has gone off before ours. Likewise when the connection has none although somebody is
 * signed in, as it was opened just before. A subscription goes on behind its last item; each item allows one more renewal.
 * Mutations are asked again by the delivery link. What else a session can fail of, the session is told.
 */
export function sessionLink(session: SessionRepair): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let input: unknown = op.input;
        let attempt: Unsubscribable | null = null;
        let left = false;
        let renewable = op.type !== 'mutation';
        const ask = (): void => {
          attempt = next({ ...op, input }).subscribe({
            next: (envelope) => {
              const { result } = envelope;
              if (op.type === 'subscription' && 'id' in result && typeof result.id === 'string') {
                renewable = true;
                input = behind(result.id, op.input);
              }
              observer.next(envelope);
            },
            error: (error) => {
              const problem = problemOf(error);
              const mends = problem === 'expired' || problem === 'none';
              if (!mends || !renewable || !session.signedIn()) {
                if (problem !== undefined && problem !== 'expired') session.doubted();
                observer.error(error);
                return;
              }
              renewable = false;
              void session.renewed().then((again) => {
                if (left) return;
                if (again) ask();
                else observer.error(error);
              });
            },
            complete: () => observer.complete(),
          });
          if (left) attempt.unsubscribe();
        };
        ask();
        return () => {
          left = true;
          attempt?.unsubscribe();
        };
      });
}

/** The input of a subscription that goes on after an item. */
const behind = (lastEventId: string, input: unknown): object =>
  typeof input === 'object' && input !== null ? { ...input, lastEventId } : { lastEventId };
