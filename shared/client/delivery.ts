import {
  type Operation,
  type OperationResultObservable,
  type OperationResultObserver,
  TRPCClientError,
  type TRPCLink,
} from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import superjson from 'superjson';
import type { AppRouter } from '../../server/api/router.ts';
import { Backoff, type BackoffBounds } from './backoff.ts';
import type { Clock } from './clock.ts';
import { type Unanswered, UnansweredError } from './errors.ts';
import { type CallError, deadlineOf, failureOf, isRepeatable, nothingDone, stepAfter } from './failure.ts';
import type { SessionRepair } from './session-link.ts';
import type { Status } from './status.ts';

/** Before a mutation is sent again; a lost connection has its own delay on top. */
const AGAIN: BackoffBounds = { firstMs: 200, longestMs: 2_000 };

export interface DeliveryOptions {
  readonly status: Status;
  readonly session: Pick<SessionRepair, 'signedIn' | 'renewed'>;
  readonly clock: Clock;
  readonly random: () => number;
  /** For mutations whose context has no `deadlineMs`. */
  readonly deadlineMs: number;
}

/**
 * Gets an answer for every mutation, or says that there is none and whether it may have been carried out.
 *
 * One that carries a `clientOrderId` is sent again, with the same input, until there is an answer: when the connection
 * was lost after it was sent, and when the server says so (`data.retry`). It cannot be carried out twice.
 *
 * Any mutation is sent again of which the server says that nothing was done, and what to do about that: when it was one
 * too many, after `data.retryAfter` unless that is too late; when the session of the connection had expired, once, when it
 * has been renewed. Any mutation fails at its deadline, and is not sent after it.
 */
export function deliveryLink(options: DeliveryOptions): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) => {
      if (op.type !== 'mutation' || op.signal?.aborted) return next(op);
      return observable((observer) => {
        const delivery = new Delivery({ op, next, observer }, options);
        delivery.start();
        return () => delivery.leave();
      });
    };
}

interface Call {
  readonly op: Operation;
  readonly next: (op: Operation) => OperationResultObservable<AppRouter, unknown>;
  readonly observer: OperationResultObserver<AppRouter, unknown>;
}

type Phase =
  | {
      readonly kind: 'asking';
      /** `null` until `subscribe` has returned. */
      attempt: Unsubscribable | null;
      /** Whether it may have been sent. */
      readonly maybeSent: () => boolean;
    }
  | { readonly kind: 'pausing'; readonly cancel: () => void }
  | { readonly kind: 'renewing' }
  | { readonly kind: 'settled' };

class Delivery {
  readonly #op: Operation;
  readonly #deadlineMs: number;
  readonly #deadline: number;
  readonly #repeatable: boolean;
  readonly #backoff: Backoff;
  #phase: Phase = { kind: 'settled' };
  /** An attempt that is over may have been carried out. */
  #uncertain = false;
  #renewed = false;
  #lastError: CallError | undefined;
  #cleanUp: readonly (() => void)[] = [];

  /** @throws TypeError when the deadline is none */
  constructor(
    private readonly call: Call,
    private readonly options: DeliveryOptions,
  ) {
    const { op } = call;
    this.#deadlineMs = deadlineOf(op.context, options.deadlineMs);
    this.#deadline = options.clock.now() + this.#deadlineMs;
    this.#repeatable = isRepeatable(op.input);
    // A copy, as it would travel: what the caller does to the object meanwhile must not change what is sent again.
    this.#op = { ...op, input: superjson.deserialize(superjson.serialize(op.input)) };
    this.#backoff = new Backoff(AGAIN, options.clock.now, options.random);
  }

  start(): void {
    const { status, clock } = this.options;
    const { signal } = this.#op;
    signal?.addEventListener('abort', this.#aborted);
    this.#cleanUp = [
      clock.after(this.#deadlineMs, () => this.#unanswered('deadline')),
      status.onEnd(this.#hurry),
      () => signal?.removeEventListener('abort', this.#aborted),
    ];
    this.#ask();
  }

  /** Nobody waits for the answer any more. What was not sent yet never will be. */
  leave(): void {
    const phase = this.#phase;
    this.#phase = { kind: 'settled' };
    for (const cleanUp of this.#cleanUp) cleanUp();
    if (phase.kind === 'asking') phase.attempt?.unsubscribe();
    if (phase.kind === 'pausing') phase.cancel();
  }

  #ask(): void {
    const { next, observer } = this.call;
    const phase: Phase = { kind: 'asking', attempt: null, maybeSent: this.options.status.watchOpen() };
    this.#phase = phase;
    const attempt = next(this.#op).subscribe({
      next: (envelope) => {
        if (this.#phase === phase) observer.next(envelope);
      },
      error: (error) => {
        if (this.#phase === phase) this.#failed(error, phase.maybeSent());
      },
      complete: () => {
        if (this.#phase !== phase) return;
        this.leave();
        observer.complete();
      },
    });
    phase.attempt = attempt;
    if (this.#phase !== phase) attempt.unsubscribe();
  }

  #failed(error: CallError, maybeSent: boolean): void {
    const { clock, session, random } = this.options;
    const step = stepAfter(error, {
      repeatable: this.#repeatable,
      uncertain: this.#uncertain,
      renewable: !this.#renewed && session.signedIn(),
      leftMs: this.#deadline - clock.now(),
    });
    this.#lastError = error;
    this.#uncertain ||= maybeSent && !nothingDone(failureOf(error));
    switch (step.kind) {
      case 'again': {
        // The limits of a wallet's tabs are one: they do not come back together.
        const delay = step.afterMs === 0 ? this.#backoff.delay() : step.afterMs + random() * AGAIN.firstMs;
        this.#phase = { kind: 'pausing', cancel: clock.after(delay, () => this.#ask()) };
        return;
      }
      case 'renew':
        this.#renew(error);
        return;
      case 'fail':
        this.#fail(error);
        return;
      case 'unanswered':
        this.#unanswered(step.why);
        return;
      default:
        step satisfies never;
    }
  }

  #renew(error: CallError): void {
    const phase: Phase = { kind: 'renewing' };
    this.#phase = phase;
    this.#renewed = true;
    void this.options.session.renewed().then((again) => {
      if (this.#phase !== phase) return;
      if (again) this.#ask();
      // As it would have failed without a session to renew.
      else this.#failed(error, false);
    });
  }

  #unanswered(why: Unanswered): void {
    const maybeSent = this.#uncertain || (this.#phase.kind === 'asking' && this.#phase.maybeSent());
    const cause = new UnansweredError(
      {
        path: this.#op.path,
        why,
        outcome: maybeSent ? 'unknown' : 'never_sent',
        deadlineMs: this.#deadlineMs,
        repeatable: this.#repeatable,
      },
      this.#lastError,
    );
    const shape = this.#lastError?.shape;
    this.#fail(new TRPCClientError(cause.message, { cause, ...(shape ? { result: { error: shape } } : {}) }));
  }

  #fail(error: CallError): void {
    this.leave();
    this.call.observer.error(error);
  }

  readonly #aborted = (): void => {
    this.leave();
    this.call.observer.complete();
  };

  /** The connection has ended for good: there is nothing to wait for, and asking again says so. */
  readonly #hurry = (): void => {
    if (this.#phase.kind !== 'pausing' && this.#phase.kind !== 'renewing') return;
    if (this.#phase.kind === 'pausing') this.#phase.cancel();
    this.#ask();
  };
}
