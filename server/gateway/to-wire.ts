import type { MessageOf } from '../../shared/channels.ts';
import { marketCap, tokensSold } from '../../shared/curve.ts';
import type {
  AgentGraduated,
  KingChanged,
  RewardsClaimed,
  SeasonEnded,
  Staked,
  TradeExecuted,
  Unstaked,
  VaultDeposited,
  VaultWithdrawn,
  WalletCredited,
} from '../../shared/events.ts';
import type {
  Activity,
  StakePoolChanged,
  StandingsChanged,
  VaultHistoryEntry,
  VaultSummary,
  VaultsChanged,
} from '../../shared/platform-schemas.ts';
import type { PriceChanged } from '../../shared/view-schemas.ts';
import {
  averagePriceText,
  fineSolText,
  perTokenText,
  priceText,
  solText,
  timeText,
  tokenText,
} from './amounts.ts';
import type { ActivityData, TradeData, WireItem, WireItemOf } from './item-schemas.ts';
import type { ServedKind } from './snapshot-schemas.ts';

/** What the channels that the gateway serves carry. */
export type Carried = MessageOf<ServedKind>;
/** All of it but snapshots. */
export type Delta = Exclude<Carried, { type: 'snapshot' }>;

/** What each message of the catalogue becomes: one type, except that the creation of an agent has one of its own. */
export const WIRE_TYPES = {
  trade_executed: ['trade_executed'],
  price_changed: ['price_update'],
  agent_graduated: ['graduation'],
  king_changed: ['king_change'],
  activity: ['activity', 'new_agent'],
  standings_changed: ['olympics_update'],
  season_ended: ['olympics_update'],
  stake_pool_changed: ['staking_update'],
  staked: ['staking_update'],
  unstaked: ['staking_update'],
  rewards_claimed: ['staking_update'],
  vaults_changed: ['vault_update'],
  vault_deposited: ['vault_update'],
  vault_withdrawn: ['vault_update'],
  wallet_credited: ['balance_update'],
} as const satisfies Record<Delta['type'], readonly WireItem['type'][]>;

/** Writes the position of an entry. */
export type PositionOf = (seq: number) => string;

/** A message of the catalogue as an item of the wire. It depends on the message alone, not on the channel. */
export function itemOf(message: Delta, positionOf: PositionOf): WireItem {
  const head = { id: positionOf(message.seq), timestamp: timeText(message.at) };
  switch (message.type) {
    case 'trade_executed':
    case 'vault_deposited':
    case 'vault_withdrawn':
    case 'wallet_credited':
      return vaultHistoryItem(message, positionOf);
    case 'price_changed':
      return { type: 'price_update', ...head, data: priceData(message) };
    case 'agent_graduated':
      return { type: 'graduation', ...head, data: graduationData(message) };
    case 'king_changed':
      return { type: 'king_change', ...head, data: kingData(message) };
    case 'activity':
      return activityItem(message, positionOf);
    case 'standings_changed':
      return { type: 'olympics_update', ...head, data: standingsData(message) };
    case 'season_ended':
      return { type: 'olympics_update', ...head, data: seasonData(message) };
    case 'stake_pool_changed':
      return { type: 'staking_update', ...head, data: stakePoolData(message) };
    case 'staked':
    case 'unstaked':
      return { type: 'staking_update', ...head, data: stakeData(message) };
    case 'rewards_claimed':
      return { type: 'staking_update', ...head, data: rewardsData(message) };
    case 'vaults_changed':
      return { type: 'vault_update', ...head, data: vaultsData(message) };
    default:
      return message satisfies never;
  }
}

/** What the history of a vault is made of, and what of it concerns everybody. */
export function vaultHistoryItem(
  entry: VaultHistoryEntry,
  positionOf: PositionOf,
): WireItemOf<'trade_executed'> | WireItemOf<'vault_update'> | WireItemOf<'balance_update'> {
  const head = { id: positionOf(entry.seq), timestamp: timeText(entry.at) };
  switch (entry.type) {
    case 'trade_executed':
      return { type: 'trade_executed', ...head, data: tradeData(entry, positionOf) };
    case 'vault_deposited':
      return { type: 'vault_update', ...head, data: { kind: 'deposited', ...vaultMoved(entry) } };
    case 'vault_withdrawn':
      return { type: 'vault_update', ...head, data: withdrawnData(entry) };
    case 'wallet_credited':
      return { type: 'balance_update', ...head, data: creditData(entry) };
    default:
      return entry satisfies never;
  }
}

export function tradeData(trade: TradeExecuted, positionOf: PositionOf): TradeData {
  return {
    id: positionOf(trade.seq),
    agentId: trade.agentId,
    type: trade.side,
    trader: trade.trader,
    tokenAmount: tokenText(trade.tokens),
    solAmount: solText(trade.sol),
    pricePerToken: averagePriceText(trade.sol, trade.tokens),
    createdAt: timeText(trade.at),
    protocolFee: solText(trade.protocolFee),
    creatorFee: solText(trade.creatorFee),
    currentPrice: priceText(trade.price),
    tokensSold: tokenText(tokensSold(trade)),
    totalValueLocked: solText(trade.realSol),
    marketCap: solText(marketCap(trade.price)),
  };
}

export const priceData = (price: PriceChanged): WireItemOf<'price_update'>['data'] => ({
  agentId: price.agentId,
  currentPrice: priceText(price.price),
  tokensSold: tokenText(price.tokensSold),
  totalValueLocked: solText(price.totalValueLocked),
  marketCap: solText(price.marketCap),
  progressBps: price.progressBps,
  volume: solText(price.volume),
  trades: price.trades,
  timestamp: timeText(price.at),
});

export const graduationData = (graduated: AgentGraduated): WireItemOf<'graduation'>['data'] => ({
  agentId: graduated.agentId,
  poolId: graduated.poolId,
  solAmount: solText(graduated.sol),
  tokenAmount: tokenText(graduated.tokens),
  timestamp: timeText(graduated.at),
});

export const kingData = (change: KingChanged): WireItemOf<'king_change'>['data'] => ({
  agentId: change.agentId,
  previousAgentId: change.previousAgentId,
  marketCap: solText(change.marketCap),
  timestamp: timeText(change.at),
});

/** The creation of an agent has a type of its own. */
export function activityItem(
  activity: Activity,
  positionOf: PositionOf,
): WireItemOf<'activity'> | WireItemOf<'new_agent'> {
  const timestamp = timeText(activity.at);
  const head = { id: positionOf(activity.seq), timestamp };
  if (activity.kind !== 'agent_created') {
    return { type: 'activity', ...head, data: activityData(activity, timestamp) };
  }
  const { agentId: id, name, symbol, purpose, mint: tokenMint, creator: creatorWallet } = activity.parts;
  const data = { id, name, symbol, purpose, tokenMint, creatorWallet, timestamp };
  return { type: 'new_agent', ...head, data };
}

function activityData(
  activity: Exclude<Activity, { kind: 'agent_created' }>,
  timestamp: string,
): ActivityData {
  switch (activity.kind) {
    case 'agent_graduated': {
      const { agentId, symbol, poolId } = activity.parts;
      return { kind: 'agent_graduated', parts: { agentId, symbol, poolId }, timestamp };
    }
    case 'king_changed': {
      const { agentId, symbol, previousAgentId, previousSymbol, marketCap: cap } = activity.parts;
      const parts = { agentId, symbol, previousAgentId, previousSymbol, marketCap: solText(cap) };
      return { kind: 'king_changed', parts, timestamp };
    }
    case 'whale_trade': {
      const { agentId, symbol, trader, side, tokens, sol } = activity.parts;
      const amounts = { tokenAmount: tokenText(tokens), solAmount: solText(sol) };
      return { kind: 'whale_trade', parts: { agentId, symbol, trader, type: side, ...amounts }, timestamp };
    }
    case 'staked':
    case 'unstaked': {
      const { agentId, symbol, wallet, tokens } = activity.parts;
      return {
        kind: activity.kind,
        parts: { agentId, symbol, wallet, tokenAmount: tokenText(tokens) },
        timestamp,
      };
    }
    case 'vault_created': {
      const { vaultId, name, wallet } = activity.parts;
      return { kind: 'vault_created', parts: { vaultId, name, wallet }, timestamp };
    }
    case 'vault_deposited': {
      const { vaultId, name, wallet, sol } = activity.parts;
      return {
        kind: 'vault_deposited',
        parts: { vaultId, name, wallet, solAmount: solText(sol) },
        timestamp,
      };
    }
    case 'vault_withdrawn': {
      const { vaultId, name, wallet, sol, positions } = activity.parts;
      const parts = { vaultId, name, wallet, solAmount: solText(sol), positions };
      return { kind: 'vault_withdrawn', parts, timestamp };
    }
    case 'medals': {
      const { season, medals } = activity.parts;
      const won = medals.map(({ medal, agentId, symbol, score, prize }) => ({
        medal,
        agentId,
        symbol,
        score: solText(score),
        prize: solText(prize),
      }));
      return { kind: 'medals', parts: { season, medals: won }, timestamp };
    }
    default:
      return activity satisfies never;
  }
}

type OlympicsData<K extends string> = Extract<WireItemOf<'olympics_update'>['data'], { kind: K }>;
type StakingData<K extends string> = Extract<WireItemOf<'staking_update'>['data'], { kind: K }>;
type VaultData<K extends string> = Extract<WireItemOf<'vault_update'>['data'], { kind: K }>;

export const standingsData = (season: StandingsChanged): OlympicsData<'standings'> => ({
  kind: 'standings',
  season: season.season,
  endsAt: timeText(season.endsAt),
  protocolFees: solText(season.protocolFees),
  standings: season.standings.map(({ agentId, symbol, score, traders }) => ({
    agentId,
    symbol,
    score: solText(score),
    traders,
  })),
  timestamp: timeText(season.at),
});

export const seasonData = (ended: SeasonEnded): OlympicsData<'season_ended'> => ({
  kind: 'season_ended',
  season: ended.season,
  protocolFees: solText(ended.protocolFees),
  medals: ended.medals.map(({ medal, agentId, creator, score, traders, prize }) => ({
    medal,
    agentId,
    creatorWallet: creator,
    score: solText(score),
    traders,
    prize: solText(prize),
  })),
  timestamp: timeText(ended.at),
});

export const stakePoolData = (pool: StakePoolChanged): StakingData<'pool'> => ({
  kind: 'pool',
  agentId: pool.agentId,
  totalStaked: tokenText(pool.staked),
  stakers: pool.stakers,
  rewardPerToken: perTokenText(pool.rewardPerUnit),
  rewards: solText(pool.rewards),
  claimed: solText(pool.claimed),
  timestamp: timeText(pool.at),
});

const stakeData = (moved: Staked | Unstaked): StakingData<'staked' | 'unstaked'> => ({
  kind: moved.type,
  agentId: moved.agentId,
  wallet: moved.wallet,
  tokenAmount: tokenText(moved.tokens),
  stake: tokenText(moved.stake),
  totalStaked: tokenText(moved.totalStaked),
  rewardPerToken: perTokenText(moved.rewardPerUnit),
  timestamp: timeText(moved.at),
});

const rewardsData = (claimed: RewardsClaimed): StakingData<'rewards_claimed'> => ({
  kind: 'rewards_claimed',
  agentId: claimed.agentId,
  wallet: claimed.wallet,
  solAmount: solText(claimed.sol),
  rewardPerToken: perTokenText(claimed.rewardPerUnit),
  timestamp: timeText(claimed.at),
});

const vaultsData = ({ vaults, at }: VaultsChanged): VaultData<'values'> => ({
  kind: 'values',
  vaults: vaults.map(vaultSummary),
  timestamp: timeText(at),
});

export const vaultSummary = (vault: VaultSummary): VaultData<'values'>['vaults'][number] => ({
  vaultId: vault.vaultId,
  address: vault.address,
  manager: vault.manager,
  name: vault.name,
  performanceFeeBps: vault.performanceFeeBps,
  createdAt: timeText(vault.createdAt),
  sol: solText(vault.sol),
  netAssetValue: solText(vault.netAssetValue),
  shares: vault.shares.toString(),
  holders: vault.holders,
  positions: vault.positions,
  shareValue: fineSolText(vault.shareValue),
  highWaterMark: fineSolText(vault.highWaterMark),
});

const vaultMoved = (moved: VaultDeposited | VaultWithdrawn): Omit<VaultData<'deposited'>, 'kind'> => ({
  vaultId: moved.vaultId,
  address: moved.address,
  manager: moved.manager,
  wallet: moved.wallet,
  solAmount: solText(moved.sol),
  shares: moved.shares.toString(),
  feeShares: moved.feeShares.toString(),
  totalShares: moved.totalShares.toString(),
  highWaterMark: fineSolText(moved.highWaterMark),
  netAssetValueBefore: solText(moved.netAssetValue),
  timestamp: timeText(moved.at),
});

const withdrawnData = (withdrawn: VaultWithdrawn): VaultData<'withdrawn'> => ({
  kind: 'withdrawn',
  ...vaultMoved(withdrawn),
  tokens: withdrawn.tokens.map(({ agentId, tokens, value }) => ({
    agentId,
    tokenAmount: tokenText(tokens),
    value: solText(value),
  })),
});

const creditData = (credited: WalletCredited): WireItemOf<'balance_update'>['data'] => ({
  walletAddress: credited.wallet,
  solAmount: solText(credited.sol),
  source: credited.source,
  timestamp: timeText(credited.at),
});
