import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from '../../server/api/router.ts';
import { CLOSED_BY_CLIENT, type ConnectionEndedError } from './errors.ts';
import type { Sockets } from './sockets.ts';
import type { Status } from './status.ts';

/**
 * Fails what is under way when the connection ends for good, and everything that is asked after that. The stock client
 * would complete the subscriptions, wait for the calls, and open a new socket for the next one. When it is the client
 * that was closed its subscriptions complete: that is no error.
 *
 * What cannot be sent because the socket is about to close fails when it has closed: if that was for good, with the reason.
 */
export function guardLink(status: Status, sockets: Pick<Sockets, 'afterParting'>): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let current = true;
        const fail = (error: ConnectionEndedError): void => {
          if (current) observer.error(TRPCClientError.from(error));
        };
        const { ended } = status;
        if (ended !== null) {
          // Not before `subscribe` has returned: its caller may need what it returns to handle the error.
          queueMicrotask(() => fail(ended));
          return () => {
            current = false;
          };
        }
        const leave = status.onEnd((error) => {
          if (op.type === 'subscription' && error.code === CLOSED_BY_CLIENT) observer.complete();
          else fail(error);
        });
        const subscription = next(op).subscribe({
          next: (envelope) => observer.next(envelope),
          complete: () => observer.complete(),
          error: (error) => {
            const isAnswer = error.data !== undefined && error.data !== null;
            if (isAnswer) observer.error(error);
            else sockets.afterParting(() => current && observer.error(error));
          },
        });
        return () => {
          current = false;
          leave();
          subscription.unsubscribe();
        };
      });
}
