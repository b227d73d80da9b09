import { KeyLimiter, MAX_KEYS, type Rate } from './key-limiter.ts';

export type { Rate } from './key-limiter.ts';

/** What is limited. */
export type LimitedKind = 'trades' | 'creations' | 'sign_ins' | 'faucet' | 'requests' | 'connects';

/** How often a wallet, and an address, may do each; `null`: as often as it likes. */
export type RateSettings = {
  readonly [Kind in LimitedKind]: { readonly wallet: Rate | null; readonly address: Rate | null };
};

/** Several wallets share an address (a household, an office, a mobile network), so it may do more than one wallet. */
export const DEFAULT_RATES: RateSettings = {
  trades: { wallet: { count: 5, seconds: 1 }, address: { count: 20, seconds: 1 } },
  creations: { wallet: { count: 3, seconds: 60 }, address: { count: 12, seconds: 60 } },
  sign_ins: { wallet: null, address: { count: 30, seconds: 60 } },
  faucet: { wallet: null, address: { count: 10, seconds: 86_400 } },
  requests: { wallet: null, address: { count: 60, seconds: 3 } },
  connects: { wallet: null, address: { count: 5, seconds: 1 } },
};

const FREE = { wallet: null, address: null };

/** For measuring, and for clients that are trusted. */
export const NO_RATES: RateSettings = {
  trades: FREE,
  creations: FREE,
  sign_ins: FREE,
  faucet: FREE,
  requests: FREE,
  connects: FREE,
};

/** Who wants to do something. What is left out is not looked at; server code has neither and is always admitted. */
export interface Who {
  /** One that is known to be theirs: who only names a wallet could use up the budget of another. */
  readonly wallet?: string | undefined;
  /** As `addressKey` gives it. */
  readonly address?: string | undefined;
}

interface Limiters {
  readonly wallet: KeyLimiter | null;
  readonly address: KeyLimiter | null;
}

/**
 * How often wallets and addresses may do what. Counted in memory, so afresh after a restart and for this process alone;
 * what that takes and how it is bounded is said at {@link KeyLimiter}.
 */
export class RateLimits {
  readonly #limiters: { readonly [Kind in LimitedKind]: Limiters };

  /**
   * @param maxKeys how many wallets, and how many addresses, are remembered for each kind
   * @throws RangeError when a rate is none
   */
  constructor(settings: RateSettings = DEFAULT_RATES, maxKeys = MAX_KEYS) {
    const limiterOf = (rate: Rate | null): KeyLimiter | null =>
      rate === null ? null : new KeyLimiter(rate, maxKeys);
    const limitersOf = (kind: LimitedKind): Limiters => ({
      wallet: limiterOf(settings[kind].wallet),
      address: limiterOf(settings[kind].address),
    });
    this.#limiters = {
      trades: limitersOf('trades'),
      creations: limitersOf('creations'),
      sign_ins: limitersOf('sign_ins'),
      faucet: limitersOf('faucet'),
      requests: limitersOf('requests'),
      connects: limitersOf('connects'),
    };
  }

  /**
   * Counts one attempt, for the wallet and for the address, if both have room; else for neither.
   *
   * The wallet comes first, and gets its one back when the address is refused. For that moment only other attempts of
   * the same wallet could miss it; the other way round, a wallet without room would take from an address that others
   * share.
   *
   * @returns 0 when it is admitted, else the milliseconds, at least 1, after which both have room
   * @throws when a limiter fails; the attempt is not admitted then
   */
  async check(kind: LimitedKind, { wallet, address }: Who): Promise<number> {
    const ofWallet = budget(this.#limiters[kind].wallet, wallet);
    const ofAddress = budget(this.#limiters[kind].address, address);
    const walletWait = (await ofWallet?.limiter.take(ofWallet.key)) ?? 0;
    if (walletWait > 0) return Math.max(walletWait, (await ofAddress?.limiter.peek(ofAddress.key)) ?? 0);
    const addressWait = (await ofAddress?.limiter.take(ofAddress.key)) ?? 0;
    if (addressWait > 0) await ofWallet?.limiter.giveBack(ofWallet.key);
    return addressWait;
  }

  /** Forgets everything, and clears the timers. */
  async close(): Promise<void> {
    const all = Object.values(this.#limiters).flatMap(({ wallet, address }) => [wallet, address]);
    await Promise.all(all.map((limiter) => limiter?.close()));
  }
}

interface Budget {
  readonly limiter: KeyLimiter;
  readonly key: string;
}

const budget = (limiter: KeyLimiter | null, key: string | undefined): Budget | undefined =>
  limiter === null || key === undefined ? undefined : { limiter, key };
