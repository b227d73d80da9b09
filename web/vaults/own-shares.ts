import type { VaultId } from '../../shared/ids.ts';
import { type Shares, shares } from '../../shared/units.ts';
import { useAccount } from '../live/hooks.ts';

/** The shares that the signed-in wallet has of a vault; `null` while it is not known, or nobody is signed in. */
export function useOwnShares(vaultId: VaultId): Shares | null {
  const account = useAccount().view;
  if (account === null) return null;
  return account.shares.find((held) => held.vaultId === vaultId)?.shares ?? shares(0n);
}
