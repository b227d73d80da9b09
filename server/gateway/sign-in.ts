import type { Session } from '../api/context.ts';

/**
 * Checks an `auth` message, as the client sent it. `null` when it does not hold; rejects when that cannot be said.
 * @param signal aborts when the connection ends
 */
export type Authenticate = (message: unknown, signal: AbortSignal) => Promise<Session | null>;

export type Outcome =
  | { readonly kind: 'signed in'; readonly session: Session; readonly before: Session | null }
  | { readonly kind: 'failed' }
  | { readonly kind: 'fault'; readonly cause: unknown };

/** Who has signed in on a connection. */
export class SignIn {
  #session: Session | null = null;
  #checking: AbortController | undefined;

  constructor(private readonly authenticate: Authenticate) {}

  get session(): Session | null {
    return this.#session;
  }

  /** A message is being checked: the next one has to wait. */
  get pending(): boolean {
    return this.#checking !== undefined;
  }

  /** Checks a message, one at a time. A success replaces the session, anything else leaves it as it is. */
  async check(message: unknown): Promise<Outcome> {
    const checking = new AbortController();
    this.#checking = checking;
    try {
      const session = await this.authenticate(message, checking.signal);
      if (session === null) return { kind: 'failed' };
      const before = this.#session;
      this.#session = session;
      return { kind: 'signed in', session, before };
    } catch (cause) {
      return { kind: 'fault', cause };
    } finally {
      this.#checking = undefined;
    }
  }

  /** The connection has ended. */
  close(): void {
    this.#checking?.abort();
  }
}
