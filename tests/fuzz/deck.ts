import type { Dice } from './dice.ts';

/** One kind of attack. */
export interface Kind<T> {
  readonly name: string;
  /** How many of a run's attacks are of this kind, in relation to the other kinds. */
  readonly weight: number;
  readonly make: (dice: Dice) => T;
}

export interface Card<T> {
  readonly name: string;
  readonly attack: T;
}

interface Pile<T> {
  readonly kind: Kind<T>;
  left: number;
}

/** The attacks that one carrier still has to deliver, by kind. */
export class Deck<T> {
  readonly #piles: Pile<T>[];
  #left = 0;

  constructor(kinds: readonly Kind<T>[]) {
    this.#piles = kinds.map((kind) => ({ kind, left: 0 }));
  }

  get left(): number {
    return this.#left;
  }

  get kinds(): readonly Kind<T>[] {
    return this.#piles.map(({ kind }) => kind);
  }

  /** Has so many more of each kind delivered. */
  add(share: (kind: Kind<T>) => number): void {
    for (const pile of this.#piles) {
      const more = share(pile.kind);
      pile.left += more;
      this.#left += more;
    }
  }

  /** Takes one at random, each kind as likely as there are attacks of it left. */
  draw(dice: Dice): Card<T> | undefined {
    let at = dice.below(this.#left);
    for (const pile of this.#piles) {
      if (at >= pile.left) at -= pile.left;
      else {
        pile.left -= 1;
        this.#left -= 1;
        return { name: pile.kind.name, attack: pile.kind.make(dice) };
      }
    }
    return undefined;
  }

  /** It could not be handed over. */
  putBack({ name }: Card<T>): void {
    const pile = this.#piles.find(({ kind }) => kind.name === name);
    if (pile === undefined) throw new Error(`no kind ${name}`);
    pile.left += 1;
    this.#left += 1;
  }
}

/** How many of each kind when `total` are to be made: by weight, but at least `least` of every kind. */
export function sharesOf(
  kinds: readonly Kind<unknown>[],
  total: number,
  least: number,
): (kind: Kind<unknown>) => number {
  const weights = kinds.reduce((sum, { weight }) => sum + weight, 0);
  const spread = Math.max(0, total - least * kinds.length);
  // Rounded up, so that no less than `total` are made.
  return ({ weight }) => least + Math.ceil((spread * weight) / weights);
}
