import { brokenJson, notMessages, paramsText } from '../attacks/messages.ts';
import { hostileSuperjson } from '../attacks/superjson.ts';
import { Deck, type Kind } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { type Shot, textShot } from '../shots.ts';
import { WebSocketWire } from '../web-socket.ts';
import { type CarrierOptions, DeckCarrier } from './carrier.ts';

const CALL = '{"id":1,"method":"query","params":{"path":"agents","input":{"json":{}}}}';

const kinds: readonly Kind<Shot>[] = [
  { name: 'params hostile', weight: 1, make: (dice) => textShot(dice, paramsText(dice), CALL) },
  {
    name: 'params twice',
    weight: 1,
    make: (dice) => textShot(dice, paramsText(dice), paramsText(dice), CALL),
  },
  {
    name: 'params replaced',
    weight: 1,
    make: (dice) =>
      textShot(
        dice,
        dice.pick([brokenJson, notMessages, hostileSuperjson, () => 'PING', () => CALL])(dice),
        CALL,
      ),
  },
];

/** First messages on connections that have promised connection params; most of those are refused and closed. */
export class Params extends DeckCarrier<Shot> {
  constructor(options: CarrierOptions) {
    super(options, new Deck(kinds), 1);
  }

  async deliver(dice: Dice): Promise<boolean> {
    const { target, tally } = this.options;
    const card = this.deck.draw(dice);
    if (card === undefined) return false;
    const client = await WebSocketWire.open(target.port, '/trpc?connectionParams=1', dice);
    if (client === undefined) {
      this.deck.putBack(card);
      return false;
    }
    tally.handed(card.name, card.attack.bytes);
    if ((await client.writeAndAwait(card.attack.bytes)) === 'silent') tally.silent(card.name);
    if (client.closeCode !== undefined) tally.closed(`params ${client.closeCode}`);
    await client.wire.leave(dice);
    return true;
  }
}
