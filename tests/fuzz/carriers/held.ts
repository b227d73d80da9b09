import type { Dice } from '../dice.ts';
import type { Wire } from '../wire.ts';

/** Connections that are left as they are until newer ones take their place: there are never more than so many. */
export class Held {
  readonly #wires: Wire[] = [];

  constructor(private readonly most: number) {}

  async hold(wire: Wire, dice: Dice): Promise<void> {
    this.#wires.push(wire);
    if (this.#wires.length > this.most) await this.#wires.shift()?.leave(dice);
  }

  async leave(dice: Dice): Promise<void> {
    for (const wire of this.#wires.splice(0)) await wire.leave(dice);
  }
}
