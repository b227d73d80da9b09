import { describe, expect, it } from 'vitest';
import { INITIAL_CURVE } from '../../shared/curve.ts';
import { sol } from '../../shared/units.ts';
import { actionOf, impactOf, type Situation } from '../../web/trade/action.ts';
import { weigh } from '../../web/trade/quote.ts';

const weighed = weigh(
  { kind: 'buy_sol', sol: sol('1') },
  { curve: INITIAL_CURVE, slippageBps: 100, funds: null },
);
const refused = { kind: 'refused', problem: { reason: 'too_small' }, quote: null } as const;
const ready: Situation = {
  symbol: 'AGNT',
  side: 'buy',
  connection: 'live',
  session: 'signed_in',
  hasFunds: true,
  weighed,
  impact: 'usual',
  agreed: false,
  busy: false,
};
const actionFor = (given: Partial<Situation>) => actionOf({ ...ready, ...given });

describe('the button', () => {
  it('places the order when all is ready', () => {
    expect(actionFor({})).toEqual({ kind: 'place', label: 'Buy AGNT', quote: weighed.quote });
    expect(actionFor({ side: 'sell' })).toMatchObject({ kind: 'place', label: 'Sell AGNT' });
    expect(actionFor({ impact: 'large' })).toMatchObject({ kind: 'place' });
  });

  it('does not pretend without a connection, whoever is signed in', () => {
    const states = ['connecting', 'stale', 'reconnecting', 'ended'] as const;
    for (const session of ['signed_in', 'signed_out'] as const) {
      const actions = states.map((connection) => actionFor({ connection, session }));
      expect(actions).toEqual([
        { kind: 'wait', label: 'Connecting' },
        { kind: 'wait', label: 'No answer from the server' },
        { kind: 'wait', label: 'Reconnecting' },
        { kind: 'wait', label: 'Not connected' },
      ]);
    }
  });

  it('signs in whoever is not, with or without an amount', () => {
    const signIn = { kind: 'sign_in', label: 'Sign in to trade' };
    expect(actionFor({ session: 'signed_out' })).toEqual(signIn);
    expect(actionFor({ session: 'signed_out', weighed: null })).toEqual(signIn);
    expect(actionFor({ session: 'signing_in' })).toEqual({ kind: 'wait', label: 'Signing in' });
  });

  it('waits for what is missing', () => {
    expect(actionFor({ weighed: null })).toEqual({ kind: 'wait', label: 'Enter an amount' });
    expect(actionFor({ weighed: refused })).toEqual({ kind: 'wait', label: 'Buy AGNT' });
    expect(actionFor({ hasFunds: false })).toEqual({ kind: 'wait', label: 'Buy AGNT' });
    expect(actionFor({ busy: true })).toEqual({ kind: 'wait', label: 'Buying AGNT' });
    expect(actionFor({ busy: true, side: 'sell' })).toEqual({ kind: 'wait', label: 'Selling AGNT' });
  });

  it('waits for a very large impact to be agreed to', () => {
    expect(actionFor({ impact: 'needs_consent' })).toMatchObject({ kind: 'wait' });
    expect(actionFor({ impact: 'needs_consent', agreed: true })).toMatchObject({ kind: 'place' });
  });
});

describe('an impact', () => {
  it('is warned of from the limit on, and has to be agreed to at three times that', () => {
    expect([499, 500, 1_499, 1_500].map((bps) => impactOf(bps, 500))).toEqual([
      'usual',
      'large',
      'large',
      'needs_consent',
    ]);
  });
});
