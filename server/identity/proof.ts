import { Buffer } from 'node:buffer';
import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import { type WalletAddress, walletAddress } from '../../shared/ids.ts';
import { type Challenges, isTimely, textOf } from './challenges.ts';

/** What a wallet gave for a challenge. */
export interface Proof {
  readonly address: string;
  readonly publicKey: Uint8Array;
  readonly signedMessage: Uint8Array;
  readonly signature: Uint8Array;
}

const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * Whose proof it is, if it holds: the wallet that a challenge of ours was given to has signed exactly its text, once and
 * in time. The challenge is used up whatever comes of it, and before the signature is looked at, so that two attempts at
 * a time cannot both hold.
 */
export function provenWallet(proof: Proof, challenges: Challenges, now: number): WalletAddress | undefined {
  const { address, publicKey, signedMessage, signature } = proof;
  const challenge = challenges.take(Buffer.from(signedMessage).toString('utf8'));
  if (challenge === undefined) return undefined;
  const holds =
    // Bytes, not text: what is not UTF-8 could decode to the same text.
    Buffer.from(textOf(challenge), 'utf8').equals(signedMessage) &&
    isTimely(challenge, now) &&
    address === challenge.address &&
    publicKey.length === PUBLIC_KEY_BYTES &&
    base58.encode(publicKey) === challenge.address &&
    signature.length === SIGNATURE_BYTES &&
    // Strict (RFC 8032): no key of small order, for which anybody can make signatures.
    ed25519.verify(signature, signedMessage, publicKey, { zip215: false });
  return holds ? walletAddress(challenge.address) : undefined;
}
