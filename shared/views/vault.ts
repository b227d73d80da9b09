import type { MessageOf } from '../channels.ts';
import type { VaultDetail, VaultHistoryEntry } from '../platform-schemas.ts';
import { type Account, applyToAccount } from './account.ts';
import { pushNewest } from './newest.ts';

/** A vault shows so many of its newest moves. */
export const VAULT_HISTORY_LENGTH = 20;

/** What a subscriber of one vault sees. */
export interface VaultView {
  readonly vault: VaultDetail;
  /** Newest first. */
  readonly history: readonly VaultHistoryEntry[];
}

/** `null` until the first snapshot has come. */
export function reduceVault(view: VaultView | null, message: MessageOf<'vault'>): VaultView | null {
  if (message.type === 'snapshot') return { vault: message.vault, history: message.history };
  if (view === null) return null;
  const { vault, history } = view;
  const account: Account = {
    sol: vault.sol,
    holdings: new Map(vault.positions.map(({ agentId, ...holding }) => [agentId, holding])),
    stakes: new Map(),
    shares: new Map(),
  };
  applyToAccount(account, vault.address, message);
  return {
    vault: {
      ...vault,
      sol: account.sol,
      positions: [...account.holdings].map(([agentId, holding]) => ({ agentId, ...holding })),
      ...('totalShares' in message
        ? { shares: message.totalShares, highWaterMark: message.highWaterMark }
        : {}),
    },
    history: pushNewest(history, message, VAULT_HISTORY_LENGTH),
  };
}
