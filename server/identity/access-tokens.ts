import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { sessionIdSchema } from '../../shared/auth.ts';
import type { WalletAddress } from '../../shared/ids.ts';
import { walletAddressSchema } from '../../shared/schema.ts';

/** How long an access token is good for, in seconds. */
export const ACCESS_SECONDS = 15 * 60;
const ALGORITHM = 'HS256';
/** RFC 9068: a token of another kind that has the same key and audience is not taken for one of these. */
const TYPE = 'at+jwt';
const ISSUER = 'agent.fun';

/** What an access token says. */
export interface Claims {
  readonly wallet: WalletAddress;
  readonly sessionId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const payloadSchema = z.object({ sub: walletAddressSchema, sid: sessionIdSchema, exp: z.int() });

/** Makes access tokens, JSON Web Tokens with one algorithm, and reads them. */
export class AccessTokens {
  /**
   * @param key 32 bytes
   * @param audience the origin of the site
   * @param clock milliseconds since the epoch
   */
  constructor(
    private readonly key: Uint8Array,
    private readonly audience: string,
    private readonly clock: () => number,
  ) {}

  /** @param until when its session ends, in milliseconds since the epoch; the token does not outlive it */
  async make(
    wallet: WalletAddress,
    sessionId: string,
    until: number,
  ): Promise<{ token: string; expiresAt: number }> {
    const now = Math.floor(this.clock() / 1000);
    const expires = Math.min(now + ACCESS_SECONDS, Math.floor(until / 1000));
    const token = await new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(ISSUER)
      .setAudience(this.audience)
      .setSubject(wallet)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(expires)
      .sign(this.key);
    return { token, expiresAt: expires * 1000 };
  }

  /** `expired` is said only of a token that is ours. */
  async read(token: string): Promise<Claims | 'invalid' | 'expired'> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: this.audience,
        requiredClaims: ['sub', 'sid', 'iat', 'nbf', 'exp'],
        currentDate: new Date(this.clock()),
      });
      const { data } = payloadSchema.safeParse(payload);
      if (data === undefined) return 'invalid';
      return { wallet: data.sub, sessionId: data.sid, expiresAt: data.exp * 1000 };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (error instanceof errors.JOSEError) return 'invalid';
      throw error;
    }
  }
}
