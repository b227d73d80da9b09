import { type Position, parsePosition } from './position.ts';

/** What a subscription gives: a message under its position in the log. */
export interface Item<M> {
  readonly id: string;
  readonly data: M;
}

/** A message: a `snapshot` replaces the view, every other type is folded into it. */
export interface Tagged {
  readonly type: string;
}

/**
 * How far a subscription has come, and so which of its items are news, whatever socket brings them: a view that takes
 * these alone has every item once.
 *
 * The stock link moves a subscription to a new socket before it leaves the old one, and drops by id what both deliver. But
 * a snapshot that the new socket starts with has an id of its own, and can come after later events of the old one, which
 * it would undo; and what was dropped once is forgotten when the subscription moves again. So positions count here:
 * nothing at or before the last item is news, no snapshot either. Only when the subscription has begun, for the first
 * time or anew because its socket was lost, does a snapshot say where it stands, whatever was before.
 */
export class Progress {
  #begins = true;
  #last: Position | undefined;

  /** The subscription has begun: what comes next does not overlap with what an older socket still delivers. */
  readonly began = (): void => {
    this.#begins = true;
  };

  isNews({ id, data }: Item<Tagged>): boolean {
    const last = this.#last;
    if (last === undefined || (this.#begins && data.type === 'snapshot')) return true;
    const position = parsePosition(id);
    // What has no position, or one in another log, has no order to go by.
    return position === undefined || position.epoch !== last.epoch || position.seq > last.seq;
  }

  /** An item that is news is being taken over. */
  took({ id }: Item<Tagged>): void {
    this.#begins = false;
    this.#last = parsePosition(id) ?? this.#last;
  }
}
