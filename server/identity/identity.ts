import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { base58 } from '@scure/base';
import type { Challenge, SessionProblem, SignInInput, Tokens } from '../../shared/auth.ts';
import type { WalletAddress } from '../../shared/ids.ts';
import { ACCESS_SECONDS, AccessTokens } from './access-tokens.ts';
import { Challenges, textOf } from './challenges.ts';
import { type ClientInfo, Visitor } from './principal.ts';
import { type Proof, provenWallet } from './proof.ts';
import { keyFor } from './secret.ts';
import type { SignedSession } from './session.ts';
import { SessionStore, type StoredSession } from './session-store.ts';
import { type Renewable, SESSION_MS, Sessions } from './sessions.ts';

export interface IdentityOptions {
  /** The origin that people open the site at: whom tokens are for, and the site for clients that are no browser. */
  readonly publicUrl: string;
  /** At least 32 characters that nobody can guess. */
  readonly secret: string;
  readonly store: SessionStore;
  /** Wallets that may run operator procedures. */
  readonly operators?: readonly WalletAddress[];
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Told when a refresh token was used twice, and its session has ended for it. */
  readonly onReuse?: (session: StoredSession) => void;
}

/** A challenge, and the text that it is signed as. */
export interface Given {
  readonly challenge: Challenge;
  readonly text: string;
}

/** What a client that knows no wallet standard gives: the text it signed, and base64 of the signature. */
export interface TextProof {
  readonly walletAddress: WalletAddress;
  readonly message: string;
  readonly signature: string;
}

/** Characters of what a client calls itself. */
const MAX_DEVICE = 200;

/** Who somebody is: Sign-In With Solana, sessions, and what tokens say. */
export class Identity {
  readonly #options: IdentityOptions;
  readonly #challenges: Challenges;
  readonly #sessions: Sessions;
  readonly #accessTokens: AccessTokens;
  readonly #operators: ReadonlySet<string>;
  readonly #clock: () => number;

  constructor(options: IdentityOptions) {
    const { publicUrl, secret, store, operators = [], clock = Date.now, onReuse = () => undefined } = options;
    this.#options = options;
    this.#clock = clock;
    this.#challenges = new Challenges(clock);
    this.#sessions = new Sessions({ store, key: keyFor('refresh', secret), clock, onReuse });
    this.#accessTokens = new AccessTokens(keyFor('access', secret), publicUrl, clock);
    this.#operators = new Set(operators);
  }

  /** For a server that keeps nothing: its sessions end with it. */
  static inMemory(options: Partial<IdentityOptions> = {}): Identity {
    return new Identity({
      publicUrl: 'http://localhost:3001',
      secret: randomBytes(32).toString('base64url'),
      store: new SessionStore(),
      ...options,
    });
  }

  /** What the wallet is to sign. @param site origin of the page that asks; one that this server serves */
  challenge(address: WalletAddress, site: string = this.#options.publicUrl): Given {
    const challenge = this.#challenges.give(address, site);
    return { challenge, text: textOf(challenge) };
  }

  /** Opens a session for a wallet that the server's own code vouches for. */
  async vouch(wallet: WalletAddress, device: string): Promise<Tokens> {
    return this.#tokens(this.#sessions.open(wallet, device.slice(0, MAX_DEVICE)));
  }

  /** Opens a session for the wallet that signed a challenge. `null` when the proof does not hold, whatever is wrong. */
  async signIn({ account, signedMessage, signature }: SignInInput, device: string): Promise<Tokens | null> {
    const proof: Proof = {
      address: account.address,
      publicKey: Buffer.from(account.publicKey, 'base64'),
      signedMessage: Buffer.from(signedMessage, 'base64'),
      signature: Buffer.from(signature, 'base64'),
    };
    const session = this.#prove(proof, device, SESSION_MS);
    return session === null ? null : this.#tokens(session);
  }

  /** As {@link signIn}, for a connection that signs in anew before its time is over: there is nothing to refresh. */
  signInOnce({ walletAddress, message, signature }: TextProof, device: string): SignedSession | null {
    const proof: Proof = {
      address: walletAddress,
      publicKey: base58.decode(walletAddress),
      signedMessage: Buffer.from(message, 'utf8'),
      signature: Buffer.from(signature, 'base64'),
    };
    const opened = this.#prove(proof, device, ACCESS_SECONDS * 1000);
    if (opened === null) return null;
    const { id, wallet, expiresAt } = opened.session;
    return { id, wallet, expiresAt, operator: this.#operators.has(wallet) };
  }

  async refresh(refreshToken: string): Promise<Tokens | SessionProblem> {
    const refreshed = this.#sessions.refresh(refreshToken);
    return typeof refreshed === 'string' ? refreshed : this.#tokens(refreshed);
  }

  /** The session that an access token is of, or why it is of none. */
  async sessionOf(accessToken: string): Promise<SignedSession | SessionProblem> {
    const claims = await this.#accessTokens.read(accessToken);
    if (typeof claims === 'string') return claims;
    const { sessionId: id, wallet, expiresAt } = claims;
    if (!this.#sessions.isLive(id)) return 'revoked';
    return { id, wallet, expiresAt, operator: this.#operators.has(wallet) };
  }

  /** Somebody who has not said who they are. */
  stranger(client: ClientInfo): Visitor {
    return new Visitor(client, 'none', this.#sessions, this.#clock);
  }

  /** Whoever comes with that access token, or with none. */
  async visitor(client: ClientInfo, accessToken: string | undefined): Promise<Visitor> {
    const start = accessToken === undefined ? 'none' : await this.sessionOf(accessToken);
    return new Visitor(client, start, this.#sessions, this.#clock);
  }

  /** The sessions of a wallet that have not ended, the oldest first. */
  sessions(wallet: WalletAddress): readonly StoredSession[] {
    return this.#sessions.list(wallet);
  }

  /** Ends a session of the wallet; the connections that speak for it are told. @returns whether it was there */
  revoke(wallet: WalletAddress, sessionId: string): boolean {
    const found = this.#sessions.list(wallet).some(({ id }) => id === sessionId);
    return found && this.#sessions.end(sessionId);
  }

  close(): void {
    this.#options.store.close();
  }

  #prove(proof: Proof, device: string, lastsMs: number): Renewable | null {
    const wallet = provenWallet(proof, this.#challenges, this.#clock());
    return wallet === undefined ? null : this.#sessions.open(wallet, device.slice(0, MAX_DEVICE), lastsMs);
  }

  async #tokens({ session, refreshToken }: Renewable): Promise<Tokens> {
    const { id, wallet, expiresAt } = session;
    const access = await this.#accessTokens.make(wallet, id, expiresAt);
    return {
      sessionId: id,
      wallet,
      operator: this.#operators.has(wallet),
      accessToken: access.token,
      accessExpiresAt: access.expiresAt,
      refreshToken,
      refreshExpiresAt: expiresAt,
    };
  }
}
