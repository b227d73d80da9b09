import { getEventListeners } from 'node:events';
import { TRPCError } from '@trpc/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorDetails } from '../../server/api/errors.ts';
import { withSession } from '../../server/api/private-streams.ts';
import { createCaller } from '../../server/api/router.ts';
import { type Principal, trusted } from '../../server/identity/principal.ts';
import { SessionError } from '../../server/identity/session.ts';
import { openMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

const nobody = trusted(null);

/** A stream's signal, made of that of its call and that of the session. */
function joined() {
  const [call, session] = [new AbortController(), new AbortController()];
  const open = () => withSession(call.signal, { ...nobody, ended: session.signal });
  const listeners = (): number[] =>
    [call, session].map(({ signal }) => getEventListeners(signal, 'abort').length);
  return { call, session, open, listeners };
}

const reasonOf = (signal: AbortSignal | undefined): unknown => {
  const { reason }: { readonly reason?: unknown } = signal ?? {};
  if (!(reason instanceof TRPCError)) return reason;
  return [reason.code, errorDetails(reason).session];
};

it('code of the server acts for whom it says, without an end and without limits', () => {
  const acting = { wallet: wallet('ann'), operator: true };
  expect(trusted(acting)).toEqual({ session: acting, problem: 'none', ended: undefined, client: undefined });
});

describe('the signal of a private stream', () => {
  it('is that of the call for code of the server, whose session does not end', () => {
    const { signal } = new AbortController();
    expect(withSession(signal, trusted({ wallet: wallet('ann') }))).toBe(signal);
    expect(withSession(undefined, nobody)).toBeUndefined();
  });

  it.each(['expired', 'revoked', 'replaced'] as const)(
    'aborts when the session is %s, and says so',
    (problem) => {
      const { session, open } = joined();
      const signal = open();
      expect(signal?.aborted).toBe(false);
      session.abort(new SessionError(problem));
      expect(reasonOf(signal)).toEqual(['UNAUTHORIZED', problem]);
    },
  );

  it('aborts with the call, for its reason, and holds nothing on the session then', () => {
    const { call, session, open, listeners } = joined();
    const signal = open();
    expect(listeners()).toEqual([1, 1]);
    call.abort('left');
    expect(reasonOf(signal)).toBe('left');
    expect(listeners()).toEqual([0, 0]);
    // The session goes on, and ends later.
    session.abort(new SessionError('expired'));
    expect(reasonOf(signal)).toBe('left');
  });

  it('has aborted when the session has ended before', () => {
    const { session, open, listeners } = joined();
    session.abort(new SessionError('revoked'));
    expect(reasonOf(open())).toEqual(['UNAUTHORIZED', 'revoked']);
    expect(listeners()).toEqual([0, 0]);
  });

  it('has aborted when the call has been left before', () => {
    const { call, open, listeners } = joined();
    call.abort('left');
    expect(reasonOf(open())).toBe('left');
    expect(listeners()).toEqual([0, 0]);
  });

  it('needs no call', () => {
    const session = new AbortController();
    const signal = withSession(undefined, { ...nobody, ended: session.signal });
    session.abort(new SessionError('expired'));
    expect(reasonOf(signal)).toEqual(['UNAUTHORIZED', 'expired']);
  });
});

it('an account is not opened for a wallet that the connection no longer speaks for', async () => {
  const market = await openMarket();
  onTestFinished(() => market.app.close());
  const [ann, bob] = [wallet('ann'), wallet('bob')];
  // As when the connection is renewed while the call is under way.
  const looks = [ann, bob];
  const changing: Principal = {
    ...nobody,
    get session() {
      return { wallet: looks.shift() ?? bob };
    },
  };
  const opening = createCaller(market.app.context(changing)).onAccount({});
  const error: unknown = await opening.catch((reason: unknown) => reason);
  expect(error instanceof TRPCError && [error.code, errorDetails(error).session]).toEqual([
    'UNAUTHORIZED',
    'replaced',
  ]);
});
