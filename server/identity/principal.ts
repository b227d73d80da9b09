import type { SessionProblem } from '../../shared/auth.ts';
import { type Session, SessionError, type SignedSession } from './session.ts';
import type { Sessions, SessionUser } from './sessions.ts';

/** Who a request or a connection speaks for. */
export interface Principal {
  /** As it stands now: `null` when there is none, or no longer. */
  readonly session: Session | null;
  /** Why there is none. */
  readonly problem: SessionProblem;
  /**
   * Aborts when the session ends and is not renewed before, or the connection speaks for another wallet; its reason is
   * a {@link SessionError}. `undefined` for a session that does not end.
   */
  readonly ended: AbortSignal | undefined;
  /** Where it comes from, for the limits of what an address may do; `undefined` for the server's own code. */
  readonly client: ClientInfo | undefined;
}

export interface ClientInfo {
  /** What limits count by: of an IPv6 address its network. */
  readonly address: string;
  /** Of the page, when it is a browser. */
  readonly origin: string | undefined;
  /** What it calls itself. */
  readonly device: string;
  /** Of the connection, or of the request over HTTP. */
  readonly id: string;
}

/** Code of the server that acts for a wallet, or for nobody. */
export const trusted = (session: Session | null): Principal => ({
  session,
  problem: 'none',
  ended: undefined,
  client: undefined,
});

/** The longest time that a timer takes, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

type State =
  | { readonly kind: 'absent'; readonly problem: SessionProblem }
  | { readonly kind: 'signed in'; readonly session: SignedSession };

/**
 * A client somewhere else: it proves with access tokens who it is, and again before the last one expires, on the same
 * connection. A session that expires ends what was opened with it at that moment, not at the next message.
 */
export class Visitor implements Principal, SessionUser {
  #state: State;
  /** Only while somebody asks for it: most connections never do. */
  #ended: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onRevoked: (() => void) | undefined;
  #left = false;

  /** @param start its session, or why it has none */
  constructor(
    readonly client: ClientInfo,
    start: SignedSession | SessionProblem,
    private readonly sessions: Pick<Sessions, 'use' | 'leave'>,
    private readonly clock: () => number,
  ) {
    this.#state = { kind: 'absent', problem: 'none' };
    if (typeof start === 'string') this.#state = { kind: 'absent', problem: start };
    else if (!this.take(start)) this.#state = { kind: 'absent', problem: 'revoked' };
  }

  get session(): SignedSession | null {
    if (this.#state.kind === 'absent') return null;
    const { session } = this.#state;
    if (session.expiresAt > this.clock()) return session;
    this.#end('expired');
    return null;
  }

  get problem(): SessionProblem {
    return this.session === null && this.#state.kind === 'absent' ? this.#state.problem : 'none';
  }

  get ended(): AbortSignal {
    this.#ended ??= new AbortController();
    if (this.session === null) this.#ended.abort(new SessionError(this.problem));
    else this.#setTimer();
    return this.#ended.signal;
  }

  /**
   * It speaks for this session from now on. What was opened for the same wallet goes on.
   * @returns whether it does: since its token was read the session may have been revoked, or the connection have gone
   */
  take(session: SignedSession): boolean {
    // Nobody would ever have the session forget somebody who has left.
    if (this.#left) return false;
    if (!this.sessions.use(session.id, this)) return false;
    const before = this.#state;
    if (before.kind === 'signed in') {
      if (before.session.id !== session.id) this.sessions.leave(before.session.id, this);
      if (before.session.wallet !== session.wallet) this.#end('replaced');
    }
    this.#state = { kind: 'signed in', session };
    // An old end is not undone; what is opened from now on has an end of its own.
    if (this.#ended?.signal.aborted) this.#ended = undefined;
    if (this.#ended !== undefined) this.#setTimer();
    return true;
  }

  /** @param listener called when its session has been revoked, so that its connection can be closed */
  onRevoked(listener: () => void): void {
    this.#onRevoked = listener;
  }

  revoked(): void {
    this.#end('revoked');
    this.#onRevoked?.();
  }

  /** The connection has gone. */
  leave(): void {
    this.#left = true;
    clearTimeout(this.#timer);
    if (this.#state.kind === 'signed in') this.sessions.leave(this.#state.session.id, this);
    this.#onRevoked = undefined;
  }

  #end(problem: SessionProblem): void {
    clearTimeout(this.#timer);
    if (this.#state.kind === 'signed in') this.sessions.leave(this.#state.session.id, this);
    this.#state = { kind: 'absent', problem };
    this.#ended?.abort(new SessionError(problem));
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    if (this.#state.kind === 'absent' || this.#left) return;
    const { expiresAt } = this.#state.session;
    const wait = Math.min(Math.max(0, expiresAt - this.clock()), LONGEST_TIMER);
    this.#timer = setTimeout(() => {
      // Early, by the clock of the sessions: then it has not ended yet.
      if (this.session !== null) this.#setTimer();
    }, wait);
    this.#timer.unref();
  }
}
