import type { Item, SnapshotReason } from '../../shared/channels.ts';
import type { Backoff } from '../../shared/client/backoff.ts';
import { Progress } from '../../shared/client/progress.ts';
import type { ErrorKind } from '../api.ts';
import type { Connection } from './connection.ts';
import type { Frames, Publisher } from './frames.ts';
import { Listeners } from './listeners.ts';

/** Every message of every channel: a snapshot replaces the view, everything else is an event to fold in. */
export type LiveMessage =
  | { readonly type: 'snapshot'; readonly reason: SnapshotReason }
  | { readonly type: string; readonly at: number };

export interface Unsubscribable {
  unsubscribe(): void;
}

/** Why a subscription ended, and whether it is any use to ask again. */
export interface StreamError {
  /** In words for whoever wanted to see it. */
  readonly message: string;
  readonly kind: ErrorKind;
}

export interface StreamObserver<M> {
  /** It has begun, for the first time or anew because the connection was lost. */
  readonly onStart: () => void;
  readonly onItem: (item: Item<M>) => void;
  readonly onError: (error: StreamError) => void;
  /** The server has ended it without an error. */
  readonly onEnd: () => void;
}

/** Opens the subscription behind a channel, after the item `lastEventId` when there is one. */
export type OpenStream<M> = (lastEventId: string | undefined, observer: StreamObserver<M>) => Unsubscribable;

export type ChannelStatus =
  /** No snapshot yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live' }
  /** The server has refused it for good; `retry` asks again. */
  | { readonly kind: 'ended'; readonly error: StreamError };

export interface LiveSnapshot<View> {
  readonly view: View;
  readonly status: ChannelStatus;
  /** How many events were folded since the channel was opened. */
  readonly events: number;
  /** How many times the view was replaced because events were missing. */
  readonly gaps: number;
  /** How many times it was fetched anew because an event did not follow from it. */
  readonly repairs: number;
  /** When the last message came, ms since the epoch; `null` before the first. */
  readonly messageAt: number | null;
}

/** How messages make a view. */
export interface Folding<View, M> {
  readonly reduce: (view: View, message: M) => View;
  /**
   * Whether an event follows from the view. One that does not is never shown: the view is fetched anew. Without it every
   * event does.
   */
  readonly proves?: ((view: View, message: M) => boolean) | undefined;
  /**
   * Only of channels on which the latest value is all that counts: how many the server has left out between the view and
   * this one, as far as can be told.
   */
  readonly skipped?: ((view: View, message: M) => number) | undefined;
}

/** What channels share. */
export interface Runtime {
  readonly frames: Frames;
  readonly connection: Connection;
  readonly newBackoff: () => Backoff;
}

type Phase =
  | { readonly kind: 'subscribed'; readonly subscription: Unsubscribable }
  | { readonly kind: 'pausing'; readonly timer: ReturnType<typeof setTimeout> }
  | { readonly kind: 'ended'; readonly error: StreamError }
  | { readonly kind: 'closed' };

/**
 * One subscription and the view it folds to, for as long as somebody uses it. Every event is folded as it comes; those
 * who read the view hear of it once per frame, and between two frames `get` gives the same object.
 */
export class LiveChannel<View, M extends LiveMessage> implements Publisher {
  readonly #published = new Listeners();
  readonly #items = new Listeners<[Item<M>]>();
  readonly #backoff: Backoff;
  readonly #progress = new Progress();
  #phase: Phase = { kind: 'closed' };
  #view: View;
  #hasView = false;
  #events = 0;
  #gaps = 0;
  #repairs = 0;
  #messageAt: number | null = null;
  /** The item after which to go on; none when the view has to be fetched anew. */
  #lastId: string | undefined;
  #snapshot: LiveSnapshot<View>;

  constructor(
    initial: LiveSnapshot<View>,
    private readonly folding: Folding<View, M>,
    private readonly openStream: OpenStream<M>,
    private readonly runtime: Runtime,
  ) {
    this.#view = initial.view;
    this.#snapshot = initial;
    this.#backoff = runtime.newBackoff();
  }

  readonly get = (): LiveSnapshot<View> => this.#snapshot;
  /** Calls back after a frame in which the view, the status or a count changed. */
  onPublished(listener: () => void): () => void {
    return this.#published.add(listener);
  }
  /** Calls back with every item right after it was folded. */
  onItem(listener: (item: Item<M>) => void): () => void {
    return this.#items.add(listener);
  }

  open(): void {
    if (this.#phase.kind !== 'closed') return;
    this.#connect();
  }

  close(): void {
    this.#leave();
    this.#phase = { kind: 'closed' };
    this.runtime.connection.channel(this, 'closed');
  }

  /** Asks again after the server has refused. */
  readonly retry = (): void => {
    if (this.#phase.kind === 'ended') this.#connect();
  };

  publish(): void {
    this.#snapshot = {
      view: this.#view,
      status: this.#status(),
      events: this.#events,
      gaps: this.#gaps,
      repairs: this.#repairs,
      messageAt: this.#messageAt,
    };
    this.#published.notify();
  }

  #status(): ChannelStatus {
    if (this.#phase.kind === 'ended') return { kind: 'ended', error: this.#phase.error };
    return { kind: this.#hasView ? 'live' : 'waiting' };
  }

  #connect(): void {
    this.#leave();
    this.#progress.began();
    // A subscription that was left may still call back; only the current one is listened to.
    let current = true;
    const observer: StreamObserver<M> = {
      onStart: () => {
        if (current) this.#progress.began();
      },
      onItem: (item) => {
        if (current) this.#take(item);
      },
      onError: (error) => {
        if (!current) return;
        current = false;
        if (error.kind === 'passing') this.#again();
        else this.#end(error);
      },
      onEnd: () => {
        if (!current) return;
        current = false;
        this.#again();
      },
    };
    const subscription = this.openStream(this.#lastId, observer);
    this.#phase = {
      kind: 'subscribed',
      subscription: {
        unsubscribe: () => {
          current = false;
          subscription.unsubscribe();
        },
      },
    };
    this.runtime.connection.channel(this, 'open');
    this.runtime.frames.mark(this);
  }

  #take(item: Item<M>): void {
    const { id, data } = item;
    const { connection, frames } = this.runtime;
    this.#backoff.working();
    if (!this.#progress.isNews(item)) return;
    if ('reason' in data) {
      this.#hasView = true;
      if (data.reason === 'gap') this.#gaps += 1;
      connection.replaced(data.reason);
    } else {
      if (this.folding.proves?.(this.#view, data) === false) {
        this.#repair();
        return;
      }
      this.#events += 1;
      if ('at' in data) this.#tell(id, data, data.at);
    }
    this.#messageAt = connection.messageAt;
    this.#view = this.folding.reduce(this.#view, data);
    this.#progress.took(item);
    this.#lastId = id;
    frames.mark(this);
    this.#items.notify(item);
  }

  #tell(id: string, message: M, at: number): void {
    const { connection } = this.runtime;
    const { skipped } = this.folding;
    connection.event(id, at, skipped === undefined ? 'every' : 'latest');
    if (skipped !== undefined) connection.skipped(skipped(this.#view, message));
  }

  /** The view is not what the server's events fold into: only a fresh snapshot can tell what is. */
  #repair(): void {
    this.#repairs += 1;
    this.runtime.connection.repaired();
    this.runtime.frames.mark(this);
    this.#leave();
    this.#lastId = undefined;
    this.#again();
  }

  /** A subscription that ended although the server has nothing against it: it goes on where it was. */
  #again(): void {
    this.#phase = { kind: 'pausing', timer: setTimeout(() => this.#connect(), this.#backoff.delay()) };
  }

  #end(error: StreamError): void {
    this.#phase = { kind: 'ended', error };
    // A refusal of this input says nothing of the others.
    this.runtime.connection.channel(this, error.kind === 'shut_out' ? 'ended' : 'closed');
    this.runtime.frames.mark(this);
  }

  #leave(): void {
    if (this.#phase.kind === 'subscribed') this.#phase.subscription.unsubscribe();
    if (this.#phase.kind === 'pausing') clearTimeout(this.#phase.timer);
  }
}
