import { base58 } from '@scure/base';
import type { SolanaSignInFeature } from '@solana/wallet-standard-features';
import type { Wallet, WalletAccount } from '@wallet-standard/base';
import type {
  StandardConnectFeature,
  StandardDisconnectFeature,
  StandardEventsFeature,
  StandardEventsListeners,
} from '@wallet-standard/features';
import { registerWallet } from '@wallet-standard/wallet';
import { KeypairWallet } from '../../shared/wallet/keypair.ts';
import { Listeners } from '../live/listeners.ts';

const KEY = 'agent-fun.burner';
const SEED_BYTES = 32;
const CHAINS = ['solana:mainnet', 'solana:devnet', 'solana:testnet', 'solana:localnet'] as const;
/** A flame. */
const ICON =
  'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAzMiAzMiI+PHJlY3Qgd2lkdGg9IjMyIiBoZWlnaHQ9IjMyIiByeD0iOCIgZmlsbD0iI2IzNGExMiIvPjxwYXRoIGQ9Ik0xNiA1YzEgNSA3IDcgNyAxM2E3IDcgMCAwIDEtMTQgMGMwLTMgMi01IDMtNyAxIDIgMiAzIDMgMyAwLTMtMS01IDEtOXoiIGZpbGw9IiNmZmYiLz48L3N2Zz4=';

type Change = Parameters<StandardEventsListeners['change']>;
type Features = StandardConnectFeature &
  StandardDisconnectFeature &
  StandardEventsFeature &
  SolanaSignInFeature;

/**
 * A wallet to try the page with where there is no other: its key lies unprotected in the browser's storage, and it signs
 * without asking. It signs in to the page's own site only.
 */
export class BurnerWallet implements Wallet {
  readonly version = '1.0.0';
  readonly name = 'Burner';
  readonly icon = ICON;
  readonly chains = CHAINS;
  readonly #listeners = new Listeners<Change>();
  #accounts: readonly WalletAccount[] = [];

  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem'>,
    /** An origin. */
    private readonly site: string,
  ) {}

  get accounts(): readonly WalletAccount[] {
    return this.#accounts;
  }

  get features(): Features {
    return {
      'standard:connect': { version: '1.0.0', connect: async () => this.#connect() },
      'standard:disconnect': { version: '1.0.0', disconnect: async () => this.#change([]) },
      'standard:events': { version: '1.0.0', on: (_event, listener) => this.#listeners.add(listener) },
      'solana:signIn': {
        version: '1.0.0',
        signIn: async (...inputs) => {
          const { accounts } = this.#connect();
          const signed = await Promise.all(inputs.map((input) => this.#keypair().signIn(input)));
          return signed.map((one) => ({ ...one, account: accounts[0] ?? one.account }));
        },
      },
    };
  }

  #connect(): { readonly accounts: readonly WalletAccount[] } {
    if (this.#accounts.length === 0) {
      const { address, publicKey } = this.#keypair();
      this.#change([{ address, publicKey, chains: this.chains, features: ['solana:signIn'] }]);
    }
    return { accounts: this.#accounts };
  }

  #change(accounts: readonly WalletAccount[]): void {
    this.#accounts = accounts;
    this.#listeners.notify({ accounts });
  }

  /** The one that is stored; a new one when there is none. */
  #keypair(): KeypairWallet {
    const stored = decode(this.storage.getItem(KEY));
    const seed = stored ?? crypto.getRandomValues(new Uint8Array(SEED_BYTES));
    if (stored === undefined) this.storage.setItem(KEY, base58.encode(seed));
    return KeypairWallet.fromSeed(seed, { site: this.site });
  }
}

/** Has the page, and whatever else looks for wallets in it, find a burner wallet. */
export function registerBurner({ localStorage, location }: Pick<Window, 'localStorage' | 'location'>): void {
  registerWallet(new BurnerWallet(localStorage, location.origin));
}

function decode(text: string | null): Uint8Array | undefined {
  if (text === null) return undefined;
  try {
    const seed = base58.decode(text);
    return seed.length === SEED_BYTES ? seed : undefined;
  } catch {
    return undefined;
  }
}
