import { tracked } from '@trpc/server';
import { formatPosition } from './position.ts';

/**
 * A tracked item as every tRPC transport and every direct caller can take it: the tuple that transports recognise,
 * with the `id` and `data` that the procedure's static type promises to callers.
 */
export type TrackedItem<M> = ReturnType<typeof tracked<M>> & { readonly id: string; readonly data: M };

/** A message under its seq. Immutable and shared: made once, however many channels and subscribers carry it. */
export class Item<M> {
  readonly id: string;
  #tracked: TrackedItem<M> | undefined;

  constructor(
    epoch: string,
    readonly seq: number,
    readonly data: M,
  ) {
    this.id = formatPosition(epoch, seq);
  }

  get tracked(): TrackedItem<M> {
    this.#tracked ??= Object.assign(tracked(this.id, this.data), { id: this.id, data: this.data });
    return this.#tracked;
  }
}
