import type { SnapshotOf } from '../../shared/channels.ts';
import { tokensSold } from '../../shared/curve.ts';
import type { AccountView, VaultDetail } from '../../shared/platform-schemas.ts';
import type { AgentView, Holding } from '../../shared/view-schemas.ts';
import { fineSolText, gainText, perTokenText, priceText, solText, timeText, tokenText } from './amounts.ts';
import type { ServedKind, WireSnapshotOf } from './snapshot-schemas.ts';
import {
  activityItem,
  graduationData,
  kingData,
  type PositionOf,
  priceData,
  seasonData,
  stakePoolData,
  standingsData,
  tradeData,
  vaultHistoryItem,
  vaultSummary,
} from './to-wire.ts';

/** What a snapshot shows, without its head. */
export type SnapshotData = WireSnapshotOf<ServedKind>['data'];

/** A snapshot's kind is in what it holds. One of every kind that is served comes out as its schema says. */
export function snapshotData(snapshot: SnapshotOf<ServedKind>, positionOf: PositionOf): SnapshotData {
  const { reason } = snapshot;
  const trade = (each: Parameters<typeof tradeData>[0]) => tradeData(each, positionOf);
  if ('agent' in snapshot) {
    const { agent, trades } = snapshot;
    return { reason, agent: agentState(agent), trades: trades.map(trade) };
  }
  if ('trades' in snapshot) return { reason, trades: snapshot.trades.map(trade) };
  if ('prices' in snapshot) return { reason, prices: snapshot.prices.map(priceData) };
  if ('graduations' in snapshot) return { reason, graduations: snapshot.graduations.map(graduationData) };
  if ('kings' in snapshot) return { reason, kings: snapshot.kings.map(kingData) };
  if ('activities' in snapshot) {
    return { reason, activities: snapshot.activities.map((each) => activityItem(each, positionOf)) };
  }
  if ('season' in snapshot) {
    const { season, last } = snapshot;
    return {
      reason,
      season: season === null ? null : standingsData(season),
      last: last === null ? null : seasonData(last),
    };
  }
  if ('pools' in snapshot) return { reason, pools: snapshot.pools.map(stakePoolData) };
  if ('vaults' in snapshot) return { reason, vaults: snapshot.vaults.map(vaultSummary) };
  if ('vault' in snapshot) {
    const history = snapshot.history.map((each) => vaultHistoryItem(each, positionOf));
    return { reason, vault: vaultState(snapshot.vault), history };
  }
  if ('account' in snapshot) return { reason, account: accountState(snapshot.account, positionOf) };
  return snapshot satisfies never;
}

function agentState(agent: AgentView): WireSnapshotOf<'agent'>['data']['agent'] {
  const { phase } = agent;
  const graduated = phase.kind === 'graduated';
  return {
    agentId: agent.agentId,
    name: agent.name,
    symbol: agent.symbol,
    purpose: agent.purpose,
    imageUrl: agent.imageUrl,
    creatorWallet: agent.creator,
    tokenMint: agent.mint,
    createdAt: timeText(agent.createdAt),
    status: phase.kind,
    poolId: graduated ? phase.poolId : null,
    graduatedAt: graduated ? timeText(phase.at) : null,
    currentPrice: priceText(agent.price),
    marketCap: solText(agent.marketCap),
    tokensSold: tokenText(tokensSold(agent.curve)),
    totalValueLocked: solText(agent.curve.realSol),
    progressBps: agent.progressBps,
    volume: solText(agent.volume),
    trades: agent.trades,
    lastTradeAt: agent.lastTradeAt === null ? null : timeText(agent.lastTradeAt),
    totalStaked: tokenText(agent.staked),
  };
}

type HoldingState = WireSnapshotOf<'account'>['data']['account']['holdings'][number];

const holdingState = ({
  agentId,
  tokens,
  staked,
  cost,
  realised,
}: Holding & { agentId: string }): HoldingState => ({
  agentId,
  tokenAmount: tokenText(tokens),
  staked: tokenText(staked),
  cost: solText(cost),
  realised: gainText(realised),
});

const vaultState = (vault: VaultDetail): WireSnapshotOf<'vault'>['data']['vault'] => ({
  vaultId: vault.vaultId,
  address: vault.address,
  manager: vault.manager,
  name: vault.name,
  performanceFeeBps: vault.performanceFeeBps,
  createdAt: timeText(vault.createdAt),
  sol: solText(vault.sol),
  shares: vault.shares.toString(),
  highWaterMark: fineSolText(vault.highWaterMark),
  positions: vault.positions.map(holdingState),
});

const accountState = (
  account: AccountView,
  positionOf: PositionOf,
): WireSnapshotOf<'account'>['data']['account'] => ({
  walletAddress: account.wallet,
  sol: solText(account.sol),
  holdings: account.holdings.map(holdingState),
  stakes: account.stakes.map((stake) => ({
    agentId: stake.agentId,
    staked: tokenText(stake.staked),
    owed: fineSolText(stake.owed),
    rewardPerToken: perTokenText(stake.rewardPerUnit),
    claimed: solText(stake.claimed),
  })),
  shares: account.shares.map(({ vaultId, shares }) => ({ vaultId, shares: shares.toString() })),
  fills: account.fills.map((trade) => tradeData(trade, positionOf)),
});
