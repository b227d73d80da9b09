/** How often something may be done: `burst` at once, `perSecond` in the long run. */
export interface Allowance {
  readonly perSecond: number;
  readonly burst: number;
}

/** Of a token: sums of fractions are a little off, and who has waited as long as told must not be refused again. */
const ROUNDING = 1e-6;

/** Who has not done anything for a while may do more at once. Two numbers, no timer. */
export class TokenBucket {
  #tokens: number;
  #at: number;

  /** @param now milliseconds on a clock that never goes back */
  constructor(
    private readonly allowance: Allowance,
    now: number,
  ) {
    this.#tokens = allowance.burst;
    this.#at = now;
  }

  /** Takes one. @returns 0, or the milliseconds until there is one; then none was taken */
  take(now: number): number {
    const { perSecond, burst } = this.allowance;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) * perSecond) / 1000);
    this.#at = now;
    const missing = 1 - this.#tokens;
    if (missing > ROUNDING) return Math.max(1, Math.ceil(((missing - ROUNDING / 2) * 1000) / perSecond));
    this.#tokens -= 1;
    return 0;
  }
}
