import { Item } from './item.ts';
import { Pace } from './pace.ts';
import { Ring } from './ring.ts';
import type {
  ChannelSource,
  ConflatedSource,
  LosslessSource,
  MaybePromise,
  Numbered,
  SnapshotReason,
} from './source.ts';
import type { HubCounters } from './stats.ts';

/** What a channel takes from its hub. */
export interface LogHead {
  readonly epoch: string;
  /** The last published entry, whether or not it concerned this channel. */
  readonly head: number;
  /** Nothing will be published any more. */
  readonly closed: boolean;
  readonly counters: HubCounters;
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

/** The newest messages after `after`, as they were when the channel had last changed at `changedAt`. */
interface LastLatest<M> {
  readonly after: number;
  readonly changedAt: number;
  readonly items: readonly Item<M>[];
}

/** The pace of a conflated channel, and what has come of it. */
interface Paced<M> {
  readonly source: ConflatedSource<M>;
  readonly pace: Pace;
  /** Every value up to here has left: readers may go so far, but no further, for newer ones are not in the ring. */
  through: number;
  /** Since the last flush. */
  touches: number;
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
  /** Up to here, something of the channel may have changed, whether or not it has left. */
  #changedAt: number;
  #lastRead: LastRead<M> | undefined;
  #lastLatest: LastLatest<M> | undefined;
  #pages: Map<string, Promise<PastPage<M>>> | undefined;
  readonly #snapshots = new Map<
    SnapshotReason,
    { readonly changedAt: number; readonly item: Promise<Item<M>> | Item<M> }
  >();
  readonly #paced: Paced<M> | undefined;

  constructor(
    readonly source: ChannelSource<M>,
    readonly log: LogHead,
    ringCapacity: number,
  ) {
    this.#ring = new Ring(ringCapacity);
    this.#floor = log.head;
    this.#lastSeq = log.head;
    this.#changedAt = log.head;
    if (source.delivery === 'latest' && source.paceMs !== undefined) {
      const pace = new Pace(source.paceMs, () => this.#flush());
      this.#paced = { source, pace, through: log.head, touches: 0 };
    }
  }

  get name(): string {
    return this.source.name;
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

  /** Adds the newest message; {@link committed} tells the readers once the whole batch is in. Not for a paced channel. */
  append(item: Item<M>): void {
    if (this.#paced !== undefined)
      throw new TypeError(`${this.name} is paced: it is touched, not appended to`);
    this.#changedAt = item.seq;
    this.#push(item);
  }

  /** Something that the channel shows has changed; it leaves after {@link committed}, when the pace allows. */
  touch(): void {
    if (this.#paced !== undefined) this.#paced.touches += 1;
  }

  /** The batch that concerned the channel is in. */
  committed(): void {
    const paced = this.#paced;
    if (paced === undefined) {
      this.#wake();
      return;
    }
    this.#changedAt = this.log.head;
    if (this.#readers.size === 0) this.#forget(paced);
    else paced.pace.changed();
  }

  /** The log has closed, or lets go of the channel: what waits for its time leaves now. */
  close(): void {
    this.#paced?.pace.end();
    this.#wake();
  }

  #push(item: Item<M>): void {
    const evicted = this.#ring.push(item);
    this.log.counters.published += 1;
    this.#lastSeq = item.seq;
    if (evicted !== undefined) this.#floor = evicted.seq;
    if (this.source.delivery !== 'latest') return;
    this.#newest.set(this.source.keyOf(item.data), item.seq);
    if (evicted === undefined) return;
    const key = this.source.keyOf(evicted.data);
    if (this.#newest.get(key) === evicted.seq) this.#newest.delete(key);
  }

  /** Publishes the newest values of what has changed since the last flush. */
  #flush(): void {
    const paced = this.#paced;
    if (paced === undefined) return;
    if (this.#readers.size === 0) {
      this.#forget(paced);
      return;
    }
    const items = paced.source.latest(paced.through).map((message) => this.#item(message));
    for (const item of items) this.#push(item);
    this.log.counters.conflated += Math.max(0, paced.touches - items.length);
    paced.touches = 0;
    paced.through = Math.max(this.log.head, this.#lastSeq);
    if (items.length > 0) this.#wake();
  }

  /** Nobody is here to read what changes: who comes back is given it by the source. */
  #forget(paced: Paced<M>): void {
    const { head } = this.log;
    if (this.#ring.size > 0) this.#ring.clear();
    this.#newest.clear();
    this.#lastRead = undefined;
    this.#floor = head;
    this.#lastSeq = head;
    paced.through = head;
    paced.touches = 0;
  }

  #item({ seq, data }: Numbered<M>): Item<M> {
    return new Item(this.log.epoch, seq, data);
  }

  #wake(): void {
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
    const through = this.#paced?.through ?? Math.max(this.log.head, lastSeq);
    // A snapshot or the source may have given a reader of a paced channel more than has left.
    if (after >= lastSeq) return { items: NO_ITEMS, through: Math.max(after, through) };
    const known = this.#lastRead;
    const same = known?.lastSeq === lastSeq && known.limit === limit;
    if (same && known.after <= after && after < known.firstSeq) return known.read;
    const start = this.#ring.indexAfter(after);
    const items: Item<M>[] = [];
    for (let index = start; index < this.#ring.size && items.length < limit; index += 1) {
      const item = this.#ring.at(index);
      if (item === undefined) continue;
      if (this.#superseded(item)) this.log.counters.conflated += 1;
      else items.push(item);
    }
    const last = items.length === limit ? items.at(-1) : undefined;
    const read = { items, through: last?.seq ?? through };
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
      items: read.messages.map((message) => this.#item(message)),
      through: read.through,
    }));
    const pages = this.#pages ?? new Map<string, Promise<PastPage<M>>>();
    this.#pages = pages;
    pages.set(key, page);
    this.log.keep(() => pages.delete(key));
    page.catch(() => pages.delete(key));
    return page;
  }

  /**
   * The newest message of every key that changed after `after`, for those whom the ring has left behind. Clients who lost
   * their connection together mostly ask for the same ones; until something changes they get the same list.
   */
  latest(source: ConflatedSource<M>, after: number): readonly Item<M>[] {
    const changedAt = this.#changedAt;
    const known = this.#lastLatest;
    if (known?.after === after && known.changedAt === changedAt) return known.items;
    const items = source.latest(after).map((message) => this.#item(message));
    this.#lastLatest = { after, changedAt, items };
    return items;
  }

  #superseded(item: Item<M>): boolean {
    const { source } = this;
    return source.delivery === 'latest' && this.#newest.get(source.keyOf(item.data)) !== item.seq;
  }

  /**
   * The channel's snapshot as an item. While nothing changes it stays the same one, so a crowd that starts at once
   * shares it.
   */
  snapshot(reason: SnapshotReason): MaybePromise<Item<M>> {
    const known = this.#snapshots.get(reason);
    const changedAt = this.#changedAt;
    if (known?.changedAt === changedAt) return known.item;
    const taken = this.source.snapshot(reason);
    const item = taken instanceof Promise ? taken.then((message) => this.#item(message)) : this.#item(taken);
    this.#snapshots.set(reason, { changedAt, item });
    if (item instanceof Promise) {
      item.then(
        (made) =>
          this.#snapshots.get(reason)?.item === item &&
          this.#snapshots.set(reason, { changedAt, item: made }),
        () => this.#snapshots.get(reason)?.item === item && this.#snapshots.delete(reason),
      );
    }
    return item;
  }
}
