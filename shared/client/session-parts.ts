import type { AuthCalls } from './auth-calls.ts';
import type { Clock } from './clock.ts';
import type { Lock, SessionStorage } from './kept-session.ts';

/** The connection, as the session uses it. */
export interface SpeakingConnection {
  isOpen(): boolean;
  /** Has the open socket speak for the access token. */
  renew(accessToken: string): Promise<unknown>;
  /** Closes the open sockets; new ones take their places. */
  drop(): void;
}

export interface SessionParts {
  readonly calls: Pick<AuthCalls, 'reachable' | 'challenge' | 'signIn' | 'refresh' | 'logout'>;
  readonly connection: SpeakingConnection;
  readonly storage: SessionStorage;
  readonly lock: Lock;
  readonly clock: Clock;
  readonly random: () => number;
}
