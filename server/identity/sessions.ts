import { Buffer } from 'node:buffer';
import type { WalletAddress } from '../../shared/ids.ts';
import { hashOf, newSessionId, RefreshTokens } from './refresh-tokens.ts';
import type { SessionStore, StoredSession } from './session-store.ts';

/** How long a session lasts, however often it is refreshed, in milliseconds. */
export const SESSION_MS = 30 * 24 * 60 * 60_000;
/** Of one wallet; one more ends the oldest. */
export const MAX_SESSIONS = 20;

/** Somebody who uses a session, and is told when it has been revoked. */
export interface SessionUser {
  revoked(): void;
}

/** A session and the refresh token that is good for its next renewal. */
export interface Renewable {
  readonly session: StoredSession;
  readonly refreshToken: string;
}

export interface SessionsOptions {
  readonly store: SessionStore;
  /** 32 bytes, for refresh tokens. */
  readonly key: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told when a refresh token was used twice, and its session has ended for it. */
  readonly onReuse: (session: StoredSession) => void;
}

/**
 * Owns the sessions: which there are, the refresh token of each, and who uses them now. A refresh token is good for one
 * refresh. When one that has been used comes again somebody else has it, and nobody can tell who is who: the session
 * ends (RFC 9700, section 4.14.2).
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #tokens: RefreshTokens;
  readonly #users = new Map<string, Set<SessionUser>>();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#tokens = new RefreshTokens(options.key);
  }

  /**
   * @param device what it is signed in with, as that calls itself
   * @param lastsMs how long it lasts
   */
  open(wallet: WalletAddress, device: string, lastsMs = SESSION_MS): Renewable {
    const { store } = this.#options;
    const now = this.#options.clock();
    store.removeExpired(now);
    const before = store.list(wallet);
    for (const { id } of before.slice(0, Math.max(0, before.length - MAX_SESSIONS + 1))) this.end(id);
    const id = newSessionId();
    const refreshToken = this.#tokens.make(id, 0);
    const session: StoredSession = {
      id,
      wallet,
      createdAt: now,
      refreshedAt: now,
      expiresAt: now + lastsMs,
      generation: 0,
      refreshHash: hashOf(refreshToken),
      // Text that is no Unicode could be written, and would end the process when it is read.
      device: Buffer.from(device, 'utf8').toString('utf8'),
    };
    store.add(session);
    return { session, refreshToken };
  }

  /** Uses a refresh token up. @returns `invalid` for one that is none, `expired` or `revoked` when its session is over */
  refresh(refreshToken: string): Renewable | 'invalid' | 'expired' | 'revoked' {
    const { store, onReuse } = this.#options;
    const now = this.#options.clock();
    const read = this.#tokens.read(refreshToken);
    if (read === undefined) return 'invalid';
    const session = store.get(read.sessionId);
    if (session === undefined) return 'revoked';
    if (session.expiresAt <= now) return 'expired';
    if (session.generation !== read.generation || session.refreshHash !== hashOf(refreshToken)) {
      this.end(session.id);
      onReuse(session);
      return 'revoked';
    }
    const generation = session.generation + 1;
    const next = this.#tokens.make(session.id, generation);
    const refreshHash = hashOf(next);
    store.rotate(session.id, { refreshHash, refreshedAt: now });
    return { session: { ...session, generation, refreshHash, refreshedAt: now }, refreshToken: next };
  }

  /** Whether it has neither expired nor been ended. */
  isLive(id: string): boolean {
    const session = this.#options.store.get(id);
    return session !== undefined && session.expiresAt > this.#options.clock();
  }

  /** The live ones of a wallet, the oldest first. */
  list(wallet: WalletAddress): readonly StoredSession[] {
    const now = this.#options.clock();
    return this.#options.store.list(wallet).filter(({ expiresAt }) => expiresAt > now);
  }

  /** Ends a session at once; whoever uses it is told. @returns whether it was there */
  end(id: string): boolean {
    const ended = this.#options.store.remove(id);
    const users = this.#users.get(id);
    this.#users.delete(id);
    for (const user of users ?? []) user.revoked();
    return ended;
  }

  /** Has `user` told when the session is revoked. @returns whether it is live */
  use(id: string, user: SessionUser): boolean {
    if (!this.isLive(id)) return false;
    const users = this.#users.get(id);
    if (users === undefined) this.#users.set(id, new Set([user]));
    else users.add(user);
    return true;
  }

  leave(id: string, user: SessionUser): void {
    const users = this.#users.get(id);
    if (users?.delete(user) && users.size === 0) this.#users.delete(id);
  }
}
