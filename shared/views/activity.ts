import type { Entry, TradeExecuted } from '../events.ts';
import type { AgentId, VaultId } from '../ids.ts';
import type { Activity } from '../platform-schemas.ts';
import type { Lamports } from '../units.ts';

/** What an activity says besides its entry: names, which never change. */
export interface Names {
  symbolOf(agentId: AgentId): string;
  vaultNameOf(vaultId: VaultId): string;
}

/** The activity that an entry is, if it is one. @param whaleSol the least SOL that makes a trade worth telling */
export function activityOf(entry: Entry, names: Names, whaleSol: Lamports): Activity | undefined {
  const { seq, at } = entry;
  const recorded = { type: 'activity', seq, at } as const;
  switch (entry.type) {
    case 'agent_created': {
      const { agentId, symbol, name, purpose, mint, creator } = entry;
      return { ...recorded, kind: entry.type, parts: { agentId, symbol, name, purpose, mint, creator } };
    }
    case 'agent_graduated':
      return {
        ...recorded,
        kind: entry.type,
        parts: { ...named(names, entry.agentId), poolId: entry.poolId },
      };
    case 'king_changed': {
      const { agentId, previousAgentId, marketCap } = entry;
      return {
        ...recorded,
        kind: entry.type,
        parts: {
          agentId,
          symbol: agentId === null ? null : names.symbolOf(agentId),
          previousAgentId,
          previousSymbol: previousAgentId === null ? null : names.symbolOf(previousAgentId),
          marketCap,
        },
      };
    }
    case 'trade_executed':
      return entry.sol < whaleSol ? undefined : whaleTrade(entry, names.symbolOf(entry.agentId));
    case 'staked':
    case 'unstaked': {
      const { agentId, wallet, tokens } = entry;
      return { ...recorded, kind: entry.type, parts: { ...named(names, agentId), wallet, tokens } };
    }
    case 'vault_created': {
      const { vaultId, name, manager } = entry;
      return { ...recorded, kind: entry.type, parts: { vaultId, name, wallet: manager } };
    }
    case 'vault_deposited': {
      const { vaultId, wallet, sol } = entry;
      return {
        ...recorded,
        kind: entry.type,
        parts: { vaultId, name: names.vaultNameOf(vaultId), wallet, sol },
      };
    }
    case 'vault_withdrawn': {
      const { vaultId, wallet, sol, tokens } = entry;
      return {
        ...recorded,
        kind: entry.type,
        parts: { vaultId, name: names.vaultNameOf(vaultId), wallet, sol, positions: tokens.length },
      };
    }
    case 'season_ended':
      return {
        ...recorded,
        kind: 'medals',
        parts: {
          season: entry.season,
          medals: entry.medals.map(({ medal, agentId, score, prize }) => ({
            medal,
            ...named(names, agentId),
            score,
            prize,
          })),
        },
      };
    case 'wallet_credited':
    case 'season_started':
    case 'rewards_claimed':
      return undefined;
    default:
      return entry satisfies never;
  }
}

/** Written out: a trade comes most often, and spreading costs more than all the rest. */
const whaleTrade = (
  { seq, at, agentId, trader, side, tokens, sol }: TradeExecuted,
  symbol: string,
): Activity => ({
  type: 'activity',
  seq,
  at,
  kind: 'whale_trade',
  parts: { agentId, symbol, trader, side, tokens, sol },
});

const named = (names: Names, agentId: AgentId) => ({ agentId, symbol: names.symbolOf(agentId) });
