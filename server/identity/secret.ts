import { Buffer } from 'node:buffer';
import { hkdfSync, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const SECRET_FILE = 'session.secret';
const SECRET_BYTES = 32;
const KEY_BYTES = 32;
/** Of a secret that somebody made up. */
const LEAST_CHARACTERS = 32;
const LEAST_DIFFERENT = 12;

/** A secret that cannot be used; the message says why, in one line. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

/** Why a secret could be guessed; `undefined` when it is good. */
export function weaknessOf(secret: string): string | undefined {
  if (secret.length < LEAST_CHARACTERS) return `is shorter than ${LEAST_CHARACTERS} characters`;
  if (new Set(secret).size < LEAST_DIFFERENT) {
    return `has fewer than ${LEAST_DIFFERENT} different characters`;
  }
  return undefined;
}

/**
 * The secret in a folder; a random one is made, for its owner's eyes only, when there is none. One process at a time.
 * @throws SecretError when others may read it, or it is weak
 */
export function storedSecret(directory: string): string {
  const file = join(directory, SECRET_FILE);
  if (!existsSync(file)) makeSecret(directory, file);
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new SecretError(
      `${file} can be read by others; "chmod 600" it, or remove it and have all sign in anew`,
    );
  }
  const secret = readFileSync(file, 'utf8').trim();
  const weakness = weaknessOf(secret);
  if (weakness !== undefined) throw new SecretError(`${file}: the secret ${weakness}`);
  return secret;
}

/** Under another name first: a crash half-way leaves no secret rather than a part of one. */
function makeSecret(directory: string, file: string): void {
  mkdirSync(directory, { recursive: true });
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  writeFileSync(unfinished, `${secret}\n`, { mode: 0o600, flag: 'wx', flush: true });
  // The mask of the process may have taken more away, never less.
  chmodSync(unfinished, 0o600);
  renameSync(unfinished, file);
}

/** A key for one purpose: what is made for one cannot be used for another (RFC 5869). */
export function keyFor(purpose: string, secret: string): Uint8Array {
  return Buffer.from(hkdfSync('sha256', secret, 'agent.fun session', purpose, KEY_BYTES));
}
