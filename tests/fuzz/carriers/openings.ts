import { handshakeKinds } from '../attacks/handshakes.ts';
import { Deck } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { Wire } from '../wire.ts';
import { type CarrierOptions, DeckCarrier } from './carrier.ts';

/** Malformed upgrades and whatever else somebody may say first, each on a connection of its own. */
export class Openings extends DeckCarrier<Buffer> {
  constructor(options: CarrierOptions) {
    super(options, new Deck(handshakeKinds), 1);
  }

  async deliver(dice: Dice): Promise<boolean> {
    const { target, tally } = this.options;
    const card = this.deck.draw(dice);
    if (card === undefined) return false;
    const wire = await Wire.open(target.port, dice);
    if (wire === undefined) {
      this.deck.putBack(card);
      return false;
    }
    void wire.write(card.attack);
    tally.handed(card.name, card.attack);
    if (!(await wire.answered())) tally.silent(card.name);
    await wire.leave(dice);
    return true;
  }
}
