import type { Deck, Kind } from '../deck.ts';
import type { Dice } from '../dice.ts';
import type { Passes } from '../passes.ts';
import type { Tally } from '../tally.ts';
import type { Target } from '../world.ts';

/** Delivers attacks of some kinds, a connection at a time. */
export interface Carrier {
  readonly kinds: readonly Kind<unknown>[];
  /** Has so many more of each kind delivered. */
  add(share: (kind: Kind<unknown>) => number): void;
  /** Connections that this still takes, about. */
  readonly connectionsLeft: number;
  /** Opens one, delivers over it, and leaves. @returns whether anything was delivered */
  deliver(dice: Dice): Promise<boolean>;
}

export interface CarrierOptions {
  readonly target: Target;
  readonly tally: Tally;
  readonly passes: Passes;
}

/** What carriers have in common. */
export abstract class DeckCarrier<T> implements Carrier {
  constructor(
    protected readonly options: CarrierOptions,
    protected readonly deck: Deck<T>,
    /** Attacks that a connection carries, about. */
    private readonly perConnection: number,
  ) {}

  get kinds(): readonly Kind<unknown>[] {
    return this.deck.kinds;
  }

  add(share: (kind: Kind<unknown>) => number): void {
    this.deck.add(share);
  }

  get connectionsLeft(): number {
    return Math.ceil(this.deck.left / this.perConnection);
  }

  abstract deliver(dice: Dice): Promise<boolean>;
}
