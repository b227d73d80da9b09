import type { Challenge } from '../auth.ts';
import type { Store } from './store.ts';

/** Why nobody is signed in. */
export type SignedOutWhy =
  /** Nobody has been, as far as is known here. */
  | 'never'
  /** Signed out, here or in another tab. */
  | 'left'
  /** The session has come to its end. */
  | 'expired'
  /** The server has ended it: it was signed out elsewhere, made room for newer ones, or somebody used a token of it twice. */
  | 'revoked'
  /** The server does not know it: what was kept is damaged, or of another server. */
  | 'invalid'
  /**
   * New tokens were asked for and the answer was lost. The refresh token may have been used by that, and a second use
   * would look like theft to the server, so it is not sent again.
   */
  | 'lost';

export type SessionState =
  | { readonly kind: 'signed_out'; readonly why: SignedOutWhy }
  /** The wallet is asked to sign. */
  | { readonly kind: 'signing_in'; readonly wallet: string }
  | {
      readonly kind: 'signed_in';
      readonly wallet: string;
      /** May run operator procedures. */
      readonly operator: boolean;
      readonly sessionId: string;
      /** Milliseconds since the epoch by the clock of this machine. The token is refreshed before. */
      readonly accessExpiresAt: number;
    };

/** What a wallet gives for a challenge. */
export interface SignedChallenge {
  readonly account: { readonly address: string; readonly publicKey: ArrayLike<number> };
  readonly signedMessage: Uint8Array;
  readonly signature: Uint8Array;
}

/** Whoever signs in: an address, and wallet-standard's `solana:signIn` for it. */
export interface SigningWallet {
  readonly address: string;
  readonly signIn: (challenge: Challenge) => Promise<SignedChallenge>;
}

export interface SignOutOptions {
  /** Ends every session of the wallet, on other devices too. */
  readonly everywhere?: boolean;
}

/** Who the client is. */
export interface ClientSession {
  readonly state: Store<SessionState>;
  /**
   * Has the wallet sign, and the connection speak for it from then on. Whoever was signed in before is signed out. Rejects
   * with what the wallet rejects with, or with a {@link SignInError}; then all is as it was before.
   */
  signIn(wallet: SigningWallet): Promise<void>;
  /**
   * Forgets the session at once and has the server end it. @returns whether the server has; when it could not be reached
   * the session lives there until its time is over, but nobody has its tokens any more.
   */
  signOut(options?: SignOutOptions): Promise<boolean>;
}

/** `refused`: the server does not take the proof. `too_often`: not before `retryAfterMs`. `unreachable`: no answer. */
export type SignInFailure = 'refused' | 'too_often' | 'unreachable' | 'superseded';

const MESSAGES: Readonly<Record<SignInFailure, string>> = {
  refused: 'The server has refused the sign-in.',
  too_often: 'There were too many sign-ins; try again later.',
  unreachable: 'The server could not be reached.',
  superseded: 'Another sign-in, or a sign-out, has taken its place.',
};

/** A sign-in that did not work. It carries no cause: what went over the wire is nobody's to see. */
export class SignInError extends Error {
  override readonly name = 'SignInError';

  constructor(
    readonly why: SignInFailure,
    /** Milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(MESSAGES[why]);
  }
}
