import type { Channel, LogHead } from './channel.ts';
import { Item } from './item.ts';
import { parsePosition } from './position.ts';
import type { LosslessSource, MaybePromise, Numbered, SnapshotReason } from './source.ts';

/** Lets a subscriber see a part of a channel. */
export interface Filter<M> {
  accepts(message: M): boolean;
  /** The snapshot of that part. */
  snapshot(reason: SnapshotReason): MaybePromise<Numbered<M>>;
}

export interface CursorOptions<M> {
  /** Id of the last item that was seen; nothing starts with a snapshot. */
  readonly lastEventId?: string | null | undefined;
  readonly filter?: Filter<M> | undefined;
}

/** Messages read from the log at a time. */
export const HISTORY_PAGE = 500;
/**
 * A cursor that is still this many entries behind the head after a page of history gets a snapshot instead: reading
 * all of it back would cost more than it is worth to anyone.
 */
export const MAX_BEHIND = 20_000;

/**
 * A subscriber's place in a channel. Reading is the join of history and live: from the log while the ring does not
 * reach back far enough, from the ring after that. Nothing is buffered per subscriber, so nothing can be lost or
 * doubled between the two.
 */
export class Cursor<M> {
  /** It takes a snapshot next, for this reason. */
  #snapshotFor: SnapshotReason | undefined;
  /** It has taken everything up to this seq, once it needs no snapshot. */
  #after = 0;
  readonly #filter: Filter<M> | undefined;

  constructor(
    readonly channel: Channel<M>,
    { lastEventId, filter }: CursorOptions<M> = {},
  ) {
    this.#filter = filter;
    const resumed = resumedFrom(channel.log, lastEventId ?? undefined);
    if (typeof resumed === 'number') this.#after = resumed;
    else this.#snapshotFor = resumed;
  }

  /** It sees a part of the channel, so what it takes is its own and not shared. */
  get filtered(): boolean {
    return this.#filter !== undefined;
  }

  /** What it takes next is a snapshot, so nothing of what was seen before counts. */
  get startsAnew(): boolean {
    return this.#snapshotFor !== undefined;
  }

  /** Nothing has been published that it has not taken. */
  get caughtUp(): boolean {
    return this.#snapshotFor === undefined && this.#after >= this.channel.newest;
  }

  /**
   * The next items, at most `limit`; none means caught up. Answers at once unless history or a snapshot must be
   * fetched. One call at a time.
   */
  take(limit: number): MaybePromise<readonly Item<M>[]> {
    if (this.#snapshotFor !== undefined) return this.#takeSnapshot(this.#snapshotFor);
    for (;;) {
      const { channel } = this;
      const read = channel.read(this.#after, limit);
      if (read === undefined) {
        const { source } = channel;
        if (source.delivery === 'every') return this.#takeHistory(source, limit);
        const items = channel.latest(source, this.#after);
        this.#after = channel.log.head;
        return this.#accepted(items);
      }
      this.#after = read.through;
      const items = this.#accepted(read.items);
      // A full page of which the filter left nothing is not the end.
      if (items.length > 0 || read.items.length < limit) return items;
    }
  }

  #takeSnapshot(reason: SnapshotReason): MaybePromise<readonly Item<M>[]> {
    const started = (item: Item<M>): readonly Item<M>[] => {
      this.#snapshotFor = undefined;
      this.#after = item.seq;
      const { counters } = this.channel.log;
      counters.snapshots += 1;
      if (reason === 'gap') counters.gaps += 1;
      return [item];
    };
    if (this.#filter === undefined) {
      const item = this.channel.snapshot(reason);
      return item instanceof Promise ? item.then(started) : started(item);
    }
    const { epoch } = this.channel.log;
    const taken = this.#filter.snapshot(reason);
    return taken instanceof Promise
      ? taken.then(({ seq, data }) => started(new Item(epoch, seq, data)))
      : started(new Item(epoch, taken.seq, taken.data));
  }

  async #takeHistory(source: LosslessSource<M>, limit: number): Promise<readonly Item<M>[]> {
    const { channel } = this;
    const { log } = channel;
    while (this.#after < channel.floor) {
      const page = await channel.past(source, this.#after, Math.min(limit, HISTORY_PAGE));
      if (page.through < channel.floor && log.head - page.through > MAX_BEHIND) {
        this.#snapshotFor = 'gap';
        return this.#takeSnapshot('gap');
      }
      this.#after = page.through;
      const items = this.#accepted(page.items);
      if (items.length > 0) return items;
    }
    return this.take(limit);
  }

  #accepted(items: readonly Item<M>[]): readonly Item<M>[] {
    const filter = this.#filter;
    return filter === undefined ? items : items.filter((item) => filter.accepts(item.data));
  }
}

/** @returns the seq after which to go on, or why that cannot be */
function resumedFrom(log: LogHead, lastEventId: string | undefined): number | SnapshotReason {
  if (lastEventId === undefined) return 'start';
  const position = parsePosition(lastEventId);
  const known = position !== undefined && position.epoch === log.epoch && position.seq <= log.head;
  return known ? position.seq : 'gap';
}
