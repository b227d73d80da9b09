import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from '../../server/api/router.ts';
import { AuthCalls } from './auth-calls.ts';
import { Backoff } from './backoff.ts';
import { systemClock } from './clock.ts';
import { deliveryLink } from './delivery.ts';
import { CLOSED_BY_CLIENT } from './errors.ts';
import { guardLink } from './guard.ts';
import { localLock, memoryStorage } from './kept-session.ts';
import { type ClientOptions, DEADLINE_MS, KEEP_ALIVE, RECONNECT } from './options.ts';
import { Pause } from './pause.ts';
import { Session } from './session.ts';
import { sessionLink } from './session-link.ts';
import type { ClientSession } from './session-state.ts';
import { Sockets } from './sockets.ts';
import { type ClientState, Status } from './status.ts';
import type { Store } from './store.ts';

export {
  CLOSED_BY_CLIENT,
  ConnectionEndedError,
  causeOf,
  OUTDATED,
  UnansweredError,
  UnseenError,
} from './errors.ts';
export { type Followed, type FollowHandlers, type FollowOptions, follow } from './follow.ts';
export {
  isKeptSession,
  type KeptSession,
  type Lock,
  localLock,
  memoryStorage,
  type SessionStorage,
} from './kept-session.ts';
export type { ClientOptions, SessionOptions } from './options.ts';
export {
  type ClientSession,
  type SessionState,
  type SignedOutWhy,
  SignInError,
  type SigningWallet,
} from './session-state.ts';
export type { ClientState } from './status.ts';
export type { Store } from './store.ts';

/** The typed client of the API. A call's `context: { deadlineMs }` bounds a mutation. */
export type ApiClient = TRPCClient<AppRouter>;

export interface ConnectedClient {
  readonly client: ApiClient;
  readonly state: Store<ClientState>;
  /** Who it is; nobody until someone signs in. */
  readonly session: ClientSession;
  /** Tries again at once if the client is waiting to reconnect; does nothing otherwise. The delays go on from where they were. */
  hurry(): void;
  /**
   * Closes the connection for good, at once: subscriptions complete, calls under way and later ones fail with a
   * {@link ConnectionEndedError}. To wait for answers, await the calls first. @returns when its sockets are closed
   */
  close(): Promise<void>;
}

/** With this code the server says that the session which the connection spoke for has been ended. */
const REVOKED = 4401;
/** With these codes the server refuses for good; after every other one the client comes back. See ws/PROTOCOL.md. */
const isFinal = (code: number): boolean => code >= 4500 && code <= 4999;

/**
 * Connects to the API over one WebSocket, in a browser or in Node (`createClient({ url, WebSocket })`).
 *
 * It comes back by itself, after delays with full jitter; subscriptions go on after their last item. See
 * {@link deliveryLink} for what becomes of mutations. When the server closes with a final code (4500–4999) it stays away:
 * everything under way and everything later fails with a {@link ConnectionEndedError} as the cause.
 *
 * `session.signIn(wallet)` has the open connection speak for a wallet, and every later one begins with that. The access
 * token is refreshed and the connection renewed before its end, without a reconnect; streams of the wallet go on. When
 * the answer to a refresh is lost the session is over (`lost`): its token may be used up, and is never sent twice.
 * @throws TypeError when there is no WebSocket class
 */
export function createClient(options: ClientOptions): ConnectedClient {
  const { url, clock = systemClock, random = Math.random, keepAlive = KEEP_ALIVE } = options;
  const address = options.contract === undefined ? url : withContract(url, options.contract);
  const status = new Status();
  const backoff = new Backoff(options.backoff ?? RECONNECT, clock.now, random);
  /** Before an attempt. The stock client could not be hurried while it waits: it is given no delay, but its address late. */
  const pause = new Pause(clock);
  /** The connection is given up because of who it speaks for: there is nothing to wait for. */
  let changesHands = false;
  const sockets = new Sockets(
    options.WebSocket,
    {
      heard: () => options.onHeard?.(),
      opened: () => {
        backoff.working();
        status.opened();
        session.opened();
      },
      closed: ({ code, reason, wasOpen }) => {
        // First: what is under way must not take the loss for one that passes.
        if (isFinal(code)) void end(code, reason);
        if (code === REVOKED) changesHands = true;
        if (wasOpen) status.closed();
      },
    },
    clock,
  );
  const session = new Session({
    calls: new AuthCalls({ url, fetch: options.session?.fetch, clock }),
    connection: {
      isOpen: () => status.get().kind === 'open',
      // Not by the links below, which would have the session renewed for it.
      renew: (accessToken) => direct.auth.renew.mutate({ accessToken }),
      drop: () => {
        changesHands = true;
        sockets.dropAll();
      },
    },
    storage: options.session?.storage ?? memoryStorage(),
    lock: options.session?.lock ?? localLock(),
    clock,
    random,
  });
  const socket = createWSClient({
    url: async () => {
      await pause.over();
      if (status.ended !== null) throw status.ended;
      await session.connecting();
      return address;
    },
    // Read for every socket, twice; without a session it opens as if there were no such thing as connection params.
    get connectionParams() {
      return session.introduces ? () => session.params() : null;
    },
    WebSocket: sockets.Class,
    retryDelayMs: () => {
      if (status.ended !== null) {
        // A request that waited for its turn has made the stock client try again; closing it again stops that.
        void socket.close();
        return 0;
      }
      const delay = changesHands ? 0 : backoff.delay();
      changesHands = false;
      pause.start(delay);
      status.retrying({ attempt: backoff.failures, retryAt: clock.now() + delay });
      return 0;
    },
    keepAlive: {
      enabled: true,
      intervalMs: keepAlive.pingAfterMs,
      pongTimeoutMs: keepAlive.pongWithinMs,
    },
  });
  const wire = [guardLink(status, sockets), wsLink<AppRouter>({ client: socket, transformer: superjson })];
  const direct = createTRPCClient<AppRouter>({ links: wire });
  const end = async (code: number, reason: string): Promise<void> => {
    status.end(code, reason);
    pause.cut();
    session.close();
    const closed = sockets.closeAll();
    await socket.close();
    await closed;
  };
  const hurry = (): void => {
    // While a socket serves, what waits is its replacement, and clients must not all come for theirs at once.
    if (status.get().kind !== 'reconnecting' || !pause.cut()) return;
    status.retrying({ attempt: backoff.failures, retryAt: clock.now() });
  };
  const client = createTRPCClient<AppRouter>({
    links: [
      deliveryLink({ status, session, clock, random, deadlineMs: options.deadlineMs ?? DEADLINE_MS }),
      sessionLink(session),
      ...wire,
    ],
  });
  return {
    client,
    state: status,
    session,
    hurry,
    close: () => end(CLOSED_BY_CLIENT, 'closed by the client'),
  };
}

const withContract = (url: string, contract: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}contract=${encodeURIComponent(contract)}`;
