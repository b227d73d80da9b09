import type {
  AgentCreated,
  AgentGraduated,
  Entry,
  KingChanged,
  SeasonEnded,
  TradeExecuted,
  VaultWithdrawn,
} from '../../shared/events.ts';
import type { AgentId, VaultId, WalletAddress } from '../../shared/ids.ts';
import { CANDLE_INTERVALS, type CandleInterval } from '../../shared/inputs.ts';
import type { Activity, StakePoolChanged } from '../../shared/platform-schemas.ts';
import { LAMPORTS_PER_SOL, type Lamports, lamports, type TokenUnits } from '../../shared/units.ts';
import type { AgentView, CandleSeries, PriceChanged } from '../../shared/view-schemas.ts';
import {
  type Account,
  type AccountEntry,
  accountsOf,
  applyToAccount,
  emptyAccount,
  FILLS_LENGTH,
  isAccountEntry,
} from '../../shared/views/account.ts';
import { activityOf, type Names } from '../../shared/views/activity.ts';
import { type AgentEntry, createdAgent, reduceAgent } from '../../shared/views/agent.ts';
import { applyToCandles, emptyCandles } from '../../shared/views/candles.ts';
import { applyToHolders, changeHolder } from '../../shared/views/holders.ts';
import {
  ACTIVITIES_LENGTH,
  GRADUATIONS_LENGTH,
  KINGS_LENGTH,
  NEW_AGENTS_LENGTH,
  newestFirst,
  pushLast,
  pushNewest,
  TAPE_LENGTH,
} from '../../shared/views/newest.ts';
import { priceOf } from '../../shared/views/prices.ts';
import { type Season, scoreTrade, startSeason } from '../market/season.ts';
import { foldReward, foldStake, rewardOf, type StakePools } from '../market/staking.ts';
import { emptyVaults, foldVault, foldVaultCredit, foldVaultTrade, type Vaults } from '../market/vaults.ts';

export interface WalletView extends Account {
  /** Seqs of the newest entries that changed the account, oldest first: at least {@link RECENT_LENGTH}, if there were. */
  readonly recent: number[];
  /** Of those that are trades, the newest {@link FILLS_LENGTH} and some more. */
  readonly fills: number[];
}

/** Entries of a wallet that can be found without reading the log. */
export const RECENT_LENGTH = 32;

export type CandleSet = Readonly<Record<CandleInterval, CandleSeries>>;

/** Which entry changed something last, and when. */
export interface Change {
  readonly seq: number;
  readonly at: number;
}

/** Everything readers see, as a snapshot stores it. */
export interface ViewsState {
  seq: number;
  readonly agents: Map<AgentId, AgentView>;
  /** In order of the last change, oldest first. */
  readonly prices: Map<AgentId, PriceChanged>;
  readonly candles: Map<AgentId, CandleSet>;
  readonly holders: Map<AgentId, Map<WalletAddress, TokenUnits>>;
  readonly wallets: Map<WalletAddress, WalletView>;
  /** Oldest first, the newest {@link TAPE_LENGTH} and some more. */
  readonly trades: TradeExecuted[];
  newAgents: readonly AgentCreated[];
  graduations: readonly AgentGraduated[];
  /** Newest first: the first one tells who is king. */
  kings: readonly KingChanged[];
  season: Season | null;
  seasonChange: Change;
  lastSeason: SeasonEnded | null;
  readonly pools: StakePools;
  /** In order of the last change, oldest first. */
  readonly poolValues: Map<AgentId, StakePoolChanged>;
  readonly vaults: Vaults;
  readonly vaultChanges: Map<VaultId, Change>;
  /** Oldest first, the newest {@link ACTIVITIES_LENGTH} and some more. */
  readonly activities: Activity[];
  /** The least SOL that makes a trade an activity. */
  whaleSol: Lamports;
}

export const DEFAULT_WHALE_SOL = lamports(LAMPORTS_PER_SOL);

export const emptyViews = (): ViewsState => ({
  seq: 0,
  agents: new Map(),
  prices: new Map(),
  candles: new Map(),
  holders: new Map(),
  wallets: new Map(),
  trades: [],
  newAgents: [],
  graduations: [],
  kings: [],
  season: null,
  seasonChange: { seq: 0, at: 0 },
  lastSeason: null,
  pools: new Map(),
  poolValues: new Map(),
  vaults: emptyVaults(),
  vaultChanges: new Map(),
  activities: [],
  whaleSol: DEFAULT_WHALE_SOL,
});

/**
 * Folds a committed entry into the views, in place. The views are what queries and channel snapshots read: they hold
 * only what is durable, while the executor's own state may be a group ahead. Each part is folded by the shared reducer
 * that clients use, or by the core's own fold; only the maps around them are changed in place.
 */
export function foldViews(views: ViewsState, entry: Entry): void {
  if (entry.seq !== views.seq + 1) throw new RangeError(`entry ${entry.seq} does not follow ${views.seq}`);
  views.seq = entry.seq;
  fold(views, entry);
  if (isAccountEntry(entry)) foldAccounts(views, entry);
  const activity = activityOf(entry, namesOf(views), views.whaleSol);
  if (activity !== undefined) pushLast(views.activities, activity, ACTIVITIES_LENGTH);
}

function fold(views: ViewsState, entry: Entry): void {
  switch (entry.type) {
    case 'agent_created':
      setPriced(views, createdAgent(entry));
      views.candles.set(entry.agentId, emptyCandleSet());
      views.holders.set(entry.agentId, new Map());
      views.newAgents = pushNewest(views.newAgents, entry, NEW_AGENTS_LENGTH);
      break;
    case 'trade_executed':
      foldTrade(views, entry);
      break;
    case 'agent_graduated':
      changeAgent(views, entry);
      views.graduations = pushNewest(views.graduations, entry, GRADUATIONS_LENGTH);
      break;
    case 'wallet_credited':
      foldVaultCredit(views.vaults, entry.wallet, entry.sol);
      noteVaultChange(views, entry.wallet, entry);
      break;
    case 'king_changed':
      views.kings = pushNewest(views.kings, entry, KINGS_LENGTH);
      break;
    case 'season_started':
      views.season = startSeason(entry);
      views.seasonChange = changeBy(entry);
      break;
    case 'season_ended':
      views.season = null;
      views.lastSeason = entry;
      break;
    case 'staked':
    case 'unstaked':
    case 'rewards_claimed':
      changeAgent(views, entry);
      foldStake(views.pools, entry);
      setPoolValue(views, entry);
      break;
    case 'vault_created':
    case 'vault_deposited':
    case 'vault_withdrawn':
      foldVault(views.vaults, entry);
      views.vaultChanges.set(entry.vaultId, changeBy(entry));
      if (entry.type === 'vault_withdrawn') moveHoldings(views, entry);
      break;
    default:
      entry satisfies never;
  }
}

function foldTrade(views: ViewsState, trade: TradeExecuted): void {
  const { agentId, trader } = trade;
  setPriced(views, reduceAgent(known(views.agents, agentId), trade));
  const candles = known(views.candles, agentId);
  for (const interval of CANDLE_INTERVALS) applyToCandles(candles[interval], trade);
  applyToHolders(known(views.holders, agentId), trade);
  pushLast(views.trades, trade, TAPE_LENGTH);
  const reward = rewardOf(views.pools, trade);
  if (reward > 0n) {
    foldReward(views.pools, agentId, reward);
    setPoolValue(views, trade);
  }
  if (views.season !== null) {
    scoreTrade(views.season, trade);
    views.seasonChange = changeBy(trade);
  }
  foldVaultTrade(views.vaults, trade);
  noteVaultChange(views, trader, trade);
}

/** Remembers that an entry has changed what an address has, if it is a vault’s. */
function noteVaultChange({ vaults, vaultChanges }: ViewsState, address: WalletAddress, entry: Change): void {
  const vault = vaults.byAddress.get(address);
  if (vault !== undefined) vaultChanges.set(vault.vaultId, changeBy(entry));
}

const changeBy = ({ seq, at }: Change): Change => ({ seq, at });

/** Takes over an agent whose price an entry has set. */
function setPriced(views: ViewsState, agent: AgentView): void {
  views.agents.set(agent.agentId, agent);
  views.prices.delete(agent.agentId);
  views.prices.set(agent.agentId, priceOf(agent));
}

function changeAgent(views: ViewsState, entry: AgentEntry): void {
  views.agents.set(entry.agentId, reduceAgent(known(views.agents, entry.agentId), entry));
}

function setPoolValue(
  { pools, poolValues }: ViewsState,
  { agentId, seq, at }: Change & { agentId: AgentId },
): void {
  const { pool, stakes, rewards, claimed } = known(pools, agentId);
  const { staked, rewardPerUnit } = pool;
  poolValues.delete(agentId);
  poolValues.set(agentId, {
    type: 'stake_pool_changed',
    seq,
    at,
    agentId,
    staked,
    stakers: stakes.size,
    rewardPerUnit,
    rewards,
    claimed,
  });
}

/** What a vault has paid out in kind is held by another wallet now. */
function moveHoldings(views: ViewsState, { address, wallet, tokens }: VaultWithdrawn): void {
  for (const { agentId, tokens: moved } of tokens) {
    const holders = known(views.holders, agentId);
    changeHolder(holders, address, -moved);
    changeHolder(holders, wallet, moved);
  }
}

function foldAccounts(views: ViewsState, entry: AccountEntry): void {
  for (const address of accountsOf(entry)) {
    const wallet = walletOf(views, address);
    applyToAccount(wallet, address, entry);
    pushLast(wallet.recent, entry.seq, RECENT_LENGTH);
    if (entry.type === 'trade_executed') pushLast(wallet.fills, entry.seq, FILLS_LENGTH);
  }
}

function walletOf(views: ViewsState, address: WalletAddress): WalletView {
  const wallet = views.wallets.get(address);
  if (wallet !== undefined) return wallet;
  const created: WalletView = { ...emptyAccount(), recent: [], fills: [] };
  views.wallets.set(address, created);
  return created;
}

function known<V>(map: ReadonlyMap<AgentId, V>, agentId: AgentId): V {
  const value = map.get(agentId);
  if (value === undefined) throw new RangeError(`entry of unknown agent ${agentId}`);
  return value;
}

const emptyCandleSet = (): CandleSet => ({
  '1s': emptyCandles('1s'),
  '15s': emptyCandles('15s'),
  '1m': emptyCandles('1m'),
  '5m': emptyCandles('5m'),
  '15m': emptyCandles('15m'),
  '1h': emptyCandles('1h'),
  '4h': emptyCandles('4h'),
  '1d': emptyCandles('1d'),
});

/** The newest trades of all agents, newest first. */
export const newestTrades = (views: Readonly<ViewsState>): TradeExecuted[] =>
  newestFirst(views.trades, TAPE_LENGTH);

/** The names of what exists by now. */
export const namesOf = ({ agents, vaults }: Readonly<ViewsState>): Names => ({
  symbolOf: (agentId) => known(agents, agentId).symbol,
  vaultNameOf: (vaultId) => {
    const vault = vaults.byId.get(vaultId);
    if (vault === undefined) throw new RangeError(`entry of unknown vault ${vaultId}`);
    return vault.name;
  },
});
