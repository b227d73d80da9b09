// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { useAccount } from '../../web/live/hooks.ts';
import { FakeMarket, withFakeTime } from './fixture.tsx';

describe("the wallet's own view", () => {
  withFakeTime();
  let market: FakeMarket;
  beforeEach(() => {
    market = new FakeMarket();
  });
  const show = () => renderHook(() => useAccount(), { wrapper: market.Provider }).result;

  it('is not asked for while nobody is signed in', () => {
    const account = show();
    expect(market.account.opened).toHaveLength(0);
    expect(account.current).toMatchObject({ view: null, status: { kind: 'waiting' } });
    account.current.retry();
    market.session.is({ kind: 'signing_in', wallet: 'ann' });
    expect(market.account.opened).toHaveLength(0);
  });

  it('is opened for whoever signs in, and anew after a later sign-in, of the same wallet too', () => {
    show();
    market.session.isOf('ann', 'first');
    expect(market.account.opened).toHaveLength(1);
    // A refresh changes the session's times, and nothing else.
    market.session.isOf('ann', 'first');
    expect(market.account.opened).toHaveLength(1);
    market.account.at(0).fail({ message: 'over', kind: 'shut_out' });
    market.session.is({ kind: 'signed_out', why: 'left' });
    market.session.isOf('ann', 'second');
    expect(market.account.opened).toHaveLength(2);
    expect(market.account.at(1).lastEventId).toBeUndefined();
  });
});
