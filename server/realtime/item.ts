import { tracked } from '@trpc/server';
import { formatPosition } from './position.ts';

/**
 * A tracked item as every tRPC transport and every direct caller can take it: the tuple that transports recognise,
 * with the `id` and `data` that the procedure's static type promises to callers.
 */
export type TrackedItem<M> = ReturnType<typeof tracked<M>> & { readonly id: string; readonly data: M };

/** A message under its seq. Immutable and shared: made once, however many channels and subscribers carry it. */
export class Item<M> {
  readonly #epoch: string;
  #tracked: TrackedItem<M> | undefined;

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
}
