import type { VaultId } from '../../shared/ids.ts';
import type { VaultSummary } from '../../shared/platform-schemas.ts';

/** The vaults that queries have listed and those that are live, each once and as it is live, the largest first. */
export function listedVaults(
  listed: readonly VaultSummary[],
  live: readonly VaultSummary[],
): readonly VaultSummary[] {
  const vaults = new Map<VaultId, VaultSummary>();
  for (const vault of [...listed, ...live]) vaults.set(vault.vaultId, vault);
  return [...vaults.values()].sort((a, b) => {
    if (a.netAssetValue !== b.netAssetValue) return a.netAssetValue > b.netAssetValue ? -1 : 1;
    return Number(a.vaultId) - Number(b.vaultId);
  });
}
