import type { Operation, OperationResultObserver } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import type { CallError } from '../../shared/client/failure.ts';
import { sessionLink } from '../../shared/client/session-link.ts';
import { answer } from './answers.ts';

const ONE = { agentId: '1' };
type Observer = OperationResultObserver<AppRouter, unknown>;
type Envelope = Parameters<Observer['next']>[0];

interface Attempt {
  readonly input: unknown;
  readonly observer: Observer;
  left: boolean;
}

let attempts: Attempt[];
let signedIn: boolean;
let renewals: ((again: boolean) => void)[];
let doubts: number;

beforeEach(() => {
  attempts = [];
  signedIn = true;
  renewals = [];
  doubts = 0;
});

function ask(type: Operation['type'], input: unknown) {
  const heard = { items: [] as unknown[], errors: [] as CallError[], completed: false };
  const link = sessionLink({
    signedIn: () => signedIn,
    renewed: () => new Promise((resolve) => renewals.push(resolve)),
    doubted: () => {
      doubts += 1;
    },
  });
  const op: Operation = { id: 1, type, path: 'onAccount', input, context: {}, signal: null };
  const { unsubscribe } = link({})({
    op,
    next: (sent) =>
      observable<Envelope, CallError>((observer) => {
        const attempt: Attempt = { input: sent.input, observer, left: false };
        attempts.push(attempt);
        return () => {
          attempt.left = true;
        };
      }),
  }).subscribe({
    next: ({ result }) => heard.items.push('data' in result ? result.data : result.type),
    error: (error) => heard.errors.push(error),
    complete: () => {
      heard.completed = true;
    },
  });
  return { heard, unsubscribe };
}

/** @throws when there is no such attempt */
function at(index: number): Observer {
  const attempt = attempts[index];
  if (attempt === undefined) throw new Error(`no attempt ${index} of ${attempts.length}`);
  return attempt.observer;
}

async function renew(again: boolean): Promise<void> {
  renewals.at(-1)?.(again);
  await Promise.resolve();
}

const item = (id: string): Envelope => ({ result: { type: 'data', id, data: id } });
const problem = (session: 'none' | 'expired' | 'revoked' | 'invalid' | 'replaced'): CallError =>
  answer('UNAUTHORIZED', 401, { session });

describe('a call on a connection whose session has expired, or that has not heard of it', () => {
  it.each(['expired', 'none'] as const)('(%s) is asked again when that is renewed, once', async (why) => {
    const { heard } = ask('query', ONE);
    at(0).error(problem(why));
    await renew(true);
    at(1).next({ result: { type: 'data', data: 'fine' } });
    at(1).complete();
    expect(heard).toEqual({ items: ['fine'], errors: [], completed: true });

    const again = ask('query', ONE);
    at(2).error(problem(why));
    await renew(true);
    at(3).error(problem(why));
    expect(again.heard.errors).toHaveLength(1);
    expect(renewals).toHaveLength(2);
  });

  it('fails when there is no session, or none that can be renewed', async () => {
    const { heard } = ask('query', ONE);
    at(0).error(problem('expired'));
    expect(heard.errors).toHaveLength(0);
    await renew(false);
    expect(heard.errors[0]?.data?.session).toBe('expired');
    signedIn = false;
    const anonymous = ask('query', ONE);
    at(1).error(problem('none'));
    expect(anonymous.heard.errors).toHaveLength(1);
    expect(renewals).toHaveLength(1);
  });

  it('is left alone when it is a mutation, which may be sent again only by who knows it', () => {
    const { heard } = ask('mutation', ONE);
    at(0).error(problem('expired'));
    expect(heard.errors).toHaveLength(1);
    expect(renewals).toHaveLength(0);
  });

  it('is not asked again for who has left', async () => {
    const { unsubscribe } = ask('subscription', ONE);
    at(0).error(problem('expired'));
    unsubscribe();
    await renew(true);
    expect(attempts).toHaveLength(1);
  });
});

describe('a subscription', () => {
  it('goes on behind its last item, as often as it had one', async () => {
    const { heard, unsubscribe } = ask('subscription', ONE);
    for (const [round, id] of ['aa-1', 'aa-2', 'aa-3'].entries()) {
      at(round).next({ result: { type: 'started' } });
      at(round).next(item(id));
      at(round).error(problem('expired'));
      await renew(true);
      expect(attempts[round + 1]?.input).toEqual({ agentId: '1', lastEventId: id });
    }
    expect(heard.items).toEqual(['started', 'aa-1', 'started', 'aa-2', 'started', 'aa-3']);
    // Without an item in between it is not asked again.
    at(3).error(problem('expired'));
    expect(heard.errors).toHaveLength(1);
    unsubscribe();
  });

  it('without an input has one then', async () => {
    ask('subscription', undefined);
    at(0).next(item('aa-7'));
    at(0).error(problem('expired'));
    await renew(true);
    expect(attempts[1]?.input).toEqual({ lastEventId: 'aa-7' });
  });

  it('is left with its owner', () => {
    const { unsubscribe } = ask('subscription', ONE);
    unsubscribe();
    expect(attempts[0]?.left).toBe(true);
  });
});

describe('any other problem with the session', () => {
  it.each(['revoked', 'invalid', 'replaced'] as const)(
    '(%s) fails the call, and the session is told',
    (why) => {
      for (const type of ['query', 'mutation', 'subscription'] as const) {
        const { heard } = ask(type, ONE);
        at(attempts.length - 1).error(problem(why));
        expect(heard.errors).toHaveLength(1);
      }
      expect(doubts).toBe(3);
      expect(renewals).toHaveLength(0);
    },
  );

  it('is none of another error', () => {
    const { heard } = ask('query', ONE);
    at(0).error(answer('NOT_FOUND', 404));
    expect(heard.errors).toHaveLength(1);
    expect(doubts).toBe(0);
  });
});
