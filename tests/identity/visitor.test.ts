import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ClientInfo, Visitor } from '../../server/identity/principal.ts';
import { SessionError, type SignedSession } from '../../server/identity/session.ts';
import type { SessionUser } from '../../server/identity/sessions.ts';
import { wallet } from '../support/wallets.ts';

const MINUTE = 60_000;
const client: ClientInfo = { address: '192.0.2.1', origin: undefined, device: 'a test', id: 'test' };

/** Takes down who uses which session. */
class Users {
  readonly #users = new Map<string, Set<SessionUser>>();
  readonly ended = new Set<string>();

  use(id: string, user: SessionUser): boolean {
    if (this.ended.has(id)) return false;
    this.#users.set(id, (this.#users.get(id) ?? new Set()).add(user));
    return true;
  }
  leave(id: string, user: SessionUser): void {
    this.#users.get(id)?.delete(user);
  }
  of(id: string): number {
    return this.#users.get(id)?.size ?? 0;
  }
  end(id: string): void {
    this.ended.add(id);
    const users = [...(this.#users.get(id) ?? [])];
    this.#users.delete(id);
    for (const user of users) user.revoked();
  }
}

let users: Users;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.UTC(2026, 0, 1) });
  users = new Users();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const session = (id: string, lastsMs: number, name = 'ann'): SignedSession => ({
  id,
  wallet: wallet(name),
  expiresAt: Date.now() + lastsMs,
  operator: false,
});
const visit = (start: ConstructorParameters<typeof Visitor>[1]): Visitor =>
  new Visitor(client, start, users, Date.now);
/** Why a signal has aborted; `undefined` while it has not. */
const endOf = (signal: AbortSignal): unknown => {
  const { reason }: { readonly reason: unknown } = signal;
  return reason instanceof SessionError ? reason.problem : reason;
};

describe('a visitor', () => {
  it.each(['none', 'invalid', 'expired', 'revoked'] as const)('without a session: %s', (problem) => {
    const visitor = visit(problem);
    expect([visitor.session, visitor.problem]).toEqual([null, problem]);
    expect(endOf(visitor.ended)).toBe(problem);
    visitor.leave();
  });

  it('has a session until the millisecond in which it expires', () => {
    const visitor = visit(session('a', MINUTE));
    vi.setSystemTime(Date.now() + MINUTE - 1);
    expect([visitor.session?.id, visitor.problem]).toEqual(['a', 'none']);
    expect(users.of('a')).toBe(1);
    vi.setSystemTime(Date.now() + 1);
    expect([visitor.session, visitor.problem]).toEqual([null, 'expired']);
    expect(users.of('a')).toBe(0);
  });

  it('is told at that moment, with nobody asking', () => {
    const { ended } = visit(session('a', MINUTE));
    vi.advanceTimersByTime(MINUTE - 1);
    expect(ended.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(endOf(ended)).toBe('expired');
    expect(users.of('a')).toBe(0);
  });

  it('is told when the clock says so, not when the timer does', () => {
    const visitor = visit(session('a', MINUTE));
    const { ended } = visitor;
    // The clock was set back meanwhile.
    vi.setSystemTime(Date.now() - 10 * MINUTE);
    vi.advanceTimersByTime(MINUTE);
    expect(ended.aborted).toBe(false);
    vi.advanceTimersByTime(10 * MINUTE - 1);
    expect(ended.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(endOf(ended)).toBe('expired');
  });

  it('can have a session that is longer than any timer', () => {
    const { ended } = visit(session('a', 40 * 86_400_000));
    vi.advanceTimersByTime(40 * 86_400_000 - 1);
    expect(ended.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(endOf(ended)).toBe('expired');
  });

  it('has no timer unless somebody asks for the end', () => {
    const visitor = visit(session('a', MINUTE));
    expect(vi.getTimerCount()).toBe(0);
    const { ended } = visitor;
    expect(visitor.ended).toBe(ended);
    expect(vi.getTimerCount()).toBe(1);
    visitor.leave();
  });
});

describe('a visitor that renews', () => {
  it('keeps what it has opened, over and over', () => {
    const visitor = visit(session('a', MINUTE));
    const { ended } = visitor;
    for (let times = 0; times < 5; times += 1) {
      vi.advanceTimersByTime(MINUTE - 1);
      expect(visitor.take(session('a', MINUTE))).toBe(true);
      expect(users.of('a')).toBe(1);
    }
    expect(visitor.ended).toBe(ended);
    vi.advanceTimersByTime(MINUTE - 1);
    expect(ended.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(endOf(ended)).toBe('expired');
  });

  it('can do so with another session of the wallet, and is of that one from then on', () => {
    const visitor = visit(session('a', MINUTE));
    const revoked = vi.fn();
    visitor.onRevoked(revoked);
    const { ended } = visitor;
    visitor.take(session('b', 2 * MINUTE));
    expect([users.of('a'), users.of('b')]).toEqual([0, 1]);
    users.end('a');
    vi.advanceTimersByTime(MINUTE);
    expect([ended.aborted, visitor.session?.id]).toEqual([false, 'b']);
    expect(revoked).not.toHaveBeenCalled();
    users.end('b');
    expect(endOf(ended)).toBe('revoked');
    expect(revoked).toHaveBeenCalledTimes(1);
  });

  it('with a session that ends sooner is told sooner', () => {
    const visitor = visit(session('a', 10 * MINUTE));
    const { ended } = visitor;
    visitor.take(session('b', MINUTE));
    vi.advanceTimersByTime(MINUTE - 1);
    expect(ended.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(endOf(ended)).toBe('expired');
  });

  it('for another wallet ends what was opened for the first', () => {
    const visitor = visit(session('a', MINUTE));
    const anns = visitor.ended;
    visitor.take(session('b', 2 * MINUTE, 'bob'));
    expect(endOf(anns)).toBe('replaced');
    expect(visitor.session).toMatchObject({ id: 'b', wallet: wallet('bob') });
    expect(users.of('a')).toBe(0);
    const bobs = visitor.ended;
    vi.advanceTimersByTime(2 * MINUTE - 1);
    expect(bobs.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(endOf(bobs)).toBe('expired');
  });

  it('after its end has a new one: what has ended stays so', () => {
    const visitor = visit(session('a', MINUTE));
    const first = visitor.ended;
    vi.advanceTimersByTime(MINUTE);
    expect(visitor.take(session('b', MINUTE))).toBe(true);
    const second = visitor.ended;
    expect([endOf(first), second.aborted]).toEqual(['expired', false]);
    visitor.leave();
  });

  it('with a session that has been revoked meanwhile stays what it was', () => {
    const visitor = visit(session('a', MINUTE));
    const { ended } = visitor;
    users.ended.add('b');
    expect(visitor.take(session('b', MINUTE, 'bob'))).toBe(false);
    expect([visitor.session?.id, visitor.problem]).toEqual(['a', 'none']);
    expect([users.of('a'), users.of('b')]).toEqual([1, 0]);
    vi.advanceTimersByTime(MINUTE - 1);
    expect(ended.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(endOf(ended)).toBe('expired');
  });

  it('from one session to another and back is told of the end of the one that it has', () => {
    const visitor = visit(session('a', MINUTE));
    visitor.take(session('b', MINUTE));
    visitor.take(session('a', MINUTE));
    expect([users.of('a'), users.of('b')]).toEqual([1, 0]);
    users.end('b');
    expect(visitor.session?.id).toBe('a');
    users.end('a');
    expect(visitor.problem).toBe('revoked');
  });

  it('comes with a session that was revoked on the way', () => {
    users.ended.add('a');
    const visitor = visit(session('a', MINUTE));
    expect([visitor.session, visitor.problem]).toEqual([null, 'revoked']);
  });
});

describe('a visitor that is revoked', () => {
  it('is told at once, and once', () => {
    const visitor = visit(session('a', MINUTE));
    const listener = vi.fn();
    visitor.onRevoked(listener);
    const { ended } = visitor;
    users.end('a');
    expect(listener).toHaveBeenCalledTimes(1);
    expect([visitor.session, visitor.problem, endOf(ended)]).toEqual([null, 'revoked', 'revoked']);
  });
});

describe('a visitor that has left', () => {
  it('is forgotten by its session, and leaves no timer', () => {
    const visitor = visit(session('a', MINUTE));
    const listener = vi.fn();
    visitor.onRevoked(listener);
    const { ended } = visitor;
    visitor.leave();
    expect([users.of('a'), vi.getTimerCount()]).toEqual([0, 0]);
    users.end('a');
    expect(listener).not.toHaveBeenCalled();
    expect(ended.aborted).toBe(false);
  });

  it('does not come back with a renewal that was on its way', () => {
    const visitor = visit(session('a', MINUTE));
    visitor.leave();
    expect(visitor.take(session('b', MINUTE))).toBe(false);
    expect([users.of('a'), users.of('b')]).toEqual([0, 0]);
    expect(visitor.ended.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
