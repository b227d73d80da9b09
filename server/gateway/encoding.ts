import type { Item, ItemEncoder } from '../realtime/item.ts';
import { formatPosition } from '../realtime/position.ts';
import type { Address, ItemEncoding } from '../realtime/ws/encoding.ts';
import { type Payload, textFrames } from '../realtime/ws/frame.ts';
import { KeptBytes } from '../realtime/ws/kept-bytes.ts';
import { timeText } from './amounts.ts';
import { snapshotData } from './snapshot-to-wire.ts';
import { type Carried, itemOf, type PositionOf, WIRE_TYPES } from './to-wire.ts';

/**
 * Items as JSON. All that differs between two channels that carry the same item is the channel's name, which is at the
 * front, so the rest is encoded once and kept with the item.
 */
export class GatewayEncoding implements ItemEncoding, ItemEncoder {
  readonly #positionOf: PositionOf;
  readonly #kept = new KeptBytes();

  /**
   * @param epoch of the log whose items are encoded
   * @param clock what time it is when a snapshot is made, in milliseconds
   */
  constructor(
    epoch: string,
    private readonly clock: () => number,
  ) {
    this.#positionOf = (seq) => formatPosition(epoch, seq);
  }

  /** The `id` of an address is the channel's name. */
  item(item: Item<unknown>, { id: channel }: Address): Payload {
    return Buffer.concat([headOf(channel), item.encoded(this)]).toString();
  }

  frames(items: readonly Item<unknown>[], { id: channel }: Address): readonly Uint8Array[] {
    return textFrames(
      headOf(channel),
      items.map((item) => item.encoded(this)),
    );
  }

  /** The message behind its channel. @throws TypeError when it is none of the catalogue's */
  encode({ id, data: message }: Item<unknown>): Uint8Array {
    if (!isCarried(message)) throw new TypeError(`item ${id} is no message of the catalogue`);
    if (message.type === 'snapshot') {
      const data = snapshotData(message, this.#positionOf);
      return this.#tailOf({ type: 'snapshot', id, data, timestamp: timeText(this.clock()) });
    }
    const { type, data, timestamp } = itemOf(message, this.#positionOf);
    return this.#tailOf({ type, id, data, timestamp });
  }

  #tailOf(message: object): Uint8Array {
    return this.#kept.of(JSON.stringify(message).slice(1));
  }
}

const headOf = (channel: Address['id']): Uint8Array => Buffer.from(`{"channel":${JSON.stringify(channel)},`);

const CARRIED_TYPES: ReadonlySet<string> = new Set(['snapshot', ...Object.keys(WIRE_TYPES)]);

/** The feeds make the messages, so their type tells the rest. */
const isCarried = (message: unknown): message is Carried =>
  typeof message === 'object' &&
  message !== null &&
  'type' in message &&
  typeof message.type === 'string' &&
  CARRIED_TYPES.has(message.type);
