import { Buffer } from 'node:buffer';
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Bytes of the parts of a token: session id, generation, random, and a code over the three. */
const ID_BYTES = 16;
const GENERATION_BYTES = 4;
const RANDOM_BYTES = 16;
const BODY_BYTES = ID_BYTES + GENERATION_BYTES + RANDOM_BYTES;
const CODE_BYTES = 16;

export interface RefreshToken {
  readonly sessionId: string;
  /** How many came before it in its session. */
  readonly generation: number;
}

export const newSessionId = (): string => randomBytes(ID_BYTES).toString('base64url');

/**
 * Makes refresh tokens and reads them. Only the newest of a session is stored, as a hash, and that is what it is compared
 * with. The code is for the older ones: it tells a token that was ours once, whose second use gives a thief away, from
 * one that somebody has made up, without a list of all there have been.
 */
export class RefreshTokens {
  /** @param key 32 bytes */
  constructor(private readonly key: Uint8Array) {}

  make(sessionId: string, generation: number): string {
    const body = Buffer.alloc(BODY_BYTES);
    Buffer.from(sessionId, 'base64url').copy(body);
    body.writeUInt32BE(generation, ID_BYTES);
    randomBytes(RANDOM_BYTES).copy(body, ID_BYTES + GENERATION_BYTES);
    return Buffer.concat([body, this.#code(body)]).toString('base64url');
  }

  /** `undefined` for one that was never made here. */
  read(token: string): RefreshToken | undefined {
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length !== BODY_BYTES + CODE_BYTES || bytes.toString('base64url') !== token) return undefined;
    const body = bytes.subarray(0, BODY_BYTES);
    if (!timingSafeEqual(bytes.subarray(BODY_BYTES), this.#code(body))) return undefined;
    return {
      sessionId: body.subarray(0, ID_BYTES).toString('base64url'),
      generation: body.readUInt32BE(ID_BYTES),
    };
  }

  #code(body: Uint8Array): Buffer {
    return createHmac('sha256', this.key).update(body).digest().subarray(0, CODE_BYTES);
  }
}

/** What is stored of a refresh token. It is random enough to need no salt. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
