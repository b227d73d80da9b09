import { z } from 'zod';
import { walletAddressSchema } from './schema.ts';

/**
 * Sign-In With Solana and sessions, as they go over the wire. Bytes are base64 (RFC 4648, section 4), times are
 * milliseconds since the epoch unless a schema says otherwise.
 */

/** At most so many bytes in a message that was signed. */
const MAX_SIGNED_BYTES = 2_048;
const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4;

const bytesSchema = z.base64().max(base64Length(MAX_SIGNED_BYTES));
/** A JSON Web Token, or a refresh token: letters that need no quoting anywhere. */
const tokenSchema = z
  .string()
  .max(2_048)
  .regex(/^[\w.-]+$/, { error: 'is not a token' });
export const sessionIdSchema = z.string().regex(/^[\w-]{22}$/, { error: 'is not the id of a session' });

/** What a wallet is asked to sign: the input of wallet-standard's `solana:signIn`. Times are ISO 8601. */
export interface Challenge {
  /** The host of the page, port included. */
  readonly domain: string;
  readonly address: string;
  readonly statement: string;
  readonly uri: string;
  readonly version: string;
  readonly chainId: string;
  readonly nonce: string;
  readonly issuedAt: string;
  readonly expirationTime: string;
}

export const challengeInput = z.object({ address: walletAddressSchema });

/**
 * What the wallet gave: the output of wallet-standard's `solana:signIn`, its bytes as base64. No more than its shape is
 * checked here, so that whatever is wrong with it gets the one answer.
 */
export const signInInput = z.object({
  account: z.object({ address: z.string().max(64), publicKey: bytesSchema }),
  signedMessage: bytesSchema,
  signature: bytesSchema,
});
export type SignInInput = z.input<typeof signInInput>;

export const refreshInput = z.object({ refreshToken: tokenSchema });
export const renewInput = z.object({ accessToken: tokenSchema });
/** `everywhere`: every session of the wallet, not only this one. */
export const logoutInput = z.object({ everywhere: z.boolean().default(false) });
export const revokeInput = z.object({ sessionId: sessionIdSchema });

/**
 * What a session is used with. The access token goes into connectionParams, or into the header `Authorization: Bearer`;
 * the refresh token is good for one `auth.refresh`.
 */
export interface Tokens {
  readonly sessionId: string;
  readonly wallet: string;
  /** May run operator procedures. */
  readonly operator: boolean;
  readonly accessToken: string;
  readonly accessExpiresAt: number;
  readonly refreshToken: string;
  readonly refreshExpiresAt: number;
}

/** Why there is no session where one is needed; in the `data.session` of an UNAUTHORIZED error. */
export type SessionProblem =
  /** Nobody has signed in. */
  | 'none'
  /** The token is none of this server, or has been tampered with. */
  | 'invalid'
  /** Its time is over: refresh it and renew the connection with the new one. */
  | 'expired'
  /** It was signed out, revoked, or one of its refresh tokens was used twice. */
  | 'revoked'
  /** The connection speaks for another wallet now; only streams end with this. */
  | 'replaced';

/** The connection params of the tRPC socket, if there are any. */
export const connectionParamsSchema = z.object({ token: tokenSchema.optional() });
