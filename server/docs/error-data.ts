import type { SessionProblem } from '../../shared/auth.ts';
import type { ErrorDetails } from '../api/errors.ts';

/** A value that something may have, and what it means. */
export interface Explained {
  readonly name: string;
  readonly description: string;
}

const explained = (texts: Readonly<Record<string, string>>): readonly Explained[] =>
  Object.entries(texts).map(([name, description]) => ({ name, description }));

/** What tRPC puts there itself. */
type StockField = 'code' | 'httpStatus' | 'path';

/** The fields of `error.data`; one that is missing does not compile. */
export const ERROR_DATA: readonly Explained[] = explained({
  code: 'What went wrong, for programs: see the table above.',
  httpStatus: 'The same as an HTTP status.',
  path: 'The procedure; not in errors that no call has caused.',
  rejection: 'Of a refusal by the market: its `reason`, what was expected and what was found.',
  issues: 'Of a `BAD_REQUEST`: every violation of the input, `{ path, message }`.',
  session:
    'Of an `UNAUTHORIZED`: why there is no session where one is needed. A sign-in that is refused has none: what was wrong with it is for nobody to learn.',
  retryAfter:
    'Of a `TOO_MANY_REQUESTS`: seconds, with a fraction, after which the limit lets the same call through. Nothing of this one was done. Over HTTP the header `Retry-After` says the same in whole seconds.',
  retry:
    '`same_order`, of a `SERVICE_UNAVAILABLE`: nobody knows whether it was carried out; send the same `clientOrderId` again.',
  requestId: 'Under which the server has logged the call; for whoever is asked why.',
} satisfies Record<StockField | keyof ErrorDetails, string>);

/** What `error.data.session` may say. */
export const SESSION_PROBLEMS: readonly Explained[] = explained({
  none: 'Nobody has signed in.',
  invalid: 'The token is none of this server, or has been tampered with: sign in.',
  expired: 'Its time is over: refresh it, and renew the connection with the new one.',
  revoked:
    'The session was ended: by `auth.logout` or `auth.revokeSession`, by a newer one where the wallet had as many as it may, or because a refresh token of it was used twice. Sign in.',
  replaced: 'The connection speaks for another wallet now. Only subscriptions end with this.',
} satisfies Record<SessionProblem, string>);

export interface UpgradeStatus {
  readonly status: number;
  readonly when: string;
  /** Whether `Retry-After` says when to come again. */
  readonly retryAfter: boolean;
}

/** What a WebSocket's upgrade may be answered in place of 101: there is nothing yet to say more with. */
export const UPGRADE_STATUSES: readonly UpgradeStatus[] = [
  { status: 400, when: 'What is asked for is not a URL.', retryAfter: false },
  {
    status: 403,
    when: 'The page is of an origin that is not allowed: `PUBLIC_URL` and `ALLOWED_ORIGINS` are. Clients that send no `Origin` are let in.',
    retryAfter: false,
  },
  { status: 404, when: 'There is no WebSocket at that path.', retryAfter: false },
  {
    status: 429,
    when: 'The address connects too often, or has too many connections.',
    retryAfter: true,
  },
  { status: 503, when: 'The server drains, or has too much to do.', retryAfter: true },
];
