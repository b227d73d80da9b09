import type { Vault } from '../../server/market/vaults.ts';
import { agentId, vaultId, type WalletAddress } from '../../shared/ids.ts';
import { ann, bob, Core, cyd } from './core.ts';
import { naiveValue } from './models.ts';

export const one = agentId('1');
export const two = agentId('2');
export const vault1 = vaultId('1');

/** Agents 1 and 2, and ann's vault, which takes the fee. */
export function vaultMarket(performanceFeeBps = 0): Core {
  const core = new Core();
  for (const who of [ann, bob, cyd]) core.fund(who);
  core.createAgent();
  core.createAgent();
  core.createVault(ann, performanceFeeBps);
  return core;
}

export const theVault = (core: Core): Vault => core.vault(vault1);
export const vaultValue = (core: Core): bigint => naiveValue(core.state, theVault(core));
/** The shares that a wallet has in the vault. */
export const held = (core: Core, who: WalletAddress): bigint => theVault(core).holders.get(who) ?? 0n;
