import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import {
  CLOSED_BY_CLIENT,
  ConnectionEndedError,
  causeOf,
  UnansweredError,
} from '../../shared/client/errors.ts';
import {
  type CallError,
  deadlineOf,
  failureOf,
  isRepeatable,
  nothingDone,
  problemOf,
  stepAfter,
} from '../../shared/client/failure.ts';
import { answer } from './answers.ts';

const unavailable = answer('SERVICE_UNAVAILABLE', 503, { retry: 'same_order' });
const unauthorized = answer('UNAUTHORIZED', 401);
const rejection = answer('PRECONDITION_FAILED', 412, { rejection: { reason: 'amount_too_small' } });
const lost: CallError = TRPCClientError.from({ type: 'close', code: 1006 });
const ended: CallError = TRPCClientError.from(new ConnectionEndedError(4500, 'banned'));

const order = { repeatable: true, uncertain: false, renewable: false, leftMs: 10_000 };
const plain = { ...order, repeatable: false };
const limited = answer('TOO_MANY_REQUESTS', 429, { retryAfter: 1.5 });
const expired = answer('UNAUTHORIZED', 401, { session: 'expired' });

describe('a failed attempt at a mutation', () => {
  it.each([
    ['lost', lost],
    ['ended', ended],
    ['unavailable', unavailable],
    ['refused', unauthorized],
    ['refused', rejection],
    ['refused', answer('INTERNAL_SERVER_ERROR', 500)],
    ['refused', answer('SERVICE_UNAVAILABLE', 503)],
    ['limited', limited],
    ['refused', answer('TOO_MANY_REQUESTS', 429)],
    ['refused', answer('SERVICE_UNAVAILABLE', 503, { retryAfter: 1 })],
    ['expired', expired],
    ['refused', answer('UNAUTHORIZED', 401, { session: 'revoked' })],
    ['refused', answer('UNAUTHORIZED', 401, { session: 'none' })],
    // No 4xx is asked again, whatever else it says.
    ['refused', answer('TOO_MANY_REQUESTS', 429, { retry: 'same_order' })],
  ])('is %s', (failure, error) => {
    expect(failureOf(error)).toBe(failure);
  });

  it('is made again when it carries an order id and there was no answer, or none that decides', () => {
    expect(stepAfter(lost, order)).toEqual({ kind: 'again', afterMs: 0 });
    expect(stepAfter(unavailable, order)).toEqual({ kind: 'again', afterMs: 0 });
    expect(stepAfter(lost, plain)).toEqual({ kind: 'unanswered', why: 'no_answer' });
    expect(stepAfter(unavailable, plain)).toEqual({ kind: 'fail' });
  });

  it('is not made again after an answer', () => {
    for (const soFar of [order, plain]) {
      expect(stepAfter(unauthorized, soFar)).toEqual({ kind: 'fail' });
      expect(stepAfter(rejection, soFar)).toEqual({ kind: 'fail' });
    }
  });

  it('is made again after the time that the server names, order id or not, unless that is too late', () => {
    for (const soFar of [order, plain]) {
      expect(stepAfter(limited, soFar)).toEqual({ kind: 'again', afterMs: 1_500 });
      expect(stepAfter(limited, { ...soFar, leftMs: 1_501 })).toEqual({ kind: 'again', afterMs: 1_500 });
      expect(stepAfter(limited, { ...soFar, leftMs: 1_500 })).toEqual({ kind: 'fail' });
    }
    const uncertain = { ...order, uncertain: true, leftMs: 1_000 };
    expect(stepAfter(limited, uncertain)).toEqual({ kind: 'unanswered', why: 'refused_later' });
  });

  it('is made again with a session that is renewed, order id or not', () => {
    for (const soFar of [order, plain]) {
      expect(stepAfter(expired, { ...soFar, renewable: true })).toEqual({ kind: 'renew' });
      expect(stepAfter(expired, soFar)).toEqual({ kind: 'fail' });
      expect(stepAfter(unauthorized, { ...soFar, renewable: true })).toEqual({ kind: 'fail' });
    }
    const uncertain = { ...order, uncertain: true };
    expect(stepAfter(expired, uncertain)).toEqual({ kind: 'unanswered', why: 'refused_later' });
  });

  it.each([
    ['refused', true],
    ['limited', true],
    ['expired', true],
    ['unavailable', false],
    ['ended', false],
    ['lost', false],
  ] as const)('that is %s: nothing was done is %s', (failure, done) => {
    expect(nothingDone(failure)).toBe(done);
  });

  it('is no answer for an attempt before it, unless the market speaks', () => {
    const uncertain = { ...order, uncertain: true };
    expect(stepAfter(unauthorized, uncertain)).toEqual({ kind: 'unanswered', why: 'refused_later' });
    expect(stepAfter(rejection, uncertain)).toEqual({ kind: 'fail' });
  });

  it('is not made again after the connection has ended for good', () => {
    expect(stepAfter(ended, order)).toEqual({ kind: 'unanswered', why: 'connection_ended' });
  });
});

describe('the problem of a session', () => {
  it('is what the server says, if it is one that is known', () => {
    expect(problemOf(expired)).toBe('expired');
    expect(problemOf(unauthorized)).toBeUndefined();
    expect(problemOf(lost)).toBeUndefined();
    for (const session of ['toString', 7, null]) {
      const unknown = new TRPCClientError('', { result: { error: { data: { session } } } });
      expect(problemOf(unknown)).toBeUndefined();
    }
    expect(
      problemOf(Object.assign(new Error('no error of ours'), { data: { session: 'expired' } })),
    ).toBeUndefined();
  });
});

describe('an order id', () => {
  it('is a text in an object', () => {
    expect(isRepeatable({ clientOrderId: 'a', sol: 1n })).toBe(true);
    for (const input of [undefined, null, 'clientOrderId', {}, { clientOrderId: 7 }, { order: 'a' }]) {
      expect(isRepeatable(input)).toBe(false);
    }
  });
});

describe('a deadline', () => {
  it('is the call’s own, or the usual one', () => {
    expect(deadlineOf({ deadlineMs: 3_000 }, 10_000)).toBe(3_000);
    expect(deadlineOf({ deadlineMs: 0 }, 10_000)).toBe(0);
    expect(deadlineOf({ deadlineMs: Infinity }, 10_000)).toBe(Infinity);
    expect(deadlineOf({ other: 1 }, 10_000)).toBe(10_000);
  });

  it('is a number of milliseconds', () => {
    for (const deadlineMs of [-1, Number.NaN, '3000', null]) {
      expect(() => deadlineOf({ deadlineMs }, 10_000)).toThrow(TypeError);
    }
  });
});

describe('errors', () => {
  it('say what became of the mutation', () => {
    const details = { path: 'buy', deadlineMs: 3_000 };
    const text = (...[given, cause]: ConstructorParameters<typeof UnansweredError>) =>
      new UnansweredError(given, cause).message;
    expect(text({ ...details, why: 'deadline', outcome: 'never_sent', repeatable: true }, undefined)).toBe(
      'buy had no answer within 3000 ms. It was never sent.',
    );
    expect(text({ ...details, why: 'deadline', outcome: 'unknown', repeatable: true }, lost)).toBe(
      'buy had no answer within 3000 ms. It may have been carried out: the same clientOrderId again tells.',
    );
    expect(text({ ...details, why: 'no_answer', outcome: 'unknown', repeatable: false }, lost)).toBe(
      'buy: the connection was lost before the answer came. It may have been carried out.',
    );
    expect(
      text({ ...details, why: 'connection_ended', outcome: 'never_sent', repeatable: true }, ended),
    ).toBe(
      'buy had no answer. The server has ended the connection for good (4500, banned). It was never sent.',
    );
    expect(new ConnectionEndedError(4500, '').message).toBe(
      'The server has ended the connection for good (4500).',
    );
    expect(new ConnectionEndedError(CLOSED_BY_CLIENT, 'closed').message).toBe('This client is closed.');
  });

  it('are found among the causes', () => {
    const inner = new ConnectionEndedError(4500, 'banned');
    const outer = new Error('a', { cause: new Error('b', { cause: inner }) });
    expect(causeOf(outer, ConnectionEndedError)).toBe(inner);
    expect(causeOf(outer, UnansweredError)).toBeUndefined();
    expect(causeOf('text', ConnectionEndedError)).toBeUndefined();
  });
});
