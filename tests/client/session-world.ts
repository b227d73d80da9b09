import type { Challenge, SessionProblem, Tokens } from '../../shared/auth.ts';
import type { RefreshAnswer } from '../../shared/client/auth-calls.ts';
import {
  type KeptSession,
  localLock,
  memoryStorage,
  type SessionStorage,
  SignInError,
  type SigningWallet,
} from '../../shared/client/index.ts';
import { Session } from '../../shared/client/session.ts';
import { answer } from './answers.ts';
import { ManualTimers } from './manual-timers.ts';

/** How long an access token is good for, in milliseconds, as on the server. */
export const ACCESS_MS = 15 * 60_000;
/** The server's clock is this far ahead of that of the tabs. */
const SKEW_MS = 20 * 60_000;

interface ServerSession {
  readonly wallet: string;
  refreshToken: string;
  live: boolean;
}

interface AccessToken {
  readonly sessionId: string;
  readonly expiresAt: number;
}

/** A server's sessions, a network that can fail, and the tabs of one browser, all at the pace of a test. */
export class SessionWorld {
  readonly timers = new ManualTimers();
  readonly sessions = new Map<string, ServerSession>();
  readonly accessTokens = new Map<string, AccessToken>();
  /** Every refresh token that was sent, as often as it was. */
  readonly refreshesSent: string[] = [];
  /** Sessions that a second use of a refresh token has ended. */
  readonly stolen: string[] = [];
  readonly tabs: Tab[] = [];
  network: 'up' | 'down' = 'up';
  /** What becomes of the next refresh. */
  nextRefresh: 'answered' | 'turned_away' | 'answer_lost' | 'request_lost' | 'held' = 'answered';
  /** Lets a refresh go on that is held. */
  release: () => void = () => undefined;
  readonly #storage = memoryStorage();
  readonly #lock = localLock();
  #tokens = 0;

  get serverNow(): number {
    return this.timers.now() + SKEW_MS;
  }

  get kept(): KeptSession | null {
    return this.#storage.load();
  }

  /** Another tab of the same browser. */
  open(random = (): number => 0): Tab {
    const tab = new Tab(this, random);
    this.tabs.push(tab);
    return tab;
  }

  wallet(address: string): SigningWallet {
    return {
      address,
      signIn: async () => ({
        account: { address, publicKey: [] },
        signedMessage: new Uint8Array(),
        signature: new Uint8Array(),
      }),
    };
  }

  /** The session of an access token, or why there is none. */
  sessionOf(accessToken: string): string | SessionProblem {
    const token = this.accessTokens.get(accessToken);
    if (token === undefined) return 'invalid';
    if (token.expiresAt <= this.serverNow) return 'expired';
    return this.sessions.get(token.sessionId)?.live === true ? token.sessionId : 'revoked';
  }

  isGood(accessToken: string): boolean {
    return this.sessions.has(this.sessionOf(accessToken));
  }

  /** As the server does it when somebody else asks for it: the sockets of the session are closed. */
  revoke(sessionId: string): void {
    const session = this.sessions.get(sessionId);
    if (session !== undefined) session.live = false;
    for (const tab of this.tabs) tab.serverRevoked(sessionId);
  }

  /** A storage as one tab sees it: what another one changes it hears of a moment later. */
  storageOf(): SessionStorage & { changed: () => void } {
    let listener = (): void => undefined;
    const storage = this.#storage;
    const own = {
      load: storage.load,
      save: (session: KeptSession) => {
        storage.save(session);
        tell();
      },
      clear: () => {
        storage.clear();
        tell();
      },
      subscribe: (given: () => void) => {
        listener = given;
        return () => undefined;
      },
      changed: () => listener(),
    };
    const tell = (): void => {
      for (const { storage: other } of this.tabs) if (other !== own) queueMicrotask(other.changed);
    };
    return own;
  }

  readonly lock = this.#lock;

  readonly calls = {
    reachable: async () => this.network === 'up',
    challenge: async (address: string): Promise<Challenge> => {
      if (this.network === 'down') throw new SignInError('unreachable');
      const issuedAt = new Date(this.serverNow).toISOString();
      const text = { domain: '', statement: '', uri: '', version: '1', chainId: '', nonce: '' };
      return { ...text, address, issuedAt, expirationTime: issuedAt };
    },
    signIn: async ({ account }: { readonly account: { readonly address: string } }): Promise<Tokens> => {
      if (this.network === 'down') throw new SignInError('unreachable');
      const sessionId = `session-${this.sessions.size}`;
      this.sessions.set(sessionId, { wallet: account.address, refreshToken: '', live: true });
      return this.#newTokens(sessionId);
    },
    refresh: async (refreshToken: string): Promise<RefreshAnswer> => {
      this.refreshesSent.push(refreshToken);
      const fate = this.network === 'down' ? 'request_lost' : this.nextRefresh;
      this.nextRefresh = 'answered';
      if (fate === 'request_lost') return { kind: 'lost' };
      if (fate === 'turned_away') {
        this.refreshesSent.pop();
        return { kind: 'not_done' };
      }
      const refreshed = this.#refresh(refreshToken);
      if (fate === 'answer_lost') return { kind: 'lost' };
      if (fate === 'held') {
        await new Promise<void>((resolve) => {
          this.release = resolve;
        });
      }
      return refreshed;
    },
    logout: async (accessToken: string): Promise<boolean> => {
      if (this.network === 'down') return false;
      const session = this.sessionOf(accessToken);
      if (this.sessions.has(session)) this.revoke(session);
      return session !== 'expired';
    },
  };

  #refresh(refreshToken: string): RefreshAnswer {
    const found = [...this.sessions].find(([id]) => refreshToken.startsWith(`${id}/`));
    if (found === undefined) return { kind: 'over', problem: 'invalid' };
    const [id, session] = found;
    if (!session.live) return { kind: 'over', problem: 'revoked' };
    if (session.refreshToken !== refreshToken) {
      this.stolen.push(id);
      this.revoke(id);
      return { kind: 'over', problem: 'revoked' };
    }
    return { kind: 'tokens', tokens: this.#newTokens(id) };
  }

  #newTokens(sessionId: string): Tokens {
    const session = this.sessions.get(sessionId);
    if (session === undefined) throw new Error(`no session ${sessionId}`);
    this.#tokens += 1;
    const accessToken = `access-${this.#tokens}`;
    session.refreshToken = `${sessionId}/${this.#tokens}`;
    const accessExpiresAt = this.serverNow + ACCESS_MS;
    this.accessTokens.set(accessToken, { sessionId, expiresAt: accessExpiresAt });
    const { wallet, refreshToken } = session;
    return {
      sessionId,
      wallet,
      operator: false,
      accessToken,
      accessExpiresAt,
      refreshToken,
      refreshExpiresAt: Number.MAX_SAFE_INTEGER,
    };
  }

  /** Lets whatever is under way come to where it waits for a timer. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets time pass in steps, so that what a timer starts can end before the next. */
  async pass(ms: number, stepMs = 20_000): Promise<void> {
    await this.settle();
    for (let left = ms; left > 0; left -= stepMs) {
      this.timers.advance(Math.min(stepMs, left));
      await this.settle();
    }
  }
}

/** A tab: its session, and the one connection that it has. */
export class Tab {
  readonly storage;
  readonly session: Session;
  /** The access token that the open connection speaks for; `undefined` while there is no connection. */
  token: string | null | undefined;
  /** What the newest connection began with. */
  begun: string | null = null;
  /** How many connections were opened, and how many times one was told to speak for a token. */
  openings = 0;
  renewals = 0;
  /** The next renewals wait for this on their way. */
  slowly: Promise<void> | undefined;

  constructor(
    private readonly world: SessionWorld,
    random: () => number,
  ) {
    this.storage = world.storageOf();
    this.session = new Session({
      calls: world.calls,
      connection: {
        isOpen: () => this.token !== undefined,
        renew: async (accessToken) => {
          this.renewals += 1;
          await this.slowly;
          if (this.token === undefined || world.network === 'down')
            throw new TypeError('the connection was lost');
          const problem = world.sessionOf(accessToken);
          if (!world.sessions.has(problem)) throw unauthorized(problem);
          this.token = accessToken;
        },
        drop: () => this.lose(),
      },
      storage: this.storage,
      lock: world.lock,
      clock: world.timers,
      random,
    });
  }

  get state() {
    return this.session.state.get();
  }

  /** Whether the connection has a right to the wallet's streams now. */
  get hasRight(): boolean {
    return typeof this.token === 'string' && this.world.isGood(this.token);
  }

  /** As the stock client opens a socket. @returns whether it did */
  async connect(): Promise<boolean> {
    await this.session.connecting();
    await this.world.settle();
    if (this.world.network === 'down') return false;
    this.openings += 1;
    this.begun = this.session.introduces ? (this.session.params()?.token ?? null) : null;
    this.token = this.begun;
    this.session.opened();
    await this.world.settle();
    return true;
  }

  lose(): void {
    this.token = undefined;
  }

  serverRevoked(sessionId: string): void {
    if (typeof this.token !== 'string' || this.world.accessTokens.get(this.token)?.sessionId !== sessionId)
      return;
    this.lose();
  }
}

const unauthorized = (problem: string): Error => {
  const problems: readonly SessionProblem[] = ['none', 'invalid', 'expired', 'revoked', 'replaced'];
  const session = problems.find((one) => one === problem) ?? 'invalid';
  return answer('UNAUTHORIZED', 401, { session });
};
