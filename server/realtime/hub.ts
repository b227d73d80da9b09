import { Channel, type LogHead } from './channel.ts';
import { Cursor, type CursorOptions } from './cursor.ts';
import { Item } from './item.ts';
import { LiveStream } from './live-stream.ts';
import type { ChannelSource } from './source.ts';
import { type ChannelStats, type HubStats, newCounters } from './stats.ts';

export interface HubOptions {
  readonly epoch: string;
  /** The last entry that is already in the log. */
  readonly head: number;
  /** Messages each channel keeps in memory. */
  readonly ringCapacity?: number;
}

export interface StreamOptions<M> extends CursorOptions<M> {
  /** Ends the stream when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Pages of the past that are kept for those who ask for the same again. */
const MAX_KEPT = 32;

/** A channel, whatever its messages are. */
interface AnyChannel extends ChannelStats {
  committed(): void;
  close(): void;
}

/** The live end of a log: takes what was committed, in order, and wakes the readers of the channels it concerns. */
export class Hub implements LogHead {
  readonly epoch: string;
  readonly #ringCapacity: number;
  #head: number;
  readonly counters = newCounters();
  readonly #channels = new Set<AnyChannel>();
  /** Those that the batch concerns. */
  readonly #concerned = new Set<AnyChannel>();
  readonly #kept: (() => void)[] = [];
  #closed = false;

  constructor({ epoch, head, ringCapacity = 1024 }: HubOptions) {
    this.epoch = epoch;
    this.#head = head;
    this.#ringCapacity = ringCapacity;
  }

  get head(): number {
    return this.#head;
  }

  channel<M>(source: ChannelSource<M>): Channel<M> {
    const channel = new Channel(source, this, this.#ringCapacity);
    this.#channels.add(channel);
    return channel;
  }

  /** Lets go of a channel that nobody will ask for again. */
  release(channel: AnyChannel): void {
    this.#channels.delete(channel);
    this.#concerned.delete(channel);
    channel.close();
  }

  item<M>(seq: number, data: M): Item<M> {
    return new Item(this.epoch, seq, data);
  }

  /** Adds a message of the batch that {@link commit} ends. */
  append<M>(channel: Channel<M>, item: Item<M>): void {
    channel.append(item);
    this.#concerned.add(channel);
  }

  /**
   * Says that an entry of the batch that {@link commit} ends may have changed what a paced channel shows. Whatever changes
   * it must be said.
   */
  touch<M>(channel: Channel<M>): void {
    channel.touch();
    this.#concerned.add(channel);
  }

  /**
   * Ends a batch: everything up to `head` has been appended where it belongs, and what the sources of the channels show
   * is as of `head`.
   */
  commit(head: number): void {
    this.#head = head;
    const concerned = [...this.#concerned];
    this.#concerned.clear();
    for (const channel of concerned) channel.committed();
  }

  keep(forget: () => void): void {
    this.#kept.push(forget);
    if (this.#kept.length > MAX_KEPT) this.#kept.shift()?.();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends every stream. What waited for its time on a paced channel has been published before; no timer is left. */
  close(): void {
    this.#closed = true;
    for (const channel of [...this.#channels]) channel.close();
  }

  stats(): HubStats {
    const channels: ChannelStats[] = [];
    for (const { name, subscribers } of this.#channels)
      if (subscribers > 0) channels.push({ name, subscribers });
    return { channels, ...this.counters };
  }

  stream<M>(channel: Channel<M>, { signal, ...options }: StreamOptions<M> = {}): LiveStream<M> {
    return new LiveStream(new Cursor(channel, options), signal);
  }
}
