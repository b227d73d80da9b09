import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from '../../server/api/router.ts';
import type { Challenge, SessionProblem, Tokens } from '../auth.ts';
import type { Clock } from './clock.ts';
import { causeOf } from './errors.ts';
import { problemOf } from './failure.ts';
import { type SignedChallenge, SignInError } from './session-state.ts';

/** A call that has no answer after this long is given up. */
const ANSWER_WITHIN_MS = 10_000;

/** What has become of a refresh token. */
export type RefreshAnswer =
  | { readonly kind: 'tokens'; readonly tokens: Tokens }
  /** Answered: there are no more tokens for this session. */
  | { readonly kind: 'over'; readonly problem: SessionProblem }
  /** Turned away before anything was done with it: it is still good. */
  | { readonly kind: 'not_done' }
  /** It may have been used or not. */
  | { readonly kind: 'lost' };

type LinkFetch = NonNullable<Parameters<typeof httpLink<AppRouter>>[0]['fetch']>;
/** The platform's `fetch`, as far as it is used. */
export type Fetch = (...request: Parameters<LinkFetch>) => Promise<Response>;

const platformFetch: Fetch = (url, init) => fetch(url, { ...init, signal: init?.signal ?? null });

/** An answer that is not the API's: of its door, or of a proxy before it. The link would not tell its status. */
class ForeignAnswerError extends Error {
  override readonly name = 'ForeignAnswerError';

  constructor(readonly status: number) {
    super(`The request was answered with status ${status}.`);
  }
}

export interface AuthCallsOptions {
  /** Of the WebSocket. */
  readonly url: string;
  readonly fetch: Fetch | undefined;
  readonly clock: Clock;
}

/**
 * What a session asks of the server over HTTP, so that it can do so while there is no socket, and before there is one.
 * No error leaves this with what was sent or received.
 */
export class AuthCalls {
  readonly #client;
  readonly #clock: Clock;

  constructor({ url, fetch = platformFetch, clock }: AuthCallsOptions) {
    this.#clock = clock;
    this.#client = createTRPCClient<AppRouter>({
      links: [
        httpLink({
          url: httpUrl(url),
          transformer: superjson,
          fetch: async (...request) => {
            const response = await fetch(...request);
            const isOurs = response.headers.get('content-type')?.startsWith('application/json') === true;
            if (!isOurs && !response.ok) throw new ForeignAnswerError(response.status);
            return response;
          },
          headers: ({ op }) => authorization(op.context),
        }),
      ],
    });
  }

  /** Whether a request gets to the server and its answer back; of no consequence there. */
  async reachable(): Promise<boolean> {
    return this.#within((signal) => this.#client.king.query(undefined, { signal })).then(
      () => true,
      () => false,
    );
  }

  /** @throws SignInError */
  challenge(address: string): Promise<Challenge> {
    return this.#within((signal) => this.#client.auth.challenge.mutate({ address }, { signal })).catch(
      failSignIn,
    );
  }

  /** @throws SignInError */
  signIn({ account, signedMessage, signature }: SignedChallenge): Promise<Tokens> {
    const proof = {
      account: { address: account.address, publicKey: base64(account.publicKey) },
      signedMessage: base64(signedMessage),
      signature: base64(signature),
    };
    return this.#within((signal) => this.#client.auth.signIn.mutate(proof, { signal })).catch(failSignIn);
  }

  async refresh(refreshToken: string): Promise<RefreshAnswer> {
    try {
      const tokens = await this.#within((signal) =>
        this.#client.auth.refresh.mutate({ refreshToken }, { signal }),
      );
      return { kind: 'tokens', tokens };
    } catch (error) {
      const status = statusOf(error);
      // A token that is none, in the eyes of the server's schema.
      if (status === 401 || status === 400) return { kind: 'over', problem: problemOf(error) ?? 'invalid' };
      return status === 429 || status === 403 || status === 503 ? { kind: 'not_done' } : { kind: 'lost' };
    }
  }

  /** @returns whether the session is over */
  async logout(accessToken: string, everywhere = false): Promise<boolean> {
    return this.#within((signal) =>
      this.#client.auth.logout.mutate({ everywhere }, { signal, context: { accessToken } }),
    ).then(
      () => true,
      (error) => problemOf(error) === 'revoked',
    );
  }

  async #within<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const cancel = this.#clock.after(ANSWER_WITHIN_MS, () => abort.abort());
    try {
      return await call(abort.signal);
    } finally {
      cancel();
    }
  }
}

function authorization({ accessToken }: Readonly<Record<string, unknown>>): Record<string, string> {
  return typeof accessToken === 'string' ? { authorization: `Bearer ${accessToken}` } : {};
}

/** Where the same API is over HTTP. */
export const httpUrl = (url: string): string => url.replace(/^ws/, 'http').replace(/[?#].*$/, '');

/** The HTTP status of an answer, whoever gave it; `undefined` when there was none. */
function statusOf(error: unknown): number | undefined {
  const foreign = causeOf(error, ForeignAnswerError);
  if (foreign !== undefined) return foreign.status;
  if (!(error instanceof TRPCClientError)) return undefined;
  const response: unknown = error.meta?.['response'];
  if (typeof response !== 'object' || response === null || !('status' in response)) return undefined;
  return typeof response.status === 'number' ? response.status : undefined;
}

function failSignIn(error: unknown): never {
  const status = statusOf(error);
  if (status === 429) {
    const data: unknown = error instanceof TRPCClientError ? error.data : undefined;
    const seconds = typeof data === 'object' && data !== null && 'retryAfter' in data ? data.retryAfter : 0;
    throw new SignInError('too_often', typeof seconds === 'number' ? seconds * 1000 : 0);
  }
  throw new SignInError(status !== undefined && status >= 400 && status < 500 ? 'refused' : 'unreachable');
}

function base64(bytes: ArrayLike<number>): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
