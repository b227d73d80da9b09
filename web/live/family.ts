import type { Item } from '../../shared/channels.ts';
import {
  type Folding,
  LiveChannel,
  type LiveMessage,
  type LiveSnapshot,
  type OpenStream,
  type Runtime,
} from './channel.ts';
import { stableKey } from './keys.ts';

/** A channel that nobody uses any more stays open this long: going back and forth costs no new snapshot. */
export const GRACE_MS = 5_000;

export interface FamilyOptions<Input, View, M> extends Folding<View, M> {
  /** The view before the first snapshot. */
  readonly initial: View;
  readonly open: (input: Input, ...stream: Parameters<OpenStream<M>>) => ReturnType<OpenStream<M>>;
  /** Told of every view that is published, once per frame: what else shows the same is kept in step by it. */
  readonly onView?: ((view: View, input: Input) => void) | undefined;
}

/** What a component holds: reading has no effect, subscribing opens the channel. */
export interface LiveHandle<View, M> {
  readonly subscribe: (listener: () => void) => () => void;
  readonly get: () => LiveSnapshot<View>;
  /** Every item, right after it was folded; never batched. */
  readonly listen: (onItem: (item: Item<M>) => void) => () => void;
  readonly retry: () => void;
}

interface Shared<View, M extends LiveMessage> {
  readonly channel: LiveChannel<View, M>;
  users: number;
  release: ReturnType<typeof setTimeout> | undefined;
}

/** The channels of one procedure, one per input, each shared by all who ask for it. */
export class ChannelFamily<Input, View, M extends LiveMessage> {
  readonly #shared = new Map<string, Shared<View, M>>();
  readonly #empty: LiveSnapshot<View>;
  /** Of no channel at all: it stays as it is before the first snapshot. */
  readonly none: LiveHandle<View, M>;

  constructor(
    private readonly options: FamilyOptions<Input, View, M>,
    private readonly runtime: Runtime,
  ) {
    this.#empty = {
      view: options.initial,
      status: { kind: 'waiting' },
      events: 0,
      gaps: 0,
      repairs: 0,
      messageAt: null,
    };
    const nothing = (): void => undefined;
    this.none = { subscribe: () => nothing, get: () => this.#empty, listen: () => nothing, retry: nothing };
  }

  handle(input: Input): LiveHandle<View, M> {
    const key = stableKey(input);
    const using = (attach: (channel: LiveChannel<View, M>) => () => void): (() => void) => {
      const shared = this.#acquire(key, input);
      const detach = attach(shared.channel);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        detach();
        this.#release(key, shared);
      };
    };
    return {
      subscribe: (listener) => using((channel) => channel.onPublished(listener)),
      listen: (onItem) => using((channel) => channel.onItem(onItem)),
      get: () => this.#shared.get(key)?.channel.get() ?? this.#empty,
      retry: () => this.#shared.get(key)?.channel.retry(),
    };
  }

  #acquire(key: string, input: Input): Shared<View, M> {
    const known = this.#shared.get(key);
    if (known !== undefined) {
      clearTimeout(known.release);
      known.release = undefined;
      known.users += 1;
      return known;
    }
    const { options } = this;
    const openStream: OpenStream<M> = (lastEventId, observer) => options.open(input, lastEventId, observer);
    const channel = new LiveChannel(this.#empty, options, openStream, this.runtime);
    const shared: Shared<View, M> = { channel, users: 1, release: undefined };
    this.#shared.set(key, shared);
    const { onView } = options;
    if (onView !== undefined) {
      channel.onPublished(() => {
        const { view, messageAt } = channel.get();
        if (messageAt !== null) onView(view, input);
      });
    }
    channel.open();
    return shared;
  }

  #release(key: string, shared: Shared<View, M>): void {
    shared.users -= 1;
    if (shared.users > 0) return;
    shared.release = setTimeout(() => {
      this.#shared.delete(key);
      shared.channel.close();
    }, GRACE_MS);
  }
}
