import { type Card, Deck, type Kind } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { type Shot, textFrame } from '../shots.ts';
import { WebSocketWire } from '../web-socket.ts';
import { type CarrierOptions, DeckCarrier } from './carrier.ts';

/** Messages to one of the WebSocket doors, in volleys: the next is made when the server has read the one before. */
export interface Volleys {
  readonly path: string;
  /** With connection params. */
  readonly signsIn: boolean;
  readonly kinds: readonly Kind<Shot>[];
  /** Volleys on a connection. */
  readonly most: number;
  /** Shots in a volley. */
  readonly size: number;
  /** Errors after which the server is expected to close the connection; the shots behind would be lost. */
  readonly errors: number;
}

/** A volley is no larger than what the system takes at once. */
const VOLLEY_BYTES = 192 * 1024;
const NORMAL_CLOSE = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]);

export class SocketMessages extends DeckCarrier<Shot> {
  constructor(
    options: CarrierOptions,
    private readonly volleys: Volleys,
  ) {
    super(options, new Deck(volleys.kinds), Math.min(volleys.errors * 2, (volleys.most * volleys.size) / 2));
  }

  async deliver(dice: Dice): Promise<boolean> {
    const { path, most } = this.volleys;
    const client = await this.#open(dice);
    if (client === undefined) return false;
    let errors = 0;
    for (let volley = dice.between(1, most); volley > 0 && client.open; volley -= 1) {
      const cards = this.#draw(dice, this.volleys.errors - errors);
      if (cards.length === 0) break;
      errors += cards.reduce((sum, { attack }) => sum + (attack.errors ?? 0), 0);
      const lives = await this.#fire(client, cards, dice);
      if (!lives || errors >= this.volleys.errors) break;
    }
    if (client.closeCode !== undefined) this.options.tally.closed(`${path} ${client.closeCode}`);
    await this.#leave(client, dice);
    return true;
  }

  /** Half of those at /trpc have a wallet, so that their orders come further. */
  async #open(dice: Dice): Promise<WebSocketWire | undefined> {
    const { path, signsIn } = this.volleys;
    const { target, passes } = this.options;
    if (!signsIn || dice.chance(0.5)) return WebSocketWire.open(target.port, path, dice);
    const greeting = await passes.greeting(dice);
    const client = await WebSocketWire.open(target.port, `${path}?connectionParams=1`, dice);
    void client?.wire.write(textFrame(greeting, dice));
    return client;
  }

  /** @returns whether the connection is of further use */
  async #fire(client: WebSocketWire, cards: readonly Card<Shot>[], dice: Dice): Promise<boolean> {
    const { tally } = this.options;
    const bytes = Buffer.concat(cards.map(({ attack }) => attack.bytes));
    for (const { name, attack } of cards) tally.handed(name, attack.bytes);
    if (dice.chance(0.02)) {
      // Gone before anything can be answered.
      await client.wire.write(bytes);
      for (const { name } of cards) tally.unread(name);
      return false;
    }
    const outcome = await client.writeAndAwait(bytes);
    if (outcome === 'silent') for (const { name } of cards) tally.silent(name);
    const ended = cards.at(-1)?.attack.ends === true;
    if (outcome === 'closed' && !ended) for (const { name } of cards) tally.unread(name);
    return outcome === 'read';
  }

  #draw(dice: Dice, errorsLeft: number): Card<Shot>[] {
    const cards: Card<Shot>[] = [];
    let size = 0;
    let errors = 0;
    while (cards.length < this.volleys.size && size < VOLLEY_BYTES && errors < errorsLeft) {
      const card = this.deck.draw(dice);
      if (card === undefined) break;
      cards.push(card);
      size += card.attack.bytes.length;
      errors += card.attack.errors ?? 0;
      if (card.attack.ends === true) break;
    }
    return cards;
  }

  async #leave(client: WebSocketWire, dice: Dice): Promise<void> {
    if (client.open && dice.chance(0.3)) {
      void client.wire.write(NORMAL_CLOSE);
      if (!(await client.wire.ended())) this.options.tally.silent('close');
    }
    await client.wire.leave(dice);
  }
}
