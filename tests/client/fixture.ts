import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../../server/api/router.ts';
import type { ClientState, Store } from '../../shared/client/index.ts';
import { Inbox } from '../support/streams.ts';

/** Every state of a client from now on, the one it is in first. */
export function statesOf(state: Store<ClientState>): Inbox<ClientState> {
  const inbox = new Inbox<ClientState>();
  inbox.push(state.get());
  state.subscribe(() => inbox.push(state.get()));
  return inbox;
}

export const isOpen = (states: readonly ClientState[]): boolean => states.at(-1)?.kind === 'open';

/** What a call fails with. @throws when it is answered, or fails with anything but the client's error */
export async function errorOf(call: Promise<unknown>): Promise<TRPCClientError<AppRouter>> {
  const error: unknown = await call.then(
    (answer) => new Error('it was answered', { cause: answer }),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError)) throw error;
  return error;
}
