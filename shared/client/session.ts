import { TRPCClientError } from '@trpc/client';
import { Backoff, type BackoffBounds } from './backoff.ts';
import { problemOf } from './failure.ts';
import type { KeptSession } from './kept-session.ts';
import { isSame, Refresher, whyOf } from './refresher.ts';
import type { SessionRepair } from './session-link.ts';
import type { SessionParts } from './session-parts.ts';
import {
  type ClientSession,
  type SessionState,
  type SignedOutWhy,
  SignInError,
  type SigningWallet,
  type SignOutOptions,
} from './session-state.ts';
import { endSession, signInWith } from './sign-in.ts';
import { Cell } from './store.ts';

/** A token is refreshed this long before its end, and up to as much again, so that tabs and clients spread. */
const EARLY_MS = 60_000;
/** A connection waits no longer than this for a fresh token. */
const CONNECT_WITHIN_MS = 5_000;
/** Before a refresh is tried again that did not get to the server. */
const AGAIN: BackoffBounds = { firstMs: 2_000, longestMs: 30_000 };

/** Owns who the client is: its tokens, how long they are good for, and that the connection speaks for them. */
export class Session implements ClientSession, SessionRepair {
  readonly state: Cell<SessionState>;
  readonly #refresher: Refresher;
  readonly #backoff: Backoff;
  readonly #unsubscribe: () => void;
  #held: KeptSession | null;
  #why: SignedOutWhy = 'never';
  #signingIn: { readonly wallet: string } | null = null;
  /** The one that was signed out of here, though another tab may put it into the storage once more. */
  #left: string | undefined;
  #refreshing: Promise<boolean> | null = null;
  #cancelTimer = (): void => undefined;
  #closed = false;
  /** Whether the newest socket was opened to begin with whom it speaks for. */
  #introduced = false;

  constructor(private readonly parts: SessionParts) {
    const { clock, random, storage } = parts;
    this.#refresher = new Refresher(parts);
    this.#backoff = new Backoff(AGAIN, clock.now, random);
    this.#held = storage.load();
    this.state = new Cell(this.#shown());
    this.#unsubscribe = storage.subscribe(this.#adopt);
    this.#schedule();
  }

  signedIn(): boolean {
    return this.#held !== null;
  }

  async signIn(wallet: SigningWallet): Promise<void> {
    const { calls, storage, lock } = this.parts;
    const attempt = { wallet: wallet.address };
    this.#signingIn = attempt;
    this.#show();
    try {
      const kept = await signInWith(this.parts, wallet);
      // Not while a tab that refreshes the session before it could put that in its place.
      await lock(async () => {
        if (this.#signingIn === attempt) storage.save(kept);
      });
      if (this.#signingIn !== attempt) {
        if (storage.load()?.sessionId === kept.sessionId) storage.clear();
        void calls.logout(kept.accessToken);
        throw new SignInError('superseded');
      }
      this.#signingIn = null;
      const before = this.#held;
      await this.#take(kept);
      if (before !== null) void calls.logout(before.accessToken);
    } finally {
      if (this.#signingIn === attempt) {
        this.#signingIn = null;
        this.#show();
      }
    }
  }

  async signOut({ everywhere = false }: SignOutOptions = {}): Promise<boolean> {
    const held = this.#held;
    this.#signingIn = null;
    if (held === null) {
      this.#show();
      return true;
    }
    this.#left = held.sessionId;
    // What is expired can be ended only with new tokens, and those are asked for under the lock.
    this.#leave('left', { keep: held.goodUntil <= this.parts.clock.now() });
    return endSession(this.parts, held, everywhere);
  }

  /** To be awaited before a socket is opened. */
  async connecting(): Promise<void> {
    const held = this.#held;
    if (held !== null && !this.#isFresh(held)) {
      let cancel = (): void => undefined;
      const enough = new Promise<void>((resolve) => {
        cancel = this.parts.clock.after(CONNECT_WITHIN_MS, resolve);
      });
      await Promise.race([this.#refresh(), enough]);
      cancel();
    }
    this.#introduced = this.#held !== null;
  }

  /** Whether the socket that is being opened begins with {@link params}. */
  get introduces(): boolean {
    return this.#introduced;
  }

  /** The connection params: read at once, so that no token can change between this and the use of the socket. */
  params(): { token: string } | null {
    return this.#held === null ? null : { token: this.#held.accessToken };
  }

  /** A socket has opened. It may have begun without the session, or with one that has ended: only an answer tells. */
  opened(): void {
    void this.#renew();
  }

  async renewed(): Promise<boolean> {
    const held = this.#held;
    if (held === null) return false;
    // Fresh by our clock, it may just not have got to the connection yet; if it did, it is the clock that is wrong.
    if (this.#isFresh(held)) return this.#renew();
    return (await this.#refresh()) && this.#held !== null;
  }

  doubted(): void {
    void this.#renew();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer();
    this.#unsubscribe();
  }

  /** One at a time. @returns whether there is a session that may be used, refreshed or not */
  #refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refreshOnce().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refreshOnce(): Promise<boolean> {
    const held = this.#held;
    if (held === null) return false;
    this.#cancelTimer();
    const refreshed = await this.#refresher.refresh(held);
    // Signed out or in meanwhile, or another tab was faster.
    if (this.#held !== held) return this.#held !== null;
    switch (refreshed.kind) {
      case 'kept':
        this.#backoff.working();
        return this.#take(refreshed.kept, true);
      case 'later':
        this.#setTimer(this.#backoff.delay(), () => void this.#refresh());
        return false;
      case 'over':
        this.#leave(refreshed.why);
        return false;
      default:
        return refreshed satisfies never;
    }
  }

  /**
   * Goes by these tokens from now on, and shows it when the connection does: a stream that is opened on hearing of it has
   * its right. @returns whether the connection speaks for them, or the next one will
   */
  async #take(kept: KeptSession, refreshed = false): Promise<boolean> {
    this.#held = kept;
    this.#schedule();
    const speaking = await this.#renew(refreshed);
    if (this.#held === kept) this.#show();
    return speaking;
  }

  /**
   * Has the open socket speak for what is held. Without one there is nothing to do: the next one begins with it.
   * @param refreshed that has just been done, and is no remedy
   */
  async #renew(refreshed = false): Promise<boolean> {
    const { connection } = this.parts;
    const held = this.#held;
    if (held === null) return false;
    if (!connection.isOpen()) return true;
    try {
      await connection.renew(held.accessToken);
      return this.#held !== null;
    } catch (error) {
      // Refreshed meanwhile: what the socket was told since then may not have got there yet.
      if (this.#held !== held) return this.#renew();
      return this.#notSpeaking(error, refreshed);
    }
  }

  async #notSpeaking(error: unknown, refreshed: boolean): Promise<boolean> {
    const problem = problemOf(error);
    if (problem === 'expired') return refreshed ? false : this.#refresh();
    if (problem !== undefined) {
      this.#leave(whyOf(problem));
      return false;
    }
    // Without an answer the socket was lost, and the next one begins with the token. With one it was too many.
    const lost = !(error instanceof TRPCClientError) || error.data === undefined || error.data === null;
    if (!lost) {
      this.#setTimer(this.#backoff.delay(), () => {
        this.#schedule();
        void this.#renew();
      });
    }
    return lost;
  }

  /** @param keep leaves the storage as it is */
  #leave(why: SignedOutWhy, { keep = false } = {}): void {
    const { storage, connection } = this.parts;
    const held = this.#held;
    if (!keep && held !== null && storage.load()?.sessionId === held.sessionId) storage.clear();
    this.#held = null;
    this.#why = why;
    this.#cancelTimer();
    this.#show();
    // Where the server does not know yet that the session is over, the sockets still speak for it.
    if (why === 'left' || why === 'lost') connection.drop();
  }

  /** Another tab has changed what is kept. */
  readonly #adopt = (): void => {
    const kept = this.parts.storage.load();
    if (kept === null) {
      if (this.#held !== null) this.#leave('left');
    } else if (kept.sessionId !== this.#left && (this.#held === null || !isSame(kept, this.#held))) {
      void this.#take(kept);
    }
  };

  #schedule(): void {
    this.#cancelTimer();
    const held = this.#held;
    if (held === null) return;
    const { clock, random } = this.parts;
    const early = Math.min(EARLY_MS * (1 + random()), held.lastsMs / 2);
    const wait = Math.max(0, held.goodUntil - early - clock.now());
    this.#setTimer(wait, () => void this.#refresh());
  }

  #setTimer(ms: number, run: () => void): void {
    this.#cancelTimer();
    if (!this.#closed) this.#cancelTimer = this.parts.clock.after(ms, run);
  }

  #isFresh({ goodUntil, lastsMs }: KeptSession): boolean {
    return goodUntil - this.parts.clock.now() > Math.min(EARLY_MS, lastsMs / 2);
  }

  #show(): void {
    this.state.set(this.#shown());
  }

  #shown(): SessionState {
    const held = this.#held;
    if (held !== null) {
      const { wallet, operator, sessionId, goodUntil: accessExpiresAt } = held;
      return { kind: 'signed_in', wallet, operator, sessionId, accessExpiresAt };
    }
    return this.#signingIn === null
      ? { kind: 'signed_out', why: this.#why }
      : { kind: 'signing_in', wallet: this.#signingIn.wallet };
  }
}
