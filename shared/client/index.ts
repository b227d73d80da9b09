import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from '../../server/api/router.ts';
import { Backoff } from './backoff.ts';
import { systemClock } from './clock.ts';
import { deliveryLink } from './delivery.ts';
import { CLOSED_BY_CLIENT } from './errors.ts';
import { guardLink } from './guard.ts';
import { type ClientOptions, DEADLINE_MS, KEEP_ALIVE, RECONNECT } from './options.ts';
import { Sockets } from './sockets.ts';
import { type ClientState, Status, type Store } from './status.ts';

export { CLOSED_BY_CLIENT, ConnectionEndedError, causeOf, UnansweredError, UnseenError } from './errors.ts';
export { type Followed, type FollowHandlers, type FollowOptions, follow } from './follow.ts';
export type { ClientOptions } from './options.ts';
export type { ClientState, Store } from './status.ts';

/** The typed client of the API. A call's `context: { deadlineMs }` bounds a mutation. */
export type ApiClient = TRPCClient<AppRouter>;

export interface ConnectedClient {
  readonly client: ApiClient;
  readonly state: Store<ClientState>;
  /**
   * Closes the connection for good, at once: subscriptions complete, calls under way and later ones fail with a
   * {@link ConnectionEndedError}. To wait for answers, await the calls first. @returns when its sockets are closed
   */
  close(): Promise<void>;
}

/** With these codes the server refuses for good; after every other one the client comes back. See ws/PROTOCOL.md. */
const isFinal = (code: number): boolean => code >= 4500 && code <= 4999;

/**
 * Connects to the API over one WebSocket, in a browser or in Node (`createClient({ url, WebSocket })`).
 *
 * It comes back by itself, after delays with full jitter; subscriptions go on after their last item. See
 * {@link deliveryLink} for what becomes of mutations. When the server closes with a final code (4500–4999) it stays away:
 * everything under way and everything later fails with a {@link ConnectionEndedError} as the cause.
 * @throws TypeError when there is no WebSocket class
 */
export function createClient(options: ClientOptions): ConnectedClient {
  const { url, clock = systemClock, random = Math.random, keepAlive = KEEP_ALIVE } = options;
  const status = new Status();
  const backoff = new Backoff(options.backoff ?? RECONNECT, clock.now, random);
  const sockets = new Sockets(
    options.WebSocket,
    {
      heard: () => options.onHeard?.(),
      opened: () => {
        backoff.working();
        status.opened();
      },
      closed: ({ code, reason, wasOpen }) => {
        // First: what is under way must not take the loss for one that passes.
        if (isFinal(code)) void end(code, reason);
        if (wasOpen) status.closed();
      },
    },
    clock,
  );
  const socket = createWSClient({
    url,
    WebSocket: sockets.Class,
    retryDelayMs: () => {
      if (status.ended !== null) {
        // A request that waited for its turn has made the stock client try again; closing it again stops that.
        void socket.close();
        return 0;
      }
      const delay = backoff.delay();
      status.retrying({ attempt: backoff.failures, retryAt: clock.now() + delay });
      return delay;
    },
    keepAlive: {
      enabled: true,
      intervalMs: keepAlive.pingAfterMs,
      pongTimeoutMs: keepAlive.pongWithinMs,
    },
  });
  const end = async (code: number, reason: string): Promise<void> => {
    status.end(code, reason);
    const closed = sockets.closeAll();
    await socket.close();
    await closed;
  };
  const client = createTRPCClient<AppRouter>({
    links: [
      deliveryLink({ status, clock, random, deadlineMs: options.deadlineMs ?? DEADLINE_MS }),
      guardLink(status),
      wsLink({ client: socket, transformer: superjson }),
    ],
  });
  return { client, state: status, close: () => end(CLOSED_BY_CLIENT, 'closed by the client') };
}
