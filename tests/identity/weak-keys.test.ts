import { Buffer } from 'node:buffer';
import { createPublicKey, verify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { walletAddress } from '../../shared/ids.ts';
import { ann, openIdentity } from './fixture.ts';

/** The points of small order, and the orders they have (RFC 7748, section 7). */
const SMALL_ORDER: readonly (readonly [string, string])[] = [
  ['1', `01${'00'.repeat(31)}`],
  ['2', `ec${'ff'.repeat(30)}7f`],
  ['4', '00'.repeat(32)],
  ['4', `${'00'.repeat(31)}80`],
  ['8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ['8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
  ['8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
  ['8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
];
const ED25519_KEY = Buffer.from('302a300506032b6570032100', 'hex');
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

function opensslAccepts(message: Uint8Array, publicKey: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({
    key: Buffer.concat([ED25519_KEY, publicKey]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, message, key, signature);
}

const littleEndian = (number: bigint): Buffer =>
  Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

/** What anybody can make without a secret: R is a multiple S of the base point, and the key adds nothing to it. */
function forge(message: Uint8Array, publicKey: Uint8Array): Uint8Array {
  for (let scalar = 1n; scalar < 500n; scalar += 1n) {
    const signature = Buffer.concat([ed25519.Point.BASE.multiply(scalar).toBytes(), littleEndian(scalar)]);
    if (opensslAccepts(message, publicKey, signature)) return signature;
  }
  throw new Error('nothing was found that OpenSSL accepts');
}

describe('a signature that another library would accept', () => {
  it.each(SMALL_ORDER)('of a key of order %s, %s, is refused', async (_, hex) => {
    const { asked, accepts, identity } = openIdentity();
    const publicKey = Buffer.from(hex, 'hex');
    const address = walletAddress(base58.encode(publicKey));
    const signedMessage = Buffer.from(asked({ address }), 'utf8');
    const signature = forge(signedMessage, publicKey);
    expect(await accepts({ address, publicKey, signedMessage, signature })).toBe(false);
    expect(identity.sessions(address)).toEqual([]);
  });

  it('made of a right one, with another number in its place, is refused', async () => {
    const { asked, accepts } = openIdentity();
    const proof = ann.prove(asked());
    const scalar = numberOf(proof.signature.subarray(32));
    expect(scalar).toBeLessThan(L);
    const signature = Buffer.concat([proof.signature.subarray(0, 32), littleEndian(scalar + L)]);
    expect(await accepts({ ...proof, signature })).toBe(false);
  });

  it('is told from a right one by these very tests', async () => {
    const { asked, accepts } = openIdentity();
    const proof = ann.prove(asked());
    expect(opensslAccepts(proof.signedMessage, proof.publicKey, proof.signature)).toBe(true);
    expect(await accepts(proof)).toBe(true);
  });
});
