import type { SessionProblem } from '../../shared/auth.ts';
import type { WalletAddress } from '../../shared/ids.ts';

/** Who calls: a wallet that has proved itself, or server code acting for one. */
export interface Session {
  readonly wallet: WalletAddress;
  /** May run operator procedures. */
  readonly operator?: boolean;
}

/** A session that a wallet has signed in to, as an access token tells. */
export interface SignedSession extends Session {
  readonly id: string;
  readonly operator: boolean;
  /** Milliseconds since the epoch; it can be renewed until then. */
  readonly expiresAt: number;
}

/** A session was needed, or has ended. */
export class SessionError extends Error {
  override readonly name = 'SessionError';

  constructor(readonly problem: SessionProblem) {
    super(MESSAGES[problem]);
  }
}

const MESSAGES: Readonly<Record<SessionProblem, string>> = {
  none: 'Sign in first.',
  invalid: 'The access token is not valid here; sign in.',
  expired: 'The session has expired; refresh it, or sign in.',
  revoked: 'The session has ended; sign in.',
  replaced: 'The connection speaks for another wallet now.',
};
