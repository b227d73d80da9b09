import type { Channel } from './channel.ts';
import type { Hub } from './hub.ts';
import type { ChannelSource } from './source.ts';

/**
 * Channels by key, made on first use. Idle ones are kept, so that subscribers who come back find their ring, up to
 * `maxIdle`; then the one that was asked for longest ago goes. One with subscribers never does.
 */
export class ChannelPool<K, M> {
  readonly #channels = new Map<K, Channel<M>>();

  constructor(
    private readonly hub: Hub,
    private readonly sourceOf: (key: K) => ChannelSource<M>,
    readonly maxIdle: number,
  ) {}

  /** The channel if it exists: what a publisher asks for. */
  peek(key: K): Channel<M> | undefined {
    return this.#channels.get(key);
  }

  /** The channel, made when needed: what a subscriber asks for. */
  open(key: K): Channel<M> {
    const channel = this.#channels.get(key) ?? this.hub.channel(this.sourceOf(key));
    this.#channels.delete(key);
    this.#channels.set(key, channel);
    if (this.#channels.size > this.maxIdle) this.#evict(channel);
    return channel;
  }

  values(): Iterable<Channel<M>> {
    return this.#channels.values();
  }

  /** @param opened is about to be subscribed to */
  #evict(opened: Channel<M>): void {
    let excess = this.#channels.size - this.maxIdle;
    for (const [key, channel] of this.#channels) {
      if (excess <= 0) return;
      if (channel.subscribers > 0 || channel === opened) continue;
      this.#channels.delete(key);
      this.hub.release(channel);
      excess -= 1;
    }
  }
}
