import type { SessionState } from '../../shared/client/index.ts';
import type { Side } from '../../shared/curve.ts';
import type { ConnectionState } from '../live/connection.ts';
import { OFFLINE } from '../orders/offline.ts';
import type { Quote, Weighed } from './quote.ts';

/** What the one large button does when it is pressed now, and says before. */
export type Action =
  | { readonly kind: 'place'; readonly label: string; readonly quote: Quote }
  | { readonly kind: 'sign_in'; readonly label: string }
  /** Nothing: the label says why, or what is beside it does. */
  | { readonly kind: 'wait'; readonly label: string };

/** A large price impact has to be agreed to from so many times the warning on. */
const CONSENT_FACTOR = 3;

export interface Situation {
  readonly symbol: string;
  readonly side: Side;
  readonly connection: ConnectionState;
  readonly session: SessionState['kind'];
  /** Whether it is known what the trader has. */
  readonly hasFunds: boolean;
  /** `null` while no amount is filled in. */
  readonly weighed: Weighed | null;
  readonly impact: Impact;
  /** The trader has agreed to the impact of this very draft. */
  readonly agreed: boolean;
  /** This very draft has been placed and has no answer yet. */
  readonly busy: boolean;
}

/** How much is to be said of a price impact. */
export type Impact = 'usual' | 'large' | 'needs_consent';

export function impactOf(impactBps: number, warningBps: number): Impact {
  if (impactBps < warningBps) return 'usual';
  return impactBps < warningBps * CONSENT_FACTOR ? 'large' : 'needs_consent';
}

/** What pressing does: it never pretends that an order could be placed when none can. */
export function actionOf(now: Situation): Action {
  const { symbol, side, connection, weighed } = now;
  const name = `${side === 'buy' ? 'Buy' : 'Sell'} ${symbol}`;
  const wait = (label: string): Action => ({ kind: 'wait', label });
  if (connection !== 'live') return wait(OFFLINE[connection]);
  if (now.session === 'signed_out') return { kind: 'sign_in', label: 'Sign in to trade' };
  if (now.session === 'signing_in') return wait('Signing in');
  if (weighed === null) return wait('Enter an amount');
  if (now.busy) return wait(side === 'buy' ? `Buying ${symbol}` : `Selling ${symbol}`);
  const isHeldUp = !now.hasFunds || (now.impact === 'needs_consent' && !now.agreed);
  if (weighed.kind === 'refused' || isHeldUp) return wait(name);
  return { kind: 'place', label: name, quote: weighed.quote };
}
