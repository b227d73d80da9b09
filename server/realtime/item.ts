import { tracked } from '@trpc/server';
import { formatPosition } from './position.ts';

/**
 * A tracked item as every tRPC transport and every direct caller can take it: the tuple that transports recognise,
 * with the `id` and `data` that the procedure's static type promises to callers.
 */
export type TrackedItem<M> = ReturnType<typeof tracked<M>> & { readonly id: string; readonly data: M };

/** Turns items into what goes over a wire. Its result is kept, so it must depend on the item alone. */
export interface ItemEncoder {
  encode(item: Item<unknown>): Uint8Array;
}

/** A message under its seq. Immutable and shared: made once, however many channels and subscribers carry it. */
export class Item<M> {
  readonly #epoch: string;
  #tracked: TrackedItem<M> | undefined;
  /** Almost always by one encoder; a map is made when a second one asks. */
  #encoded: { readonly encoder: ItemEncoder; readonly bytes: Uint8Array } | undefined;
  #others: Map<ItemEncoder, Uint8Array> | undefined;

  constructor(
    epoch: string,
    readonly seq: number,
    readonly data: M,
  ) {
    this.#epoch = epoch;
  }

  get id(): string {
    return formatPosition(this.#epoch, this.seq);
  }

  get tracked(): TrackedItem<M> {
    const { id, data } = this;
    this.#tracked ??= Object.assign(tracked(id, data), { id, data });
    return this.#tracked;
  }

  /** The item as `encoder` writes it; encoded once, however many subscribers and channels carry it. */
  encoded(encoder: ItemEncoder): Uint8Array {
    if (this.#encoded?.encoder === encoder) return this.#encoded.bytes;
    const known = this.#others?.get(encoder);
    if (known !== undefined) return known;
    const bytes = encoder.encode(this);
    if (this.#encoded === undefined) {
      this.#encoded = { encoder, bytes };
    } else {
      this.#others ??= new Map();
      this.#others.set(encoder, bytes);
    }
    return bytes;
  }
}
