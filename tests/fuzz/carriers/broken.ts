import { brokenFrameKinds } from '../attacks/broken-frames.ts';
import { Deck } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { type Shot, textFrame } from '../shots.ts';
import { WebSocketWire } from '../web-socket.ts';
import { type CarrierOptions, DeckCarrier } from './carrier.ts';

/** What an honest client might have said before. */
const BEFORE = [
  '{"id":1,"method":"subscription","params":{"path":"onTrade","input":{"json":{}}}}',
  '{"id":1,"method":"query","params":{"path":"agents","input":{"json":{}}}}',
  '{"type":"subscribe","channel":"trades"}',
  '{"type":"ping"}',
  'PING',
] as const;

/** Frames that end the connection, each on one of its own. */
export class BrokenFrames extends DeckCarrier<Shot> {
  constructor(options: CarrierOptions) {
    super(options, new Deck(brokenFrameKinds), 1);
  }

  async deliver(dice: Dice): Promise<boolean> {
    const { target, tally } = this.options;
    const card = this.deck.draw(dice);
    if (card === undefined) return false;
    const path = dice.pick(['/trpc', '/ws']);
    const client = await WebSocketWire.open(target.port, path, dice);
    if (client === undefined) {
      this.deck.putBack(card);
      return false;
    }
    const before = dice.chance(0.5) ? [textFrame(dice.pick(BEFORE), dice)] : [];
    const taken = client.wire.write(Buffer.concat([...before, card.attack.bytes]));
    tally.handed(card.name, card.attack.bytes);
    if (card.attack.ends !== true) await taken;
    else if (!(await client.wire.ended())) tally.silent(card.name);
    if (client.closeCode !== undefined) tally.closed(`${path} ${client.closeCode}`);
    await client.wire.leave(dice);
    return true;
  }
}
