import { useMemo } from 'react';
import type { WalletAddress } from '../../shared/ids.ts';
import { useVaults } from '../live/hooks.ts';
import { useOwnWallet } from '../services.ts';

/** What a wallet is known for. */
export interface WalletLabel {
  readonly kind: 'you' | 'creator' | 'vault';
  readonly text: string;
}

interface KnownWallets {
  /** Of the agent, where there is only one. */
  readonly creator: WalletAddress | null;
  /** `null` while nobody is signed in. */
  readonly you: string | null;
  /** Names of vaults, by the wallet that they trade under. */
  readonly vaults: ReadonlyMap<WalletAddress, string>;
}

/** The labels of a wallet, one's own first; none for a stranger's. */
export function labelsOf(wallet: WalletAddress, { creator, you, vaults }: KnownWallets): WalletLabel[] {
  const vault = vaults.get(wallet);
  return [
    ...(wallet === you ? [{ kind: 'you', text: 'You' } as const] : []),
    ...(wallet === creator ? [{ kind: 'creator', text: 'Creator' } as const] : []),
    ...(vault === undefined ? [] : [{ kind: 'vault', text: `Vault ${vault}` } as const]),
  ];
}

/** Knows the viewer, an agent's creator and the largest vaults. */
export function useWalletLabels(creator: WalletAddress | null): (wallet: WalletAddress) => WalletLabel[] {
  const you = useOwnWallet();
  const { view } = useVaults();
  return useMemo(() => {
    const vaults = new Map(view.map(({ address, name }) => [address, name]));
    return (wallet) => labelsOf(wallet, { creator, you, vaults });
  }, [creator, you, view]);
}
