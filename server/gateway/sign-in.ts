import type { Services } from '../api/context.ts';
import type { Identity } from '../identity/identity.ts';
import type { Visitor } from '../identity/principal.ts';
import type { SignedSession } from '../identity/session.ts';
import { timeText } from './amounts.ts';
import type { ClientMessage, ServerMessage } from './control-messages.ts';
import type { ErrorCode } from './errors.ts';

/** What the gateway needs to find out who somebody is. */
export interface SignInServices {
  readonly identity: Pick<Identity, 'challenge' | 'sessionOf' | 'signInOnce' | 'revoke'>;
  readonly limits: Services['limits'];
}

export type Challenge = Pick<Extract<ClientMessage, { type: 'challenge' }>, 'walletAddress'>;
/** A token, or what a wallet has signed; without a text, that of the connection's last challenge. */
export type Credentials = Omit<Extract<ClientMessage, { type: 'auth' }>, 'type' | 'id'>;

export type Reply =
  | { readonly kind: 'answer'; readonly message: ServerMessage }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly waitMs?: number }
  | { readonly kind: 'fault'; readonly cause: unknown };

/** Who has signed in on a connection. */
export class SignIn {
  /** The text of the last challenge, until it is used up. */
  #given: string | undefined;
  #checking = false;
  /** What a signature has opened here. There are no tokens of it, so it ends when it is used here no more. */
  #own: SignedSession | undefined;

  constructor(
    private readonly services: SignInServices,
    private readonly visitor: Visitor,
  ) {}

  /** A token is being checked: the next `auth` has to wait. */
  get pending(): boolean {
    return this.#checking;
  }

  async challenge({ walletAddress }: Challenge): Promise<Reply> {
    const { identity, limits } = this.services;
    const { address, origin } = this.visitor.client;
    try {
      const waitMs = await limits.check('sign_ins', { address });
      if (waitMs > 0) return { kind: 'refused', code: 'rate_limited', waitMs };
      const { challenge, text: message } = identity.challenge(walletAddress, origin);
      this.#given = message;
      const { expirationTime: expiresAt } = challenge;
      return { kind: 'answer', message: { type: 'challenge', walletAddress, message, expiresAt } };
    } catch (cause) {
      return { kind: 'fault', cause };
    }
  }

  /** A success replaces the session, anything else leaves it as it is. */
  async authenticate(credentials: Credentials): Promise<Reply> {
    this.#checking = true;
    try {
      const session = await this.#sessionOf(credentials);
      if (session === null || !this.visitor.take(session)) return { kind: 'refused', code: 'auth_failed' };
      this.#keep(credentials.token === undefined ? session : undefined);
      const { wallet: walletAddress, expiresAt } = session;
      const expires = timeText(expiresAt);
      return { kind: 'answer', message: { type: 'authenticated', walletAddress, expiresAt: expires } };
    } catch (cause) {
      return { kind: 'fault', cause };
    } finally {
      this.#checking = false;
    }
  }

  /** The connection has gone. @throws when the sessions cannot be written */
  leave(): void {
    this.#keep(undefined);
  }

  async #sessionOf(credentials: Credentials): Promise<SignedSession | null> {
    const { token, walletAddress, signature, message = this.#given } = credentials;
    const { identity } = this.services;
    if (token !== undefined) {
      const session = await identity.sessionOf(token);
      return typeof session === 'string' ? null : session;
    }
    if (walletAddress === undefined || signature === undefined || message === undefined) return null;
    if (message === this.#given) this.#given = undefined;
    return identity.signInOnce({ walletAddress, message, signature }, this.visitor.client.device);
  }

  /** The wallet can have so many sessions only, and one more would end one that somebody still uses. */
  #keep(own: SignedSession | undefined): void {
    const before = this.#own;
    this.#own = own;
    if (before !== undefined) this.services.identity.revoke(before.wallet, before.id);
  }
}
