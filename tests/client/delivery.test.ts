import { type Operation, type OperationResultObserver, TRPCClientError } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import { deliveryLink } from '../../shared/client/delivery.ts';
import { ConnectionEndedError, causeOf, UnansweredError } from '../../shared/client/errors.ts';
import type { CallError } from '../../shared/client/failure.ts';
import { Status } from '../../shared/client/status.ts';
import { answer } from './answers.ts';
import { ManualTimers } from './manual-timers.ts';

/** The network as the link sees it: what it was asked to send, in order. */
class FakeNetwork {
  readonly attempts: Attempt[] = [];

  readonly send = (op: Operation) =>
    observable<Parameters<OperationResultObserver<AppRouter, unknown>['next']>[0], CallError>((observer) => {
      const attempt = new Attempt(op.input, observer);
      this.attempts.push(attempt);
      return () => {
        attempt.dropped = true;
        // As the stock client does.
        observer.complete();
      };
    });

  /** @throws when there is no such attempt */
  at(index: number): Attempt {
    const attempt = this.attempts.at(index);
    if (attempt === undefined) throw new Error(`no attempt ${index} of ${this.attempts.length}`);
    return attempt;
  }
}

class Attempt {
  /** Nobody waits for its answer; it is not sent if it was not before. */
  dropped = false;

  constructor(
    readonly input: unknown,
    private readonly observer: OperationResultObserver<AppRouter, unknown>,
  ) {}

  answer(data: unknown): void {
    this.observer.next({ result: { type: 'data', data } });
    this.observer.complete();
  }

  readonly fail = (error: CallError): void => this.observer.error(error);
  readonly lose = (): void => this.fail(TRPCClientError.from({ type: 'close', code: 1006 }));
}

/** What the caller has heard. */
interface Heard {
  readonly answers: unknown[];
  readonly errors: CallError[];
  completed: boolean;
}

let network: FakeNetwork;
let timers: ManualTimers;
let status: Status;
let session: FakeSession;

/** The session of the connection: whether there is one, and those who wait for it to be renewed. */
class FakeSession {
  present = false;
  readonly renewals: ((again: boolean) => void)[] = [];
  readonly signedIn = (): boolean => this.present;
  readonly renewed = (): Promise<boolean> => new Promise((resolve) => this.renewals.push(resolve));

  /** Ends the newest renewal, and lets those who wait for it go on. */
  async settle(again: boolean): Promise<void> {
    this.renewals.at(-1)?.(again);
    await Promise.resolve();
  }
}

beforeEach(() => {
  network = new FakeNetwork();
  timers = new ManualTimers();
  status = new Status();
  status.opened();
  session = new FakeSession();
});

function call(given: Partial<Operation> = {}) {
  const op: Operation = {
    id: 1,
    type: 'mutation',
    path: 'buy',
    input: { clientOrderId: 'one', sol: 5n },
    context: {},
    signal: null,
    ...given,
  };
  const link = deliveryLink({ status, session, clock: timers, random: () => 0.5, deadlineMs: 10_000 });
  const heard: Heard = { answers: [], errors: [], completed: false };
  const { unsubscribe } = link({})({ op, next: network.send }).subscribe({
    next: ({ result }) => heard.answers.push('data' in result ? result.data : result),
    error: (error) => heard.errors.push(error),
    complete: () => {
      heard.completed = true;
    },
  });
  return { heard, unsubscribe };
}

const unanswered = ({ errors }: Heard): UnansweredError | undefined => causeOf(errors[0], UnansweredError);
const unavailable = answer('SERVICE_UNAVAILABLE', 503, { retry: 'same_order' });
const unauthorized = answer('UNAUTHORIZED', 401);

/** Whatever the outcome was: one, and nothing is left behind. */
function expectOver({ answers, errors }: Heard): void {
  expect(answers.length + errors.length).toBe(1);
  expect(timers.waiting).toBe(0);
  expect(network.attempts.filter(({ dropped }) => !dropped)).toHaveLength(0);
}

describe('an answer', () => {
  it('is passed on, and ends it', () => {
    const { heard } = call();
    network.at(0).answer('done');
    expect(heard).toEqual({ answers: ['done'], errors: [], completed: true });
    expectOver(heard);
  });

  it('that refuses is passed on as it is', () => {
    const { heard } = call();
    network.at(0).fail(unauthorized);
    expect(heard.errors).toEqual([unauthorized]);
    expect(network.attempts).toHaveLength(1);
    expectOver(heard);
  });
});

describe('an order without an answer', () => {
  it('is sent again with the same input after a jittered delay that grows', () => {
    const { heard } = call();
    const delays = [100, 200, 400, 800, 1_000, 1_000];
    for (const [index, delay] of delays.entries()) {
      network.at(index).lose();
      timers.advance(delay - 1);
      expect(network.attempts).toHaveLength(index + 1);
      timers.advance(1);
      expect(network.attempts).toHaveLength(index + 2);
    }
    network.at(-1).answer('done');
    expect(heard.answers).toEqual(['done']);
    for (const { input } of network.attempts) expect(input).toEqual({ clientOrderId: 'one', sol: 5n });
    expectOver(heard);
  });

  it('is sent again when the server says that it may be', () => {
    const { heard } = call();
    network.at(0).fail(unavailable);
    timers.advance(100);
    network.at(1).answer('done');
    expect(heard.answers).toEqual(['done']);
    expectOver(heard);
  });

  it('is the same order though its caller uses the object for the next one', () => {
    const input = { clientOrderId: 'one', sol: 5n };
    call({ input });
    input.clientOrderId = 'two';
    network.at(0).lose();
    timers.advance(100);
    expect(network.at(1).input).toEqual({ clientOrderId: 'one', sol: 5n });
  });

  it('says so when asking again is refused, as that says nothing of the first time', () => {
    const { heard } = call();
    network.at(0).lose();
    timers.advance(100);
    network.at(1).fail(unauthorized);
    expect(unanswered(heard)).toMatchObject({ why: 'refused_later', outcome: 'unknown' });
    // What the server said is still there.
    expect(heard.errors[0]?.data?.code).toBe('UNAUTHORIZED');
    expectOver(heard);
  });

  it('takes the market’s word for every attempt', () => {
    const rejected = answer('PRECONDITION_FAILED', 412, { rejection: { reason: 'amount_too_small' } });
    const { heard } = call();
    network.at(0).lose();
    timers.advance(100);
    network.at(1).fail(rejected);
    expect(heard.errors).toEqual([rejected]);
  });
});

describe('a mutation without an order id', () => {
  it('is never sent again', () => {
    const lost = call({ input: { symbol: 'ONE' } });
    network.at(0).lose();
    expect(unanswered(lost.heard)).toMatchObject({ why: 'no_answer', outcome: 'unknown' });
    expectOver(lost.heard);
    const refused = call({ input: undefined });
    network.at(1).fail(unavailable);
    expect(refused.heard.errors).toEqual([unavailable]);
    expect(network.attempts).toHaveLength(2);
  });

  it('has a deadline too', () => {
    const { heard } = call({ input: { symbol: 'ONE' } });
    timers.advance(10_000);
    expect(unanswered(heard)).toMatchObject({ why: 'deadline', outcome: 'unknown' });
    expectOver(heard);
  });
});

describe('one too many', () => {
  const limited = (retryAfter: number) => answer('TOO_MANY_REQUESTS', 429, { retryAfter });

  it('is sent again after the time that the server names and some more, without an order id too', () => {
    const { heard } = call({ input: { symbol: 'ONE' } });
    network.at(0).fail(limited(1.5));
    timers.advance(1_599);
    expect(network.attempts).toHaveLength(1);
    timers.advance(1);
    expect(network.attempts).toHaveLength(2);
    network.at(1).fail(limited(2));
    timers.advance(2_100);
    network.at(2).answer('done');
    expect(heard.answers).toEqual(['done']);
    expectOver(heard);
  });

  it('fails at once when that is after the deadline', () => {
    const { heard } = call({ context: { deadlineMs: 3_000 } });
    network.at(0).fail(limited(2));
    timers.advance(2_100);
    const error = limited(0.9);
    network.at(1).fail(error);
    expect(heard.errors).toEqual([error]);
    expectOver(heard);
  });

  it('has not been carried out: the deadline knows', () => {
    const { heard } = call({ context: { deadlineMs: 2_050 } });
    network.at(0).fail(limited(2));
    timers.advance(2_050);
    expect(unanswered(heard)).toMatchObject({ why: 'deadline', outcome: 'never_sent' });
    expect(network.attempts).toHaveLength(1);
    expectOver(heard);
  });
});

describe('an expired session', () => {
  const expired = answer('UNAUTHORIZED', 401, { session: 'expired' });

  it('is renewed, and the mutation sent again, without an order id too', async () => {
    session.present = true;
    const { heard } = call({ input: { symbol: 'ONE' } });
    network.at(0).fail(expired);
    expect(network.attempts).toHaveLength(1);
    await session.settle(true);
    network.at(1).answer('done');
    expect(heard.answers).toEqual(['done']);
    expectOver(heard);
  });

  it('is renewed once for a mutation', async () => {
    session.present = true;
    const { heard } = call();
    network.at(0).fail(expired);
    await session.settle(true);
    network.at(1).fail(expired);
    expect(heard.errors).toEqual([expired]);
    expect(session.renewals).toHaveLength(1);
    expectOver(heard);
  });

  it('fails the mutation when there is none, or none that can be renewed', async () => {
    const anonymous = call();
    network.at(0).fail(expired);
    expect(anonymous.heard.errors).toEqual([expired]);
    expect(session.renewals).toHaveLength(0);
    session.present = true;
    const { heard } = call();
    network.at(1).fail(expired);
    await session.settle(false);
    expect(heard.errors).toEqual([expired]);
    expectOver(heard);
  });

  it('that takes too long is not waited for: the deadline stands, and nothing is sent after it', async () => {
    session.present = true;
    const { heard } = call();
    network.at(0).fail(expired);
    timers.advance(10_000);
    expect(unanswered(heard)).toMatchObject({ why: 'deadline', outcome: 'never_sent' });
    await session.settle(true);
    expect(network.attempts).toHaveLength(1);
    expectOver(heard);
  });

  it('does not hold up the end of the connection', () => {
    session.present = true;
    call();
    network.at(0).fail(expired);
    status.end(4500, 'banned');
    expect(network.attempts).toHaveLength(2);
  });

  it('is nobody’s business once the caller has left', async () => {
    session.present = true;
    const { unsubscribe } = call();
    network.at(0).fail(expired);
    unsubscribe();
    await session.settle(true);
    expect(network.attempts).toHaveLength(1);
  });
});

describe('the deadline', () => {
  it('is ten seconds, or the call’s own', () => {
    const usual = call();
    const own = call({ context: { deadlineMs: 3_000 } });
    timers.advance(2_999);
    expect(own.heard.errors).toHaveLength(0);
    timers.advance(1);
    expect(own.heard.errors[0]?.message).toContain('buy had no answer within 3000 ms');
    timers.advance(6_999);
    expect(usual.heard.errors).toHaveLength(0);
    timers.advance(1);
    expect(usual.heard.errors[0]?.message).toContain('buy had no answer within 10000 ms');
  });

  it('is of the whole call, not of an attempt', () => {
    const { heard } = call({ context: { deadlineMs: 250 } });
    network.at(0).lose();
    timers.advance(100);
    network.at(1).lose();
    // The third attempt would come at 300.
    timers.advance(1_000);
    expect(network.attempts).toHaveLength(2);
    expect(unanswered(heard)).toMatchObject({ why: 'deadline', outcome: 'unknown' });
    expectOver(heard);
  });

  it('takes what was not sent out of the queue, before the caller hears of it', () => {
    status.closed();
    const { heard } = call();
    const droppedWhenHeard: boolean[] = [];
    heard.errors.push = (): number => droppedWhenHeard.push(network.at(0).dropped);
    timers.advance(10_000);
    expect(droppedWhenHeard).toEqual([true]);
  });

  it('says that it was never sent only when there was no connection all along', () => {
    status.closed();
    const { heard } = call();
    timers.advance(10_000);
    expect(unanswered(heard)).toMatchObject({ why: 'deadline', outcome: 'never_sent' });
    expectOver(heard);

    // Open for a moment.
    const brief = call();
    status.opened();
    status.closed();
    timers.advance(10_000);
    expect(unanswered(brief.heard)).toMatchObject({ why: 'deadline', outcome: 'unknown' });

    // Sent at the first attempt, queued at the second.
    status.opened();
    const queued = call();
    status.closed();
    network.at(-1).lose();
    timers.advance(10_000);
    expect(unanswered(queued.heard)).toMatchObject({ why: 'deadline', outcome: 'unknown' });
  });

  it('carries the server’s last word', () => {
    const { heard } = call();
    network.at(0).fail(unavailable);
    timers.advance(100);
    timers.advance(10_000);
    expect(unanswered(heard)).toMatchObject({ why: 'deadline', outcome: 'unknown', cause: unavailable });
    expect(heard.errors[0]?.data?.code).toBe('SERVICE_UNAVAILABLE');
  });

  it('that is none fails the call, and sends nothing', () => {
    expect(() => call({ context: { deadlineMs: 'soon' } })).toThrow('deadlineMs must be a number');
    expect(network.attempts).toHaveLength(0);
    expect(timers.waiting).toBe(0);
  });
});

describe('the end of the connection', () => {
  const ended = (): CallError => TRPCClientError.from(new ConnectionEndedError(4500, 'banned'));

  it('leaves a mutation that was sent unknown, one that was not never sent', () => {
    const { heard: sent } = call();
    network.at(0).fail(ended());
    expect(unanswered(sent)).toMatchObject({ why: 'connection_ended', outcome: 'unknown' });
    expect(causeOf(sent.errors[0], ConnectionEndedError)).toMatchObject({ code: 4500 });
    expectOver(sent);

    status.closed();
    const { heard: queued } = call();
    network.at(1).fail(ended());
    expect(unanswered(queued)).toMatchObject({ why: 'connection_ended', outcome: 'never_sent' });
  });

  it('is not slept through', () => {
    const { heard } = call();
    network.at(0).lose();
    status.end(4500, 'banned');
    expect(network.attempts).toHaveLength(2);
    network.at(1).fail(ended());
    expect(unanswered(heard)).toMatchObject({ why: 'connection_ended', outcome: 'unknown' });
    expectOver(heard);
  });
});

describe('a caller who gives up', () => {
  it('by its signal, while it is asked or between two attempts, ends it without a word', () => {
    for (const pausing of [false, true]) {
      const abort = new AbortController();
      const { heard } = call({ signal: abort.signal });
      if (pausing) network.at(-1).lose();
      abort.abort();
      expect(heard).toEqual({ answers: [], errors: [], completed: true });
      expect(network.at(-1).dropped).toBe(true);
      expect(timers.waiting).toBe(0);
    }
    expect(network.attempts).toHaveLength(2);
  });

  it('by leaving, too', () => {
    const { heard, unsubscribe } = call();
    unsubscribe();
    expect(network.at(0).dropped).toBe(true);
    expect(timers.waiting).toBe(0);
    expect(heard).toEqual({ answers: [], errors: [], completed: false });
  });

  it('before it was sent leaves that to the stock client', () => {
    call({ signal: AbortSignal.abort() });
    expect(network.attempts).toHaveLength(1);
    expect(timers.waiting).toBe(0);
  });
});

describe('queries and subscriptions', () => {
  it('are none of its business', () => {
    for (const type of ['query', 'subscription'] as const) {
      const { heard } = call({ type });
      expect(timers.waiting).toBe(0);
      network.at(-1).lose();
      expect(heard.errors).toHaveLength(1);
      expect(unanswered(heard)).toBeUndefined();
    }
    expect(network.attempts).toHaveLength(2);
  });
});
