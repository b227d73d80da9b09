import type { AgentId } from '../../shared/ids.ts';
import type { VaultDetail, VaultSummary, VaultsChanged } from '../../shared/platform-schemas.ts';
import { shareValue } from '../../shared/vaults.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { type Market, netAssetValue, type Vault } from '../market/vaults.ts';
import type { Change, ViewsState } from './views.ts';

/** How many vaults the list shows. */
const VAULTS_LENGTH = 100;

/** Where an agent's tokens can be sold, or could be. */
export const marketOf = ({ phase, curve }: AgentView): Market =>
  phase.kind === 'bonding' ? { kind: 'bonding', curve } : { kind: 'graduated', poolSol: curve.realSol };

/** A vault at the prices of now. */
export function vaultSummary(views: Readonly<ViewsState>, vault: Vault): VaultSummary {
  const value = netAssetValue(vault, (agentId) => marketOf(agentOf(views, agentId)));
  return {
    ...infoOf(vault),
    sol: vault.sol,
    netAssetValue: value,
    shares: vault.totalShares,
    holders: vault.holders.size,
    positions: vault.positions.size,
    shareValue: shareValue(value, vault.totalShares),
    highWaterMark: vault.highWaterMark,
  };
}

/** The vaults at the prices of now, the largest first. */
export function vaultSummaries(views: Readonly<ViewsState>): VaultSummary[] {
  return [...views.vaults.byId.values()]
    .map((vault) => vaultSummary(views, vault))
    .sort((a, b) => {
      if (a.netAssetValue !== b.netAssetValue) return a.netAssetValue > b.netAssetValue ? -1 : 1;
      return Number(a.vaultId) - Number(b.vaultId);
    });
}

/** The first of them, if anything about any vault has changed after `after`. */
export function vaultsChanged(views: Readonly<ViewsState>, after: number): VaultsChanged | undefined {
  const { seq, at } = lastChange(views);
  if (seq <= after) return undefined;
  return { type: 'vaults_changed', seq, at, vaults: vaultSummaries(views).slice(0, VAULTS_LENGTH) };
}

/** The newest of what happened to the vaults and to the agents they hold. */
function lastChange(views: Readonly<ViewsState>): Change {
  let last: Change = { seq: 0, at: 0 };
  for (const { vaultId, positions } of views.vaults.byId.values()) {
    const own = views.vaultChanges.get(vaultId);
    if (own !== undefined && own.seq > last.seq) last = own;
    for (const agentId of positions.keys()) {
      const price = views.prices.get(agentId);
      if (price !== undefined && price.seq > last.seq) last = price;
    }
  }
  return last;
}

/** A vault as its own events tell it. */
export function vaultDetail(views: Readonly<ViewsState>, vault: Vault): VaultDetail {
  const holdings = views.wallets.get(vault.address)?.holdings ?? new Map();
  return {
    ...infoOf(vault),
    sol: vault.sol,
    shares: vault.totalShares,
    highWaterMark: vault.highWaterMark,
    positions: [...holdings].map(([agentId, holding]) => ({ agentId, ...holding })),
  };
}

const infoOf = ({ vaultId, address, manager, name, performanceFeeBps, createdAt }: Vault) => ({
  vaultId,
  address,
  manager,
  name,
  performanceFeeBps,
  createdAt,
});

function agentOf({ agents }: Readonly<ViewsState>, agentId: AgentId): AgentView {
  const agent = agents.get(agentId);
  if (agent === undefined) throw new RangeError(`a vault holds tokens of unknown agent ${agentId}`);
  return agent;
}
