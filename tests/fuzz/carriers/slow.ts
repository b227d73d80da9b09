import { type SlowClient, slowKinds } from '../attacks/slow-clients.ts';
import { Deck } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { WebSocketWire } from '../web-socket.ts';
import { Wire } from '../wire.ts';
import { type CarrierOptions, DeckCarrier } from './carrier.ts';
import { Held } from './held.ts';

/** So many sockets stay half open at a time … */
const STAYING = 60;
/** … and so many are subscribed and do not read; what waits for each may be megabytes of the server's. */
const DEAF = 8;

/** Slow and half-open clients. Those that stay do so until newer ones come, or until {@link leave}. */
export class SlowClients extends DeckCarrier<SlowClient> {
  readonly #staying = new Held(STAYING);
  readonly #deaf = new Held(DEAF);

  constructor(options: CarrierOptions) {
    super(options, new Deck(slowKinds), 1);
  }

  async deliver(dice: Dice): Promise<boolean> {
    const { tally } = this.options;
    const card = this.deck.draw(dice);
    if (card === undefined) return false;
    const { path, bytes, manner, reads, after } = card.attack;
    const wire = await this.#open(path, dice);
    if (wire === undefined) {
      this.deck.putBack(card);
      return false;
    }
    if (!reads) wire.pause();
    if (manner === 'byte by byte') for (const byte of bytes) await wire.write(Buffer.from([byte]));
    else if (bytes.length > 0) await wire.write(bytes);
    tally.handed(card.name, bytes);
    if (after === 'stay') await this.#staying.hold(wire, dice);
    else if (after === 'stay among the deaf') await this.#deaf.hold(wire, dice);
    else if (after === 'leave') await wire.leave(dice);
    else wire.reset();
    await (after === 'reset' ? wire.closed : undefined);
    return true;
  }

  async leave(dice: Dice): Promise<void> {
    await this.#staying.leave(dice);
    await this.#deaf.leave(dice);
  }

  async #open(path: string | null, dice: Dice): Promise<Wire | undefined> {
    const { port } = this.options.target;
    return path === null ? Wire.open(port, dice) : (await WebSocketWire.open(port, path, dice))?.wire;
  }
}
