import type { FollowHandlers } from '../../shared/client/index.ts';
import type { Item } from '../../shared/client/progress.ts';

/** A subscription that somebody opened; the test plays the server. */
export class PlayedSubscription<M> {
  left = false;

  constructor(readonly handlers: FollowHandlers<M>) {}

  /** It begins: for the first time, or again because its socket was lost. */
  start(): this {
    this.handlers.onStarted();
    return this;
  }

  give(...items: readonly Item<M>[]): this {
    for (const item of items) this.handlers.onData(item);
    return this;
  }
}

/** Stands in for one procedure: what was opened, in order. */
export class PlayedProcedure<M> {
  readonly opened: PlayedSubscription<M>[] = [];

  readonly open = (handlers: FollowHandlers<M>) => {
    const subscription = new PlayedSubscription(handlers);
    this.opened.push(subscription);
    return {
      unsubscribe: () => {
        subscription.left = true;
        // As tRPC's does.
        handlers.onComplete();
      },
    };
  };

  /** @throws when there is none */
  at(index: number): PlayedSubscription<M> {
    const subscription = this.opened.at(index);
    if (subscription === undefined) throw new Error(`no subscription ${index} of ${this.opened.length}`);
    return subscription;
  }
}
