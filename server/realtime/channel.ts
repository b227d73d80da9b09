import { Item } from './item.ts';
import { Ring } from './ring.ts';
import type { ChannelSource, LosslessSource, MaybePromise, SnapshotReason } from './source.ts';

/** What a channel takes from its hub. */
export interface LogHead {
  readonly epoch: string;
  /** The last published entry, whether or not it concerned this channel. */
  readonly head: number;
  /** Nothing will be published any more. */
  readonly closed: boolean;
  /** Something is kept that can be had again; `forget` is called when the room is needed for newer things. */
  keep(forget: () => void): void;
}

export interface RingRead<M> {
  /** The same list for every reader at the same place, so that what is made of it can be shared. */
  readonly items: readonly Item<M>[];
  /** The reader has seen everything up to here. */
  readonly through: number;
}

/** Messages read back from the log, oldest first. */
export interface PastPage<M> {
  /** The same list for every reader who asks for the same page. */
  readonly items: readonly Item<M>[];
  /** Every message of the channel up to here is in the page or before it. */
  readonly through: number;
}

/** Who reads a channel. */
export interface Reader {
  /** There is news, or the log has closed. Called in the middle of publishing: take a note and return. */
  wake(): void;
}

/** What was read for those whose next message is `firstSeq`: they have seen `after`, the one before it. */
interface LastRead<M> {
  readonly after: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly limit: number;
  readonly read: RingRead<M>;
}

const NO_ITEMS: readonly never[] = [];

/**
 * A named view of the log: a ring of its newest messages and the readers who wait for more. Readers are cursors, so
 * the channel keeps nothing per reader but a wake-up call.
 */
export class Channel<M> {
  readonly #ring: Ring<Item<M>>;
  readonly #readers = new Set<Reader>();
  /** For conflated channels: seq of the newest message in the ring by key. */
  readonly #newest = new Map<string, number>();
  /** The channel's messages with a seq above this are all in the ring. */
  #floor: number;
  #lastSeq: number;
  #lastRead: LastRead<M> | undefined;
  #pages: Map<string, Promise<PastPage<M>>> | undefined;
  readonly #snapshots = new Map<
    SnapshotReason,
    { readonly lastSeq: number; readonly item: Promise<Item<M>> | Item<M> }
  >();

  constructor(
    readonly source: ChannelSource<M>,
    readonly log: LogHead,
    ringCapacity: number,
  ) {
    this.#ring = new Ring(ringCapacity);
    this.#floor = log.head;
    this.#lastSeq = log.head;
  }

  get floor(): number {
    return this.#floor;
  }

  /** Seq of the newest message, or where the channel began. */
  get newest(): number {
    return this.#lastSeq;
  }

  get subscribers(): number {
    return this.#readers.size;
  }

  /** Adds the newest message; {@link wake} tells the readers once the whole batch is in. */
  append(item: Item<M>): void {
    const evicted = this.#ring.push(item);
    this.#lastSeq = item.seq;
    if (evicted !== undefined) this.#floor = evicted.seq;
    if (this.source.delivery !== 'latest') return;
    this.#newest.set(this.source.keyOf(item.data), item.seq);
    if (evicted === undefined) return;
    const key = this.source.keyOf(evicted.data);
    if (this.#newest.get(key) === evicted.seq) this.#newest.delete(key);
  }

  wake(): void {
    // A reader may leave or come while others are told; a copy keeps the round to those who were there.
    for (const reader of [...this.#readers]) reader.wake();
  }

  /** Wakes `reader` after every batch that brought something, until it unsubscribes. */
  subscribe(reader: Reader): void {
    this.#readers.add(reader);
  }

  unsubscribe(reader: Reader): void {
    this.#readers.delete(reader);
  }

  /**
   * The next items after `after`, or `undefined` when some of them have left the ring. Readers who have caught up all
   * ask for the same items after a batch; they get the same list.
   */
  read(after: number, limit: number): RingRead<M> | undefined {
    if (after < this.#floor) return undefined;
    const lastSeq = this.#lastSeq;
    if (after >= lastSeq) return { items: NO_ITEMS, through: Math.max(this.log.head, lastSeq) };
    const known = this.#lastRead;
    const same = known?.lastSeq === lastSeq && known.limit === limit;
    if (same && known.after <= after && after < known.firstSeq) return known.read;
    const start = this.#ring.indexAfter(after);
    const items: Item<M>[] = [];
    for (let index = start; index < this.#ring.size && items.length < limit; index += 1) {
      const item = this.#ring.at(index);
      if (item !== undefined && !this.#superseded(item)) items.push(item);
    }
    const last = items.length === limit ? items.at(-1) : undefined;
    const read = { items, through: last?.seq ?? Math.max(this.log.head, lastSeq) };
    this.#lastRead = {
      after: (start > 0 ? this.#ring.at(start - 1)?.seq : undefined) ?? this.#floor,
      firstSeq: this.#ring.at(start)?.seq ?? lastSeq,
      lastSeq,
      limit,
      read,
    };
    return read;
  }

  /**
   * The first messages after `after` of those that have left the ring. Clients who lost their connection together ask
   * for the same ones, so a page is read once for all who ask about the same time.
   */
  past(source: LosslessSource<M>, after: number, limit: number): Promise<PastPage<M>> {
    const through = this.#floor;
    const key = `${after} ${through} ${limit}`;
    const known = this.#pages?.get(key);
    if (known !== undefined) return known;
    const page = source.history(after, through, limit).then((read) => ({
      items: read.messages.map(({ seq, data }) => new Item(this.log.epoch, seq, data)),
      through: read.through,
    }));
    const pages = this.#pages ?? new Map<string, Promise<PastPage<M>>>();
    this.#pages = pages;
    pages.set(key, page);
    this.log.keep(() => pages.delete(key));
    page.catch(() => pages.delete(key));
    return page;
  }

  #superseded(item: Item<M>): boolean {
    const { source } = this;
    return source.delivery === 'latest' && this.#newest.get(source.keyOf(item.data)) !== item.seq;
  }

  /**
   * The channel's snapshot as an item. While no message comes it stays the same one, so a crowd that starts at once
   * shares it.
   */
  snapshot(reason: SnapshotReason): MaybePromise<Item<M>> {
    const known = this.#snapshots.get(reason);
    if (known !== undefined && known.lastSeq === this.#lastSeq) return known.item;
    const lastSeq = this.#lastSeq;
    const taken = this.source.snapshot(reason);
    const item =
      taken instanceof Promise
        ? taken.then(({ seq, data }) => new Item(this.log.epoch, seq, data))
        : new Item(this.log.epoch, taken.seq, taken.data);
    this.#snapshots.set(reason, { lastSeq, item });
    if (item instanceof Promise) {
      item.then(
        (made) =>
          this.#snapshots.get(reason)?.item === item && this.#snapshots.set(reason, { lastSeq, item: made }),
        () => this.#snapshots.get(reason)?.item === item && this.#snapshots.delete(reason),
      );
    }
    return item;
  }
}
