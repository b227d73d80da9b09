import { Buffer } from 'node:buffer';
import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import type { SignInInput } from '../../shared/auth.ts';
import { type WalletAddress, walletAddress } from '../../shared/ids.ts';

/** What a wallet gives for a challenge, in bytes. */
export interface SignedProof {
  readonly address: string;
  readonly publicKey: Uint8Array;
  readonly signedMessage: Uint8Array;
  readonly signature: Uint8Array;
}

/** A wallet with keys of its own; the same seed is the same wallet. */
export class Signer {
  readonly publicKey: Uint8Array;
  readonly address: WalletAddress;
  readonly #secretKey: Uint8Array;

  /** @param seed a byte */
  constructor(seed: number) {
    this.#secretKey = new Uint8Array(32).fill(seed);
    this.publicKey = ed25519.getPublicKey(this.#secretKey);
    this.address = walletAddress(base58.encode(this.publicKey));
  }

  sign(message: Uint8Array): Uint8Array {
    return ed25519.sign(message, this.#secretKey);
  }

  /** Signs whatever it is given. */
  prove(text: string | Uint8Array): SignedProof {
    const signedMessage = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    return {
      address: this.address,
      publicKey: this.publicKey,
      signedMessage,
      signature: this.sign(signedMessage),
    };
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** As it goes over the wire. */
export const wireProof = ({ address, publicKey, signedMessage, signature }: SignedProof): SignInInput => ({
  account: { address, publicKey: base64(publicKey) },
  signedMessage: base64(signedMessage),
  signature: base64(signature),
});
