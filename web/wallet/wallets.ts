import type { SolanaSignInMethod } from '@solana/wallet-standard-features';
import { getWallets } from '@wallet-standard/app';
import type { Wallet } from '@wallet-standard/base';
import type { StandardConnectMethod } from '@wallet-standard/features';
import type { SigningWallet, Store } from '../../shared/client/index.ts';
import { Listeners } from '../live/listeners.ts';

/** A wallet in this browser that can sign in. */
export interface UsableWallet {
  readonly name: string;
  /** A data URI. */
  readonly icon: string;
  /** Asks for an account of it. Rejects when its owner declines, or it has none. */
  readonly connect: () => Promise<SigningWallet>;
}

/** The wallets that have registered with the page (wallet-standard) and can connect and sign in with Solana. */
export class Wallets implements Store<readonly UsableWallet[]> {
  readonly #listeners = new Listeners();
  #usable: readonly UsableWallet[] = [];

  constructor(private readonly registered = getWallets()) {
    this.#read();
    registered.on('register', this.#read);
    registered.on('unregister', this.#read);
  }

  readonly get = (): readonly UsableWallet[] => this.#usable;
  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  readonly #read = (): void => {
    this.#usable = this.registered.get().flatMap((wallet) => usable(wallet) ?? []);
    this.#listeners.notify();
  };
}

/**
 * The wallets there are as soon as there is one: they may register a moment later than the page can be pressed.
 * @returns none, if none came within that time
 */
export function comingWallets(
  wallets: Store<readonly UsableWallet[]>,
  withinMs: number,
): Promise<readonly UsableWallet[]> {
  if (wallets.get().length > 0) return Promise.resolve(wallets.get());
  return new Promise((resolve) => {
    const tell = (): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve(wallets.get());
    };
    const timer = setTimeout(tell, withinMs);
    const unsubscribe = wallets.subscribe(() => {
      if (wallets.get().length > 0) tell();
    });
  });
}

function usable({ name, icon, features }: Wallet): UsableWallet | undefined {
  const connecting = features['standard:connect'];
  const signing = features['solana:signIn'];
  if (!canConnect(connecting) || !canSignIn(signing)) return undefined;
  return {
    name,
    icon,
    connect: async () => {
      const { accounts } = await connecting.connect();
      const account = accounts.find(({ chains }) => chains.some((chain) => chain.startsWith('solana:')));
      if (account === undefined) throw new Error(`${name} has no Solana account.`);
      return {
        address: account.address,
        signIn: async (challenge) => {
          const [signed] = await signing.signIn(challenge);
          if (signed === undefined) throw new Error(`${name} has signed nothing.`);
          return {
            ...signed,
            account: { address: signed.account.address, publicKey: signed.account.publicKey },
          };
        },
      };
    },
  };
}

const canConnect = (feature: unknown): feature is { readonly connect: StandardConnectMethod } =>
  typeof feature === 'object' &&
  feature !== null &&
  'connect' in feature &&
  typeof feature.connect === 'function';

const canSignIn = (feature: unknown): feature is { readonly signIn: SolanaSignInMethod } =>
  typeof feature === 'object' &&
  feature !== null &&
  'signIn' in feature &&
  typeof feature.signIn === 'function';
