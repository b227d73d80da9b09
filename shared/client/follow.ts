import { Backoff, type BackoffBounds } from './backoff.ts';
import { type Clock, systemClock } from './clock.ts';
import { UnseenError } from './errors.ts';
import { RECONNECT } from './options.ts';
import { type Item, Progress, type Tagged } from './progress.ts';
import { type UntilOptions, Waiters } from './waiters.ts';

/** The callbacks of a tRPC subscription that a follower needs. */
export interface FollowHandlers<M> {
  readonly onStarted: () => void;
  readonly onData: (item: Item<M>) => void;
  readonly onError: (error: Error) => void;
  readonly onComplete: () => void;
}

interface Unsubscribable {
  unsubscribe(): void;
}

export interface FollowOptions<M> {
  /**
   * Begins a proof: what it gives is asked of every message, in order, whether that follows from those before it; one
   * that does not it must forget. `agentProof` is one for `onAgent`.
   */
  readonly proof?: () => (message: M) => boolean;
  /** Called once when it ends, unless its owner left: the server has stopped it, the client was closed, or it has failed. */
  readonly onEnd?: (error: UnseenError) => void;
  /** Before a repair. */
  readonly backoff?: BackoffBounds;
  readonly clock?: Clock;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** A subscription whose items arrive once each, and which can be waited for. */
export interface Followed {
  /**
   * Resolves when the consumer has been given what the mutation did: an item at or after the receipt's position, or a
   * snapshot taken after it; at once when it has been already. On a conflated channel that is the value that includes
   * it; where that has values of several agents, name the agent. Of several events of one mutation it is the first one that the channel carries; the others follow right behind.
   * On a channel that carries none of them it waits for whatever comes next.
   *
   * Rejects with an {@link UnseenError} when that can no longer come: the subscription is over, or what comes is of another
   * log than the receipt. With the signal's reason when that aborts, and with a TypeError when the receipt has no position.
   */
  until(receipt: { readonly position: string }, options?: UntilOptions): Promise<void>;
  /** Leaves; the consumer is not called any more. */
  unsubscribe(): void;
  /** How many times a message did not follow from those before it, and the view was fetched anew. */
  readonly repairs: number;
}

/**
 * Follows a subscription: gives `consumer` each of its items exactly once, and lets the owner wait until it has been given
 * what a mutation did.
 *
 *     const trades = follow(
 *       (handlers) => client.onTrade.subscribe({}, handlers),
 *       consumeEvery<'trades'>({ snapshot: (view) => show(view), event: (event) => fold(event) }),
 *     );
 *     const { receipt } = await client.buy.mutate(order);
 *     await trades.until(receipt);
 *
 * Promises on order:
 * - Items come in the order of the log, each once, over reconnects too: after a loss the subscription goes on behind its
 *   last item, or starts from a new snapshot. When `until` resolves, every item before the event has been given as well.
 * - The answer to a mutation may come before its events or after them; `until` does not mind.
 * - Two subscriptions have no order between them: wait on each.
 *
 * With a `proof`, a message that does not follow from those before it is never given: the view is fetched anew, after a
 * delay that grows while it goes on, and the consumer gets a snapshot. It ends when the subscription does: it does not ask
 * again after the server has refused it.
 * @param open must pass on all of the handlers, and without a `lastEventId` when there is a proof
 */
export function follow<M extends Tagged>(
  open: (handlers: FollowHandlers<M>) => Unsubscribable,
  consumer: (item: Item<M>) => void,
  options: FollowOptions<M> = {},
): Followed {
  return new Follower(open, consumer, options);
}

type Phase =
  /** `subscription` is `null` until `open` has returned. */
  | { readonly kind: 'subscribed'; subscription: Unsubscribable | null }
  | { readonly kind: 'pausing'; readonly cancel: () => void }
  | { readonly kind: 'ended'; readonly error: UnseenError };

class Follower<M extends Tagged> implements Followed {
  readonly #progress = new Progress();
  readonly #waiters = new Waiters();
  readonly #follows: (message: M) => boolean;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  #phase: Phase = { kind: 'subscribed', subscription: null };
  #repairs = 0;

  constructor(
    private readonly open: (handlers: FollowHandlers<M>) => Unsubscribable,
    private readonly consumer: (item: Item<M>) => void,
    private readonly options: FollowOptions<M>,
  ) {
    const { clock = systemClock, backoff = RECONNECT, random = Math.random, proof } = options;
    this.#clock = clock;
    this.#backoff = new Backoff(backoff, clock.now, random);
    this.#follows = proof === undefined ? () => true : proof();
    this.#subscribe();
  }

  get repairs(): number {
    return this.#repairs;
  }

  async until({ position }: { readonly position: string }, options: UntilOptions = {}): Promise<void> {
    const end = this.#phase.kind === 'ended' ? this.#phase.error : null;
    await this.#waiters.wait(position, options, end);
  }

  unsubscribe(): void {
    this.#end(new UnseenError('unsubscribed'));
  }

  #subscribe(): void {
    const phase: Phase = { kind: 'subscribed', subscription: null };
    this.#phase = phase;
    this.#progress.began();
    // A subscription that was left may still call back.
    const current =
      <Args extends readonly unknown[]>(handle: (...args: Args) => void) =>
      (...args: Args): void => {
        if (this.#phase === phase) handle(...args);
      };
    const subscription = this.open({
      onStarted: current(this.#progress.began),
      onData: current((item: Item<M>) => this.#take(item)),
      onError: current((error: Error) => this.#over(new UnseenError('failed', error))),
      onComplete: current(() => this.#over(new UnseenError('ended'))),
    });
    phase.subscription = subscription;
    if (this.#phase !== phase) subscription.unsubscribe();
  }

  #take(item: Item<M>): void {
    this.#backoff.working();
    if (!this.#progress.isNews(item)) return;
    if (!this.#follows(item.data)) {
      this.#repair();
      return;
    }
    this.#progress.took(item);
    this.#waiters.took(item);
    this.consumer(item);
  }

  /** The view that the consumer has is not what the server's messages fold into. */
  #repair(): void {
    this.#repairs += 1;
    const cancel = this.#clock.after(this.#backoff.delay(), () => this.#subscribe());
    this.#enter({ kind: 'pausing', cancel });
  }

  /** Not by its owner. */
  #over(error: UnseenError): void {
    this.#end(error);
    this.options.onEnd?.(error);
  }

  #end(error: UnseenError): void {
    if (this.#phase.kind === 'ended') return;
    this.#enter({ kind: 'ended', error });
    this.#waiters.end(error);
  }

  /** The phase changes first: a subscription that is left says so at once. */
  #enter(next: Phase): void {
    const before = this.#phase;
    this.#phase = next;
    if (before.kind === 'subscribed') before.subscription?.unsubscribe();
    if (before.kind === 'pausing') before.cancel();
  }
}
