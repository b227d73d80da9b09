import type { Entry, Medal, VaultDeposited, VaultWithdrawn, WalletCredited } from '../../shared/events.ts';
import type { AgentId } from '../../shared/ids.ts';

/**
 * Which fields of each event are stored, and in which order: without their names, which is half the bytes and half the
 * time. So a change here is a new schema version of the log, and so is a new event. `read-fields.ts` is the other half.
 */

/**
 * The event's own fields as the inside of a JSON list, the agent or null first, amounts as decimal texts; seq, at and
 * type are stored before them. Only free text can need an escape: ids are parsed and amounts are digits.
 */
export function writeFields(entry: Entry): string {
  switch (entry.type) {
    case 'agent_created': {
      const { name, symbol, purpose, imageUrl } = entry;
      const texts = [name, symbol, purpose, imageUrl].map((text) => JSON.stringify(text));
      return `"${entry.agentId}",${texts.join(',')},"${entry.creator}","${entry.mint}"`;
    }
    case 'trade_executed': {
      const curve = `"${entry.virtualSol}","${entry.virtualTokens}","${entry.realSol}","${entry.realTokens}"`;
      const paid = `"${entry.tokens}","${entry.sol}","${entry.protocolFee}","${entry.creatorFee}"`;
      return `"${entry.agentId}","${entry.trader}","${entry.side}",${paid},${curve},"${entry.price}"`;
    }
    case 'agent_graduated':
      return `"${entry.agentId}","${entry.poolId}","${entry.sol}","${entry.tokens}"`;
    case 'wallet_credited':
      return `null,"${entry.wallet}","${entry.sol}"${SOURCE_FIELDS[entry.source]}`;
    case 'king_changed':
      return `${agentOrNull(entry.agentId)},${agentOrNull(entry.previousAgentId)},"${entry.marketCap}"`;
    case 'season_started':
      return `null,${entry.season},${entry.endsAt}`;
    case 'season_ended':
      return `null,${entry.season},"${entry.protocolFees}",[${entry.medals.map(medalList).join(',')}]`;
    case 'staked':
    case 'unstaked': {
      const { agentId, wallet, tokens, stake, totalStaked, rewardPerUnit } = entry;
      return `"${agentId}","${wallet}","${tokens}","${stake}","${totalStaked}","${rewardPerUnit}"`;
    }
    case 'rewards_claimed':
      return `"${entry.agentId}","${entry.wallet}","${entry.sol}","${entry.rewardPerUnit}"`;
    case 'vault_created': {
      const { vaultId, address, manager, name, performanceFeeBps } = entry;
      return `null,"${vaultId}","${address}","${manager}",${JSON.stringify(name)},${performanceFeeBps}`;
    }
    case 'vault_deposited':
      return vaultMoved(entry);
    case 'vault_withdrawn':
      return `${vaultMoved(entry)},[${entry.tokens.map(positionList).join(',')}]`;
    default: {
      const unknown: never = entry;
      throw new TypeError(`no stored form for ${JSON.stringify(unknown)}`);
    }
  }
}

/** An operator's credit is stored as it was before there was a faucet: so it has one form in all versions. */
const SOURCE_FIELDS: Readonly<Record<WalletCredited['source'], string>> = {
  operator: '',
  faucet: ',"faucet"',
};

const agentOrNull = (agentId: AgentId | null): string => (agentId === null ? 'null' : `"${agentId}"`);

const medalList = ({ medal, agentId, creator, score, traders, prize }: Medal): string =>
  `["${medal}","${agentId}","${creator}","${score}",${traders},"${prize}"]`;

/** What a deposit and a withdrawal have in common. */
function vaultMoved(entry: VaultDeposited | VaultWithdrawn): string {
  const parties = `"${entry.vaultId}","${entry.address}","${entry.manager}","${entry.wallet}"`;
  const shares = `"${entry.shares}","${entry.feeShares}","${entry.totalShares}"`;
  return `null,${parties},${shares},"${entry.highWaterMark}","${entry.netAssetValue}","${entry.sol}"`;
}

const positionList = ({ agentId, tokens, value }: VaultWithdrawn['tokens'][number]): string =>
  `["${agentId}","${tokens}","${value}"]`;
