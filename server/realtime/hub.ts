import { Channel, type LogHead } from './channel.ts';
import { Cursor, type CursorOptions } from './cursor.ts';
import { Item } from './item.ts';
import { LiveStream } from './live-stream.ts';
import type { ChannelSource } from './source.ts';

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

interface Wakeable {
  wake(): void;
}

/** The live end of a log: takes what was committed, in order, and wakes the readers of the channels it concerns. */
export class Hub implements LogHead {
  readonly epoch: string;
  readonly #ringCapacity: number;
  #head: number;
  readonly #channels = new Set<Wakeable>();
  readonly #touched = new Set<Wakeable>();
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
  release(channel: Wakeable): void {
    this.#channels.delete(channel);
    this.#touched.delete(channel);
  }

  item<M>(seq: number, data: M): Item<M> {
    return new Item(this.epoch, seq, data);
  }

  /** Adds a message of the batch that {@link commit} ends. */
  append<M>(channel: Channel<M>, item: Item<M>): void {
    channel.append(item);
    this.#touched.add(channel);
  }

  /** Ends a batch: everything up to `head` has been appended where it belongs. */
  commit(head: number): void {
    this.#head = head;
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const channel of touched) channel.wake();
  }

  keep(forget: () => void): void {
    this.#kept.push(forget);
    if (this.#kept.length > MAX_KEPT) this.#kept.shift()?.();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends every stream. */
  close(): void {
    this.#closed = true;
    for (const channel of [...this.#channels]) channel.wake();
  }

  stream<M>(channel: Channel<M>, { signal, ...options }: StreamOptions<M> = {}): LiveStream<M> {
    return new LiveStream(new Cursor(channel, options), signal);
  }
}
