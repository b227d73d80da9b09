import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import type { SolanaSignInInput, SolanaSignInOutput } from '@solana/wallet-standard-features';
import { createSignInMessage } from '@solana/wallet-standard-util';
import { type WalletAddress, walletAddress } from '../ids.ts';

const SEED_BYTES = 32;
const SECRET_KEY_BYTES = 64;

/** The wallet will not sign this. */
export class WalletRefusedError extends Error {
  override readonly name = 'WalletRefusedError';
}

export interface KeypairOptions {
  /** The origin of the only site that it signs in to, such as `https://agent.fun`; to any unless given. */
  readonly site?: string;
}

/**
 * A keypair in memory that signs in as a wallet does (wallet-standard's `solana:signIn`), in Node and in browsers. It
 * asks nobody: whoever has it can sign. What it is made of never leaves it.
 */
export class KeypairWallet {
  readonly address: WalletAddress;
  readonly #publicKey: Uint8Array;
  readonly #seed: Uint8Array;
  readonly #site: URL | undefined;

  private constructor(seed: Uint8Array, { site }: KeypairOptions) {
    this.#seed = Uint8Array.from(seed);
    this.#publicKey = ed25519.getPublicKey(this.#seed);
    this.address = walletAddress(base58.encode(this.#publicKey));
    this.#site = site === undefined ? undefined : new URL(site);
  }

  /** @param seed 32 bytes (RFC 8032, section 5.1.5). @throws RangeError when it has another length */
  static fromSeed(seed: Uint8Array, options: KeypairOptions = {}): KeypairWallet {
    if (seed.length !== SEED_BYTES)
      throw new RangeError(`a seed has ${SEED_BYTES} bytes, not ${seed.length}`);
    return new KeypairWallet(seed, options);
  }

  /**
   * @param secretKey 64 bytes, the seed and the public key, as Solana's keypair files have it
   * @throws RangeError when it has another length, or its halves do not belong together
   */
  static fromSecretKey(secretKey: Uint8Array, options: KeypairOptions = {}): KeypairWallet {
    if (secretKey.length !== SECRET_KEY_BYTES) {
      throw new RangeError(`a secret key has ${SECRET_KEY_BYTES} bytes, not ${secretKey.length}`);
    }
    const wallet = new KeypairWallet(secretKey.subarray(0, SEED_BYTES), options);
    const matches = wallet.#publicKey.every((byte, index) => byte === secretKey[SEED_BYTES + index]);
    if (!matches) throw new RangeError('the public half of the secret key is that of another key');
    return wallet;
  }

  static random(options: KeypairOptions = {}): KeypairWallet {
    return new KeypairWallet(ed25519.utils.randomSecretKey(), options);
  }

  /** 32 bytes, a copy. */
  get publicKey(): Uint8Array {
    return this.#publicKey.slice();
  }

  /**
   * Signs the text that Sign-In With Solana makes of the input.
   *
   * Rejects with a {@link WalletRefusedError} when the input is for another address or another site, names no site, or
   * holds a line break, with which one field could pass for several.
   */
  async signIn(input: SolanaSignInInput): Promise<SolanaSignInOutput> {
    const domain = input.domain ?? this.#site?.host;
    if (domain === undefined) throw new WalletRefusedError('The request does not say which site it is from.');
    this.#checkSite(domain, input.uri);
    if (input.address !== undefined && input.address !== this.address) {
      throw new WalletRefusedError(`The request is for another wallet than ${this.address}.`);
    }
    if (Object.values(input).flat().some(hasLineBreak)) {
      throw new WalletRefusedError('The request holds a line break, so its text could be read in two ways.');
    }
    const signedMessage = createSignInMessage({ ...input, domain, address: this.address });
    return {
      account: {
        address: this.address,
        publicKey: this.publicKey,
        chains: ['solana:mainnet'],
        features: ['solana:signIn'],
      },
      signedMessage,
      signature: ed25519.sign(signedMessage, this.#seed),
      signatureType: 'ed25519',
    };
  }

  /** A page that asks for another one's sign-in would have it, and with it what the wallet may do there. */
  #checkSite(domain: string, uri: string | undefined): void {
    const site = this.#site;
    if (site === undefined) return;
    if (domain !== site.host || (uri !== undefined && originOf(uri) !== site.origin)) {
      throw new WalletRefusedError(`The request is for another site than ${site.origin}.`);
    }
  }
}

const hasLineBreak = (field: unknown): boolean => typeof field === 'string' && /[\r\n]/.test(field);

/** `undefined` for what is no URL. */
const originOf = (uri: string): string | undefined => (URL.canParse(uri) ? new URL(uri).origin : undefined);
