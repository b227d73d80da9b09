import { Offences, type Tolerance } from './offences.ts';
import { type Allowance, TokenBucket } from './token-bucket.ts';

export interface ConductLimits {
  /** Messages, those that start a subscription not among them; `null` is without limit. */
  readonly messages: Allowance | null;
  /**
   * Starts of subscriptions: each costs a snapshot, or reading in the past. A client that comes back starts all that it
   * had at once, so the burst should not be below the number of subscriptions that it may have. `null` is without limit.
   */
  readonly subscribes: Allowance | null;
  /** Messages over those limits that are put up with. */
  readonly refusals: Tolerance;
  /** Messages that are wrong, that are put up with. */
  readonly errors: Tolerance;
}

/**
 * What a client has done lately, held against the limits of its connection. Each part is made when it is needed: most
 * connections never make a mistake and do little but listen.
 */
export class Conduct {
  #messages: TokenBucket | undefined;
  #subscribes: TokenBucket | undefined;
  #refusals: Offences | undefined;
  #errors: Offences | undefined;

  constructor(private readonly limits: ConductLimits) {}

  /** Counts a message against its limit. @returns 0, or the milliseconds until one fits; then it is not to be run */
  admit(kind: 'message' | 'subscribe'): number {
    const { messages, subscribes } = this.limits;
    if (kind === 'subscribe') {
      if (subscribes === null) return 0;
      const now = performance.now();
      this.#subscribes ??= new TokenBucket(subscribes, now);
      return this.#subscribes.take(now);
    }
    if (messages === null) return 0;
    const now = performance.now();
    this.#messages ??= new TokenBucket(messages, now);
    return this.#messages.take(now);
  }

  /** Counts what is refused before it runs. What comes too often may be put up with longer than what is wrong. */
  offends(kind: 'too often' | 'wrong'): boolean {
    const now = performance.now();
    const { refusals, errors } = this.limits;
    if (kind === 'too often') {
      this.#refusals ??= new Offences(refusals);
      return this.#refusals.add(now);
    }
    this.#errors ??= new Offences(errors);
    return this.#errors.add(now);
  }
}
