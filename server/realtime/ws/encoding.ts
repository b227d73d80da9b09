import type { AnyTRPCRouter } from '@trpc/server';
import type { Encoder } from '@trpc/server/adapters/ws';
import type { TRPCReconnectNotification, TRPCResponseMessage } from '@trpc/server/rpc';
import type { Item, ItemEncoder } from '../item.ts';
import { frame, type Payload, textFrames } from './frame.ts';
import { KeptBytes } from './kept-bytes.ts';

export type RequestId = number | string;

/** What differs between subscribers to the same items: the call that the answer belongs to. */
export interface Address {
  readonly id: RequestId;
  readonly jsonrpc: '2.0' | undefined;
}

type RouterConfig = AnyTRPCRouter['_def']['_config'];

/** How items are written. */
export interface ItemEncoding {
  /** One item as one message. */
  item(item: Item<unknown>, address: Address): Payload;
  /** Items as frames, in pieces that are sent one after the other. What all subscribers share is not copied. */
  frames(items: readonly Item<unknown>[], address: Address): readonly Uint8Array[];
}

/** How a handler writes messages and items. */
export interface Encoding extends ItemEncoding {
  message(message: TRPCResponseMessage | TRPCReconnectNotification): Payload;
  decode(data: string | Uint8Array): unknown;
}

const itemMessage = (
  { id: eventId, data }: Item<unknown>,
  { id, jsonrpc }: Address,
): TRPCResponseMessage => ({
  id,
  ...(jsonrpc === undefined ? {} : { jsonrpc }),
  result: { type: 'data', data: { id: eventId, data }, id: eventId },
});

/**
 * JSON. All that differs between two subscribers is at the front of the message, so an item's `result` is encoded
 * once and kept with it.
 */
export class JsonEncoding implements Encoding, ItemEncoder {
  readonly #heads = new Map<number, Uint8Array>();
  readonly #kept = new KeptBytes();

  constructor(
    private readonly config: RouterConfig,
    private readonly encoder: Encoder,
  ) {}

  message(message: TRPCResponseMessage | TRPCReconnectNotification): Payload {
    return encodeMessage(this.config, this.encoder, message);
  }

  decode(data: string | Uint8Array): unknown {
    return this.encoder.decode(data);
  }

  item(item: Item<unknown>, address: Address): Payload {
    return Buffer.concat([this.#head(address), item.encoded(this)]).toString();
  }

  frames(items: readonly Item<unknown>[], address: Address): readonly Uint8Array[] {
    return textFrames(
      this.#head(address),
      items.map((item) => item.encoded(this)),
    );
  }

  /** The message from its `result` on. */
  encode({ id, data }: Item<unknown>): Uint8Array {
    const result = { type: 'data', data: this.config.transformer.output.serialize({ id, data }), id };
    return this.#kept.of(`"result":${JSON.stringify(result)}}`);
  }

  #head({ id, jsonrpc }: Address): Uint8Array {
    if (typeof id !== 'number' || jsonrpc !== undefined || id < 0 || id >= KEPT_HEADS)
      return headOf(id, jsonrpc);
    const kept = this.#heads.get(id) ?? headOf(id, undefined);
    this.#heads.set(id, kept);
    return kept;
  }
}

/** wsLink counts its requests from 1, so most ids are small. */
const KEPT_HEADS = 256;

const headOf = (id: RequestId, jsonrpc: '2.0' | undefined): Uint8Array =>
  Buffer.from(`{"id":${JSON.stringify(id)},${jsonrpc === undefined ? '' : '"jsonrpc":"2.0",'}`);

/** A format of the user's own: the id may be anywhere in the bytes, so every subscriber's message is encoded. */
export class CustomEncoding implements Encoding {
  constructor(
    private readonly config: RouterConfig,
    private readonly encoder: Encoder,
  ) {}

  message(message: TRPCResponseMessage | TRPCReconnectNotification): Payload {
    return encodeMessage(this.config, this.encoder, message);
  }

  decode(data: string | Uint8Array): unknown {
    return this.encoder.decode(data);
  }

  item(item: Item<unknown>, address: Address): Payload {
    return this.message(itemMessage(item, address));
  }

  frames(items: readonly Item<unknown>[], address: Address): readonly Uint8Array[] {
    return [Buffer.concat(items.map((item) => frame(this.item(item, address))))];
  }
}

/** What the router's transformer is for is transformed: data and errors, as tRPC's other adapters do. */
function encodeMessage(
  { transformer: { output } }: RouterConfig,
  encoder: Encoder,
  message: TRPCResponseMessage | TRPCReconnectNotification,
): Payload {
  if ('method' in message) return encoder.encode(message);
  if ('error' in message) return encoder.encode({ ...message, error: output.serialize(message.error) });
  const { id, jsonrpc, result } = message;
  if (!('data' in result)) return encoder.encode(message);
  const data: unknown = output.serialize(result.data);
  const eventId = 'id' in result ? result.id : undefined;
  const transformed = eventId === undefined ? { type: 'data', data } : { type: 'data', data, id: eventId };
  return encoder.encode(
    jsonrpc === undefined ? { id, result: transformed } : { id, jsonrpc, result: transformed },
  );
}

/**
 * The frames of what was published together, by request id: subscribers under the same id get the same bytes. They
 * are kept for as long as a tick lasts, and for a bounded number of ids.
 */
export class SharedFrames {
  static readonly MAX_IDS = 64;
  #items: readonly Item<unknown>[] | undefined;
  readonly #frames = new Map<RequestId, readonly Uint8Array[]>();

  constructor(private readonly encoding: Pick<ItemEncoding, 'frames'>) {}

  of(items: readonly Item<unknown>[], address: Address): readonly Uint8Array[] {
    if (address.jsonrpc !== undefined) return this.encoding.frames(items, address);
    if (items !== this.#items) {
      this.#items = items;
      this.#frames.clear();
    }
    const known = this.#frames.get(address.id);
    if (known !== undefined) return known;
    const made = this.encoding.frames(items, address);
    if (this.#frames.size < SharedFrames.MAX_IDS) this.#frames.set(address.id, made);
    return made;
  }

  clear(): void {
    this.#items = undefined;
    this.#frames.clear();
  }
}
