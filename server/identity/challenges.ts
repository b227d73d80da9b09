import { randomBytes } from 'node:crypto';
import { createSignInMessageText } from '@solana/wallet-standard-util';
import type { Challenge } from '../../shared/auth.ts';
import type { WalletAddress } from '../../shared/ids.ts';

/** How long a wallet may take to sign, and how far a clock may be off, in milliseconds. */
export const CHALLENGE_MS = 5 * 60_000;
export const SKEW_MS = 2 * 60_000;
/**
 * Challenges that may wait to be signed, some 600 bytes each; one more pushes the oldest out. At the usual limit of
 * sign-ins it takes hundreds of addresses to get there within the five minutes that a challenge lives.
 */
const MAX_WAITING = 50_000;
const NONCE_BYTES = 16;
const STATEMENT = 'Sign in to Agent.fun. This costs nothing and sends no transaction.';
const CHAIN_ID = 'solana:mainnet';
const NONCE_LINE = /^Nonce: ([0-9a-f]{32})$/m;

/** The challenges that have been given and not been used. Each can be taken once. */
export class Challenges {
  /** By nonce, the oldest first. */
  readonly #waiting = new Map<string, Challenge>();

  constructor(private readonly clock: () => number) {}

  get size(): number {
    return this.#waiting.size;
  }

  /** @param site origin of the page that asks, such as `https://agent.fun` */
  give(address: WalletAddress, site: string): Challenge {
    const now = this.clock();
    this.#forgetExpired(now);
    const challenge: Challenge = {
      domain: new URL(site).host,
      address,
      statement: STATEMENT,
      uri: site,
      version: '1',
      chainId: CHAIN_ID,
      nonce: randomBytes(NONCE_BYTES).toString('hex'),
      issuedAt: new Date(now).toISOString(),
      expirationTime: new Date(now + CHALLENGE_MS).toISOString(),
    };
    this.#waiting.set(challenge.nonce, challenge);
    if (this.#waiting.size > MAX_WAITING) this.#forgetOldest();
    return challenge;
  }

  /** The challenge that the signed text names, whether or not the text is its own. It is used up by this. */
  take(text: string): Challenge | undefined {
    const nonce = NONCE_LINE.exec(text)?.[1];
    if (nonce === undefined) return undefined;
    const challenge = this.#waiting.get(nonce);
    this.#waiting.delete(nonce);
    return challenge;
  }

  #forgetExpired(now: number): void {
    for (const [nonce, { expirationTime }] of this.#waiting) {
      if (Date.parse(expirationTime) + SKEW_MS >= now) return;
      this.#waiting.delete(nonce);
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }
}

/** The text that a wallet makes of a challenge (the ABNF of Sign-In With Solana). */
export const textOf = (challenge: Challenge): string => createSignInMessageText({ ...challenge });

/** Whether it is neither before nor after the challenge's time, by the clock of either side. */
export function isTimely({ issuedAt, expirationTime }: Challenge, now: number): boolean {
  return now >= Date.parse(issuedAt) - SKEW_MS && now <= Date.parse(expirationTime) + SKEW_MS;
}
