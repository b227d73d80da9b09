import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from '../../server/api/router.ts';
import { CLOSED_BY_CLIENT, type ConnectionEndedError } from './errors.ts';
import type { Status } from './status.ts';

/**
 * Fails what is under way when the connection ends for good, and everything that is asked after that. The stock client
 * would complete the subscriptions, wait for the calls, and open a new socket for the next one. When it is the client
 * that was closed its subscriptions complete: that is no error.
 */
export function guardLink(status: Status): TRPCLink<AppRouter> {
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
        const subscription = next(op).subscribe(observer);
        return () => {
          current = false;
          leave();
          subscription.unsubscribe();
        };
      });
}
