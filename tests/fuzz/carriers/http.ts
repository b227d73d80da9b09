import { type HttpCall, httpKinds } from '../attacks/http-calls.ts';
import { type Card, Deck } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { Wire } from '../wire.ts';
import { type CarrierOptions, DeckCarrier } from './carrier.ts';

const CALLS = 24;
/** The server answers in order and then closes, which tells that it has come to the end. */
const GOODBYE = Buffer.from('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');

/** Hostile calls over HTTP, a number of them pipelined on a connection. */
export class HttpCalls extends DeckCarrier<HttpCall> {
  constructor(options: CarrierOptions) {
    super(options, new Deck(httpKinds), CALLS / 2);
  }

  async deliver(dice: Dice): Promise<boolean> {
    const { target, tally } = this.options;
    const wire = await Wire.open(target.port, dice);
    if (wire === undefined) return false;
    const cards = this.#draw(dice);
    const last = cards.at(-1);
    const taken = wire.write(Buffer.concat([...cards.map(({ attack }) => attack.bytes), GOODBYE]));
    for (const { name, attack } of cards) tally.handed(name, attack.bytes);
    if (last?.attack.unfinished === true) await taken;
    else if (!(await wire.ended())) for (const { name } of cards) tally.silent(name);
    await wire.leave(dice);
    return cards.length > 0;
  }

  #draw(dice: Dice): Card<HttpCall>[] {
    const cards: Card<HttpCall>[] = [];
    while (cards.length < CALLS) {
      const card = this.deck.draw(dice);
      if (card === undefined) break;
      cards.push(card);
      if (card.attack.ends === true) break;
    }
    return cards;
  }
}
