import { Random } from '../../server/sim/random.ts';

/** Choices of an attacker; the same seed makes the same ones. */
export class Dice {
  readonly #random: Random;

  constructor(readonly seed: number) {
    this.#random = new Random(seed);
  }

  /** Dice of its own for somebody whose throws must not depend on when others throw. */
  fork(): Dice {
    return new Dice(this.below(2 ** 32));
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return this.#random.below(limit);
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  /** @throws RangeError when there is nothing to pick from */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick');
    return item;
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let index = 0; index < length; index += 1) bytes[index] = this.below(256);
    return bytes;
  }

  /** Letters that need no quoting anywhere. */
  word(length: number): string {
    let word = '';
    while (word.length < length) word += LETTERS.charAt(this.below(LETTERS.length));
    return word;
  }

  /** A loopback address, so that limits that go by the client's address see many clients. */
  source(): string {
    return `127.${this.between(1, 16)}.${this.below(256)}.${this.between(1, 254)}`;
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
