import type { LogRecord } from '../../server/journal/log.ts';
import {
  type AgentCreated,
  type AgentGraduated,
  agentCreatedSchema,
  agentGraduatedSchema,
  type Entry,
  type EventType,
  type KingChanged,
  kingChangedSchema,
  type RewardsClaimed,
  rewardsClaimedSchema,
  type SeasonEnded,
  type SeasonStarted,
  type Staked,
  seasonEndedSchema,
  seasonStartedSchema,
  stakedSchema,
  type TradeExecuted,
  tradeExecutedSchema,
  type Unstaked,
  unstakedSchema,
  type VaultCreated,
  type VaultDeposited,
  type VaultWithdrawn,
  vaultCreatedSchema,
  vaultDepositedSchema,
  vaultWithdrawnSchema,
  type WalletCredited,
  walletCreditedSchema,
} from '../../shared/events.ts';
import { type ClientOrderId, clientOrderId } from '../../shared/ids.ts';

/** Valid entries and records for tests, made by parsing, with plain values wherever a test says nothing. */
export const WALLETS = [
  '7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU',
  'So11111111111111111111111111111111111111112',
  'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
] as const;
const MINT = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';
const POOL = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL';
const VAULT = 'Vote111111111111111111111111111111111111111';
const NOON = Date.UTC(2025, 0, 1, 12);

type Given<T> = Partial<Record<keyof T, unknown>>;

const recorded = (seq: number) => ({ seq, at: NOON + seq * 10 });

export const agentCreated = (seq: number, given: Given<AgentCreated> = {}): AgentCreated =>
  agentCreatedSchema.parse({
    type: 'agent_created',
    ...recorded(seq),
    agentId: '1',
    name: 'Oracle',
    symbol: 'ORCL',
    purpose: 'Reads "markets" – and tells\nwhat it sees',
    imageUrl: null,
    creator: WALLETS[0],
    mint: MINT,
    ...given,
  });

export const tradeExecuted = (seq: number, given: Given<TradeExecuted> = {}): TradeExecuted =>
  tradeExecutedSchema.parse({
    type: 'trade_executed',
    ...recorded(seq),
    agentId: '1',
    trader: WALLETS[1],
    side: 'buy',
    tokens: 34_612_903_225_807n,
    sol: 1_000_000_001n,
    protocolFee: 9_500_001n,
    creatorFee: 3_000_001n,
    virtualSol: 31_000_000_001n,
    virtualTokens: 1_038_387_096_774_193n,
    realSol: 1_000_000_001n,
    realTokens: 758_487_096_774_193n,
    price: 29_853_990n,
    ...given,
  });

export const agentGraduated = (seq: number, given: Given<AgentGraduated> = {}): AgentGraduated =>
  agentGraduatedSchema.parse({
    type: 'agent_graduated',
    ...recorded(seq),
    agentId: '1',
    poolId: POOL,
    sol: 85_005_359_057n,
    tokens: 206_900_000_000_000n,
    ...given,
  });

export const walletCredited = (seq: number, given: Given<WalletCredited> = {}): WalletCredited =>
  walletCreditedSchema.parse({
    type: 'wallet_credited',
    ...recorded(seq),
    wallet: WALLETS[2],
    sol: 5_000_000_000n,
    source: 'operator',
    ...given,
  });

export const kingChanged = (seq: number, given: Given<KingChanged> = {}): KingChanged =>
  kingChangedSchema.parse({
    type: 'king_changed',
    ...recorded(seq),
    agentId: '1',
    previousAgentId: null,
    marketCap: 29_853_990_000n,
    ...given,
  });

export const seasonStarted = (seq: number, given: Given<SeasonStarted> = {}): SeasonStarted =>
  seasonStartedSchema.parse({
    type: 'season_started',
    ...recorded(seq),
    season: 1,
    endsAt: NOON + 3_600_000,
    ...given,
  });

export const seasonEnded = (seq: number, given: Given<SeasonEnded> = {}): SeasonEnded =>
  seasonEndedSchema.parse({
    type: 'season_ended',
    ...recorded(seq),
    season: 1,
    protocolFees: 190_000_020n,
    medals: [
      { medal: 'gold', agentId: '1', creator: WALLETS[0], score: 9_000n, traders: 4, prize: 50n },
      { medal: 'silver', agentId: '3', creator: WALLETS[2], score: 8_000n, traders: 1, prize: 0n },
    ],
    ...given,
  });

const stakeMoved = {
  agentId: '1',
  wallet: WALLETS[1],
  tokens: 1_000_000n,
  stake: 5_000_000n,
  totalStaked: 70_000_000n,
  rewardPerUnit: 123_456_789_012_345_678_901_234n,
};

export const staked = (seq: number, given: Given<Staked> = {}): Staked =>
  stakedSchema.parse({ type: 'staked', ...recorded(seq), ...stakeMoved, ...given });

export const unstaked = (seq: number, given: Given<Unstaked> = {}): Unstaked =>
  unstakedSchema.parse({ type: 'unstaked', ...recorded(seq), ...stakeMoved, ...given });

export const rewardsClaimed = (seq: number, given: Given<RewardsClaimed> = {}): RewardsClaimed =>
  rewardsClaimedSchema.parse({
    type: 'rewards_claimed',
    ...recorded(seq),
    agentId: '1',
    wallet: WALLETS[1],
    sol: 617_283n,
    rewardPerUnit: 123_456_789_012_345_678_901_234n,
    ...given,
  });

export const vaultCreated = (seq: number, given: Given<VaultCreated> = {}): VaultCreated =>
  vaultCreatedSchema.parse({
    type: 'vault_created',
    ...recorded(seq),
    vaultId: '1',
    address: VAULT,
    manager: WALLETS[0],
    name: 'The "slow" vault',
    performanceFeeBps: 1_500,
    ...given,
  });

const vaultMoved = {
  vaultId: '1',
  address: VAULT,
  manager: WALLETS[0],
  wallet: WALLETS[2],
  shares: 2_000_000_000n,
  feeShares: 15_000n,
  totalShares: 7_000_000_000n,
  highWaterMark: 1_050_000_000_000_000_000n,
  netAssetValue: 7_350_000_000n,
};

export const vaultDeposited = (seq: number, given: Given<VaultDeposited> = {}): VaultDeposited =>
  vaultDepositedSchema.parse({
    type: 'vault_deposited',
    ...recorded(seq),
    ...vaultMoved,
    sol: 2_100_000_000n,
    ...given,
  });

export const vaultWithdrawn = (seq: number, given: Given<VaultWithdrawn> = {}): VaultWithdrawn =>
  vaultWithdrawnSchema.parse({
    type: 'vault_withdrawn',
    ...recorded(seq),
    ...vaultMoved,
    sol: 1_100_000_000n,
    tokens: [
      { agentId: '1', tokens: 30_000_000n, value: 900_000_000n },
      { agentId: '2', tokens: 1n, value: 0n },
    ],
    ...given,
  });

/** One valid entry of each event type. */
export const sampleEntries = {
  agent_created: agentCreated(1),
  trade_executed: tradeExecuted(2),
  agent_graduated: agentGraduated(3),
  wallet_credited: walletCredited(4),
  king_changed: kingChanged(5),
  season_started: seasonStarted(6),
  season_ended: seasonEnded(7),
  staked: staked(8),
  unstaked: unstaked(9),
  rewards_claimed: rewardsClaimed(10),
  vault_created: vaultCreated(11),
  vault_deposited: vaultDeposited(12),
  vault_withdrawn: vaultWithdrawn(13),
} satisfies { readonly [T in EventType]: Entry & { type: T } };

/** The order id `order-<n>`. */
export const orderId = (n: number): ClientOrderId => clientOrderId(`order-${n}`);

/** The records of trades `first` … `last`, each with the order it came with. */
export const trades = (first: number, last: number): LogRecord[] =>
  Array.from({ length: last - first + 1 }, (_, index) => {
    const seq = first + index;
    const entry = tradeExecuted(seq, { agentId: String(1 + (seq % 3)) });
    const order = { wallet: entry.trader, clientOrderId: orderId(seq), entries: 1 };
    return { entry, order: { ...order, request: `{"kind":"buy","tokens":"${entry.tokens}"}` } };
  });
