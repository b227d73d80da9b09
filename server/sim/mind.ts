import { type ClientOrderId, clientOrderId } from '../../shared/ids.ts';
import { LAMPORTS_PER_SOL, type Lamports, lamports } from '../../shared/units.ts';
import type { Random } from './random.ts';

/** What a simulated trader decides with. */
export class Mind {
  #orders = 0;

  constructor(
    readonly random: Random,
    /** Makes order ids of this run different from those of any other. */
    private readonly runId: string,
  ) {}

  /** A new order id. */
  order(): { readonly clientOrderId: ClientOrderId } {
    this.#orders += 1;
    return { clientOrderId: clientOrderId(`sim-${this.runId}-${this.#orders}`) };
  }

  /** Mostly small, seldom large: 0.005 to about 3 SOL. */
  spend(): Lamports {
    const size = 0.005 * Math.exp(this.random.next() ** 2 * 6.4);
    return lamports(BigInt(Math.round(size * 1000)) * (LAMPORTS_PER_SOL / 1000n));
  }
}
